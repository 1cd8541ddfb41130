/* The mailer's keys (X25519, libsodium crypto_box). A public key is written as standard base64 with padding, 44
 * characters; a secret key the same way, and nowhere but in the mailer's key file. */
#pragma once

#include <lber.h>

#define LK_KEY_BYTES 32
#define LK_KEY_TEXT 44
#define LK_KEY_ID_BYTES 8

struct lk_key_pair {
	unsigned char public_key[LK_KEY_BYTES];
	unsigned char secret_key[LK_KEY_BYTES];
};

/* The first 8 octets of BLAKE2b-256 of the public key. */
void lk_key_id(const unsigned char public_key[LK_KEY_BYTES], unsigned char ret_id[LK_KEY_ID_BYTES]);

void lk_key_format(const unsigned char key[LK_KEY_BYTES], char ret_text[LK_KEY_TEXT + 1]);

/* LK_ERR_KEY unless TEXT is exactly one key. */
int lk_key_parse(const struct berval *text, unsigned char ret_key[LK_KEY_BYTES]);
