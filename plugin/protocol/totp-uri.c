/* A one-time password's secret on its way into an app. */
#include "totp.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "error.h"

#define PARAMETERS "&algorithm=SHA1&digits=6&period=30"

/* Five octets are eight symbols, and the secret is four times five. */
void lk_totp_secret_text(const unsigned char secret[LK_TOTP_SECRET_BYTES], char ret_text[LK_TOTP_SECRET_TEXT + 1])
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

	for (size_t i = 0; i < LK_TOTP_SECRET_TEXT; i++) {
		size_t bit = 5 * i, at = bit / 8;
		unsigned pair = (unsigned)secret[at] << 8 | (at + 1 < LK_TOTP_SECRET_BYTES ? secret[at + 1] : 0);

		ret_text[i] = alphabet[pair >> (11 - bit % 8) & 0x1f];
	}
	ret_text[LK_TOTP_SECRET_TEXT] = '\0';
}

static bool is_unreserved(char octet)
{
	return (octet >= '0' && octet <= '9') || (octet >= 'A' && octet <= 'Z') || (octet >= 'a' && octet <= 'z') ||
		   (octet != '\0' && strchr("-._~", octet) != NULL);
}

static char *append(char *at, const char *text)
{
	return stpcpy(at, text);
}

static char *append_encoded(char *at, const struct berval *text)
{
	for (size_t i = 0; i < text->bv_len; i++) {
		if (is_unreserved(text->bv_val[i]))
			*at++ = text->bv_val[i];
		else
			at += sprintf(at, "%%%02X", (unsigned char)text->bv_val[i]);
	}
	*at = '\0';
	return at;
}

int lk_totp_uri(const unsigned char secret[LK_TOTP_SECRET_BYTES], const struct berval *issuer,
	const struct berval *account, struct berval *ret_uri)
{
	static const char start[] = "otpauth://totp/", separator[] = "%3A",
					  secret_is[] = "?secret=", issuer_is[] = "&issuer=";
	size_t fixed = sizeof start + sizeof separator + sizeof secret_is + sizeof issuer_is + sizeof PARAMETERS;
	char *uri = ber_memalloc(fixed + LK_TOTP_SECRET_TEXT + 3 * (2 * issuer->bv_len + account->bv_len)), *at = uri;

	if (uri == NULL)
		return LK_ERR_NO_MEMORY;
	at = append(at, start);
	if (issuer->bv_len > 0)
		at = append(append_encoded(at, issuer), separator);
	at = append(append_encoded(at, account), secret_is);
	lk_totp_secret_text(secret, at);
	at += LK_TOTP_SECRET_TEXT;
	if (issuer->bv_len > 0)
		at = append_encoded(append(at, issuer_is), issuer);
	at = append(at, PARAMETERS);
	*ret_uri = (struct berval){(ber_len_t)(at - uri), uri};
	return LK_OK;
}
