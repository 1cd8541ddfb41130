/* The mailer's private keys. */
#pragma once

#include <stddef.h>

#include "complaint.h"
#include "key.h"

/* A key file is lines of text: comments after "#", and one line that is the secret key (key.h). */

/* In locked memory that can only be read; free it with lk_keys_free(). Several, so that messages that were sealed to
 * an older key can still be opened after a change of keys. */
struct lk_keys {
	struct lk_key_pair *pairs;
	size_t count;
};

/* FILES ends with NULL and names at least one file (private-file.h says which are refused). */
int lk_keys_load(const char *const *files, struct lk_keys *ret_keys, struct lk_complaint *ret_complaint);

/* Erases them; takes a zeroed KEYS. */
void lk_keys_free(struct lk_keys *keys);

/* Makes a pair and writes its private half to PATH, which must not exist. */
int lk_keys_generate(const char *path, char ret_public[LK_KEY_TEXT + 1], struct lk_complaint *ret_complaint);

/* The same with a key for bounce addresses, which has no public half. */
int lk_keys_generate_for_bounces(const char *path, struct lk_complaint *ret_complaint);
