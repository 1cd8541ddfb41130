/* Tokens of bounce addresses. */
#include "bounce-address.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

#include "error.h"

#define PLAIN_BYTES sizeof(struct lk_sending)
#define TOKEN_BYTES (LK_BOUNCE_TAG_BYTES + PLAIN_BYTES)
#define HASH_BYTES 32
#define SYMBOL_BITS 5

static_assert(PLAIN_BYTES == LK_UUID_BYTES + LK_SENDING_ID_BYTES + 1, "a sending is what its members are");
static_assert(TOKEN_BYTES * 8 == LK_BOUNCE_TEXT * SYMBOL_BITS, "a token has no padding");

static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";

enum use { USE_TAG = 1, USE_MASK = 2 };

static void hash(const unsigned char *key, enum use use, const unsigned char *bytes, size_t length,
	unsigned char ret_hash[HASH_BYTES])
{
	unsigned char first = (unsigned char)use;
	crypto_generichash_state state;

	crypto_generichash_init(&state, key, LK_KEY_BYTES, HASH_BYTES);
	crypto_generichash_update(&state, &first, 1);
	crypto_generichash_update(&state, bytes, length);
	crypto_generichash_final(&state, ret_hash, HASH_BYTES);
	sodium_memzero(&state, sizeof(state));
}

/* Its own inverse. */
static void mask(const unsigned char *key, const unsigned char *tag, unsigned char *bytes)
{
	unsigned char stream[HASH_BYTES];

	hash(key, USE_MASK, tag, LK_BOUNCE_TAG_BYTES, stream);
	for (size_t i = 0; i < PLAIN_BYTES; i++)
		bytes[i] ^= stream[i];
}

static void write_symbols(const unsigned char *bytes, char *ret_text)
{
	for (size_t i = 0; i < LK_BOUNCE_TEXT; i++) {
		unsigned value = 0;

		for (size_t bit = i * SYMBOL_BITS; bit < (i + 1) * SYMBOL_BITS; bit++)
			value = value << 1 | (bytes[bit / 8] >> (7 - bit % 8) & 1u);
		ret_text[i] = alphabet[value];
	}
	ret_text[LK_BOUNCE_TEXT] = '\0';
}

/* What SYMBOL stands for, or -1. */
static int value_of(char symbol)
{
	char lower = symbol >= 'A' && symbol <= 'Z' ? (char)(symbol - 'A' + 'a') : symbol;
	const char *found = lower ? strchr(alphabet, lower) : NULL;

	return found ? (int)(found - alphabet) : -1;
}

static int read_symbols(const struct berval *text, unsigned char *ret_bytes)
{
	if (text->bv_len != LK_BOUNCE_TEXT)
		return LK_ERR_MALFORMED;
	memset(ret_bytes, 0, TOKEN_BYTES);
	for (size_t i = 0; i < LK_BOUNCE_TEXT; i++) {
		int value = value_of(text->bv_val[i]);

		if (value < 0)
			return LK_ERR_MALFORMED;
		for (size_t bit = 0; bit < SYMBOL_BITS; bit++) {
			size_t at = i * SYMBOL_BITS + bit;

			ret_bytes[at / 8] |= (unsigned char)(((unsigned)value >> (SYMBOL_BITS - 1 - bit) & 1u) << (7 - at % 8));
		}
	}
	return LK_OK;
}

void lk_bounce_address_format(
	const struct lk_sending *sending, const unsigned char key[LK_KEY_BYTES], char ret_token[LK_BOUNCE_TEXT + 1])
{
	unsigned char bytes[TOKEN_BYTES], tag[HASH_BYTES];

	hash(key, USE_TAG, (const unsigned char *)sending, PLAIN_BYTES, tag);
	memcpy(bytes, tag, LK_BOUNCE_TAG_BYTES);
	memcpy(bytes + LK_BOUNCE_TAG_BYTES, sending, PLAIN_BYTES);
	mask(key, bytes, bytes + LK_BOUNCE_TAG_BYTES);
	write_symbols(bytes, ret_token);
}

int lk_bounce_address_parse(
	const struct berval *token, const unsigned char key[LK_KEY_BYTES], struct lk_sending *ret_sending)
{
	unsigned char bytes[TOKEN_BYTES], tag[HASH_BYTES];
	int status = read_symbols(token, bytes);

	if (status != LK_OK)
		return status;
	mask(key, bytes, bytes + LK_BOUNCE_TAG_BYTES);
	hash(key, USE_TAG, bytes + LK_BOUNCE_TAG_BYTES, PLAIN_BYTES, tag);
	if (sodium_memcmp(tag, bytes, LK_BOUNCE_TAG_BYTES) != 0)
		return LK_ERR_KEY;
	memcpy(ret_sending, bytes + LK_BOUNCE_TAG_BYTES, PLAIN_BYTES);
	return LK_OK;
}
