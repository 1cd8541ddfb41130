/* Files that hold a key or a password: read only if nobody else could have read or written them. */
#pragma once

#include "complaint.h"
#include "secret.h"

/* Reads the whole of PATH, less line ends at its end. A PATH without a slash names a file in the directory that systemd
 * gives a service for its credentials (LoadCredential=, systemd.exec(5)). Refuses what is not a regular file, belongs
 * to somebody other than the running user or root, has any permission for group or others, or is larger than 16 KiB.
 * Erase *ret_text with lk_secret_wipe(). */
int lk_private_file_read(const char *path, struct lk_secret *ret_text, struct lk_complaint *ret_complaint);
