/* A secret that lives for longer than a call: in locked pages that can be read only while it is used. */
#pragma once

#include <stddef.h>

struct lk_secret;

/* A copy of TEXT in Unicode's normalization form C, as liblatchkey sends passwords; NULL where it is NULL, empty, not UTF-8, or
 * memory cannot be had. */
struct lk_secret *lk_secret_new(const char *text);

/* The text, which can be read until lk_secret_close(). One thread at a time. */
const char *lk_secret_open(struct lk_secret *secret, size_t *ret_length);
void lk_secret_close(struct lk_secret *secret);

/* Erases and frees; takes NULL. */
void lk_secret_free(struct lk_secret *secret);

/* Erases and frees a copy that a toolkit or library has made; takes NULL. */
void lk_secret_wipe(char *text);
