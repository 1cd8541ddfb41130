/* Writing files so that they are on disk, or not there at all. Functions return 0, or -1 with errno. */
#pragma once

#include <stddef.h>

/* Creates PATH with mode 0600, never over something that exists, with LENGTH octets, and waits until they are on disk;
 * what fails half-way is removed. The name itself is durable after lk_durable_sync_directory(). */
int lk_durable_create(const char *path, const char *bytes, size_t length);

/* Waits until the names in the directory PATH are on disk. */
int lk_durable_sync_directory(const char *path);

/* The same for the directory that PATH stands in. */
int lk_durable_sync_parent(const char *path);
