#include "token.h"

#include <sodium.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define VERSION 1
#define HEAD 11
#define NONCE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG crypto_aead_xchacha20poly1305_ietf_ABYTES
#define VARIANT sodium_base64_VARIANT_URLSAFE_NO_PADDING
#define BOX_MAX (NONCE + HEAD + LK_WEB_USER_MAX + TAG)

_Static_assert(sodium_base64_ENCODED_LEN(BOX_MAX, VARIANT) <= LK_WEB_TOKEN_TEXT_MAX + 1, "every token fits");
_Static_assert(crypto_aead_xchacha20poly1305_ietf_KEYBYTES == LK_WEB_KEY_BYTES, "the key fits");

static size_t put_plain(const struct lk_web_token *token, unsigned char *ret_plain)
{
	size_t length = strlen(token->user);

	ret_plain[0] = VERSION;
	ret_plain[1] = (unsigned char)token->page;
	ret_plain[2] = (unsigned char)token->outcome;
	for (int i = 0; i < 8; i++)
		ret_plain[3 + i] = (unsigned char)((uint64_t)token->expires >> (56 - 8 * i));
	memcpy(ret_plain + HEAD, token->user, length);
	return HEAD + length;
}

void lk_web_token_seal(const unsigned char key[LK_WEB_KEY_BYTES], const unsigned char visitor[LK_WEB_VISITOR_BYTES],
	const struct lk_web_token *token, char ret_text[LK_WEB_TOKEN_TEXT_MAX + 1])
{
	unsigned char plain[HEAD + LK_WEB_USER_MAX], box[BOX_MAX];
	unsigned long long sealed;
	size_t length = put_plain(token, plain);

	randombytes_buf(box, NONCE);
	crypto_aead_xchacha20poly1305_ietf_encrypt(
		box + NONCE, &sealed, plain, length, visitor, LK_WEB_VISITOR_BYTES, NULL, box, key);
	sodium_bin2base64(ret_text, LK_WEB_TOKEN_TEXT_MAX + 1, box, NONCE + sealed, VARIANT);
	sodium_memzero(plain, sizeof plain);
}

static bool take_plain(const unsigned char *plain, size_t length, struct lk_web_token *token)
{
	uint64_t expires = 0;

	if (length < HEAD || length - HEAD > LK_WEB_USER_MAX || plain[0] != VERSION)
		return false;
	for (int i = 0; i < 8; i++)
		expires = expires << 8 | plain[3 + i];
	token->page = plain[1];
	token->outcome = plain[2];
	token->expires = (time_t)expires;
	memcpy(token->user, plain + HEAD, length - HEAD);
	token->user[length - HEAD] = '\0';
	return true;
}

/* libsodium reads some octets beyond ASCII as if they were letters. */
static bool is_plain(const char *text)
{
	return text[strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")] == '\0';
}

static bool open_box(
	const unsigned char *key, const unsigned char *visitor, const char *text, struct lk_web_token *token)
{
	unsigned char plain[HEAD + LK_WEB_USER_MAX], box[BOX_MAX];
	unsigned long long length = 0;
	size_t got = 0;

	if (!is_plain(text) || sodium_base642bin(box, sizeof box, text, strlen(text), NULL, &got, NULL, VARIANT) != 0 ||
		got < NONCE + HEAD + TAG)
		return false;
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(
			plain, &length, NULL, box + NONCE, got - NONCE, visitor, LK_WEB_VISITOR_BYTES, box, key) != 0)
		return false;
	bool is_sound = take_plain(plain, (size_t)length, token);
	sodium_memzero(plain, sizeof plain);
	return is_sound;
}

enum lk_web_token_state lk_web_token_open(const unsigned char key[LK_WEB_KEY_BYTES],
	const unsigned char visitor[LK_WEB_VISITOR_BYTES], enum lk_web_page_name page, time_t now, const char *text,
	struct lk_web_token *ret_token)
{
	struct lk_web_token token;

	if (text == NULL || !open_box(key, visitor, text, &token) || token.page != page)
		return LK_WEB_TOKEN_FOREIGN;
	if (token.expires <= now)
		return LK_WEB_TOKEN_OLD;
	*ret_token = token;
	return LK_WEB_TOKEN_GOOD;
}
