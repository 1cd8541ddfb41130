/* Text that must not outlive its use: in locked pages, out of core dumps, erased when it is freed or has to grow. */
#pragma once

#include <stddef.h>

/* Start from a zeroed one. `text` is NUL-terminated once anything was appended, and may hold NULs of its own. */
struct lk_secret {
	char *text;
	size_t length;
	size_t room;
};

/* When memory is short the process ends, as GLib's functions do: what it was working on is still in the directory. */
/* libsodium must have been started. */
void lk_secret_append(struct lk_secret *secret, const char *bytes, size_t length);
void lk_secret_append_text(struct lk_secret *secret, const char *text);

/* Makes room for LENGTH more octets, and returns where they are to be written; the length is not changed. */
char *lk_secret_reserve(struct lk_secret *secret, size_t length);

/* Never NULL. */
const char *lk_secret_text(const struct lk_secret *secret);

/* Erases and frees the text; SECRET can be used again. */
void lk_secret_wipe(struct lk_secret *secret);
