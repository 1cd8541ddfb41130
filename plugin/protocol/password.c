/* Temporary passwords. */
#include "password.h"

#include <sodium.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "error.h"
#include "text.h"

#define GROUP 4
#define SCHEME_LENGTH (sizeof(LK_TEMPORARY_SCHEME) - 1)

#define SMALL "abcdefghjkmnpqrstuvwxyz"
#define CAPITAL "ABCDEFGHJKMNPQRSTUVWXYZ"
#define DIGIT "23456789"

static void draw(size_t length, char *ret_password)
{
	static const char alphabet[] = SMALL CAPITAL DIGIT;
	char *at = ret_password;

	for (size_t i = 0; i < length; i++) {
		if (i > 0 && i % GROUP == 0)
			*at++ = '-';
		*at++ = alphabet[randombytes_uniform(sizeof(alphabet) - 1)];
	}
	*at = '\0';
}

static bool has_every_class(const char *password)
{
	return strpbrk(password, SMALL) != NULL && strpbrk(password, CAPITAL) != NULL && strpbrk(password, DIGIT) != NULL;
}

void lk_password_generate(size_t length, char ret_password[LK_PASSWORD_TEXT(LK_PASSWORD_LENGTH_MAX) + 1])
{
	if (length < LK_PASSWORD_LENGTH_MIN)
		length = LK_PASSWORD_LENGTH_MIN;
	if (length > LK_PASSWORD_LENGTH_MAX)
		length = LK_PASSWORD_LENGTH_MAX;
	/* Drawn anew as a whole: putting the missing class somewhere would make some passwords likelier than others. */
	do
		draw(length, ret_password);
	while (!has_every_class(ret_password));
}

static bool has_temporary_scheme(const struct berval *value)
{
	return value->bv_len >= SCHEME_LENGTH && strncasecmp(value->bv_val, LK_TEMPORARY_SCHEME, SCHEME_LENGTH) == 0;
}

/* A hash without a scheme would be a password in the clear, and a temporary one inside another never ends. */
static bool is_hash(const struct berval *hash)
{
	return hash->bv_len > 1 && hash->bv_val[0] == '{' && !has_temporary_scheme(hash);
}

int lk_temporary_format(const struct berval *hash, time_t expires, struct berval *ret_value)
{
	size_t length = SCHEME_LENGTH + LK_TIME_TEXT + hash->bv_len;
	char *value;

	if (!is_hash(hash))
		return LK_ERR_MALFORMED;
	value = ber_memalloc(length + 1);
	if (value == NULL)
		return LK_ERR_NO_MEMORY;
	memcpy(value, LK_TEMPORARY_SCHEME, SCHEME_LENGTH);
	lk_time_format(expires, value + SCHEME_LENGTH);
	memcpy(value + SCHEME_LENGTH + LK_TIME_TEXT, hash->bv_val, hash->bv_len);
	value[length] = '\0';
	ret_value->bv_val = value;
	ret_value->bv_len = length;
	return LK_OK;
}

int lk_temporary_parse(const struct berval *value, time_t *ret_expires, struct berval *ret_hash)
{
	struct berval when = {LK_TIME_TEXT, value->bv_val}, hash;
	size_t rest = value->bv_len;
	time_t expires;

	if (has_temporary_scheme(value)) {
		when.bv_val += SCHEME_LENGTH;
		rest -= SCHEME_LENGTH;
	}
	if (rest < LK_TIME_TEXT || lk_time_parse(&when, &expires) != LK_OK)
		return LK_ERR_MALFORMED;
	hash.bv_val = when.bv_val + LK_TIME_TEXT;
	hash.bv_len = rest - LK_TIME_TEXT;
	if (!is_hash(&hash))
		return LK_ERR_MALFORMED;
	*ret_expires = expires;
	*ret_hash = hash;
	return LK_OK;
}
