/* The mailer's keys as text, and their names. */
#include "key.h"

#include <sodium.h>
#include <string.h>

#include "error.h"

#define BASE64 sodium_base64_VARIANT_ORIGINAL

void lk_key_id(const unsigned char public_key[LK_KEY_BYTES], unsigned char ret_id[LK_KEY_ID_BYTES])
{
	unsigned char hash[crypto_generichash_BYTES];

	crypto_generichash(hash, sizeof(hash), public_key, LK_KEY_BYTES, NULL, 0);
	memcpy(ret_id, hash, LK_KEY_ID_BYTES);
}

void lk_key_format(const unsigned char key[LK_KEY_BYTES], char ret_text[LK_KEY_TEXT + 1])
{
	sodium_bin2base64(ret_text, LK_KEY_TEXT + 1, key, LK_KEY_BYTES, BASE64);
}

int lk_key_parse(const struct berval *text, unsigned char ret_key[LK_KEY_BYTES])
{
	unsigned char key[LK_KEY_BYTES];
	char again[LK_KEY_TEXT + 1];
	size_t length = 0;
	int status = LK_ERR_KEY;

	if (text->bv_len != LK_KEY_TEXT)
		return LK_ERR_KEY;
	if (sodium_base642bin(key, sizeof(key), text->bv_val, text->bv_len, NULL, &length, NULL, BASE64) == 0 &&
		length == LK_KEY_BYTES)
		status = LK_OK;
	/* libsodium takes some octets beyond ASCII for digits of base64: written again they differ. */
	if (status == LK_OK) {
		lk_key_format(key, again);
		status = sodium_memcmp(again, text->bv_val, LK_KEY_TEXT) == 0 ? LK_OK : LK_ERR_KEY;
	}
	if (status == LK_OK)
		memcpy(ret_key, key, sizeof(key));
	sodium_memzero(again, sizeof(again));
	sodium_memzero(key, sizeof(key));
	return status;
}
