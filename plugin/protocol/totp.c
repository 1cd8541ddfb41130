/* One-time passwords by time: computed, compared, and kept sealed. */
#include "totp.h"

#include <limits.h>
#include <nettle/hmac.h>
#include <sodium.h>
#include <string.h>

#include "error.h"
#include "fields.h"

#define MODULUS 1000000 /* six digits */

static const char purpose[] = "latchkey-totp";

void lk_totp_generate(unsigned char ret_secret[LK_TOTP_SECRET_BYTES])
{
	randombytes_buf(ret_secret, LK_TOTP_SECRET_BYTES);
}

uint32_t lk_hotp(const unsigned char secret[LK_TOTP_SECRET_BYTES], uint64_t counter)
{
	uint8_t message[8], digest[SHA1_DIGEST_SIZE];
	struct hmac_sha1_ctx context;
	const uint8_t *at;
	uint32_t number;

	for (size_t i = 0; i < sizeof(message); i++)
		message[i] = (uint8_t)(counter >> 8 * (sizeof(message) - 1 - i));
	hmac_sha1_set_key(&context, LK_TOTP_SECRET_BYTES, secret);
	hmac_sha1_update(&context, sizeof(message), message);
	hmac_sha1_digest(&context, sizeof(digest), digest);
	at = &digest[digest[sizeof(digest) - 1] & 0xf];
	number = ((uint32_t)at[0] & 0x7f) << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
	sodium_memzero(&context, sizeof(context));
	sodium_memzero(digest, sizeof(digest));
	return number % MODULUS;
}

/* The number that was typed; false where it is none of six digits. */
static bool read_value(const struct berval *typed, uint32_t *ret_value)
{
	uint32_t value = 0;
	size_t digits = 0;

	for (size_t i = 0; i < typed->bv_len; i++) {
		char octet = typed->bv_val[i];

		if (octet == ' ')
			continue;
		if (octet < '0' || octet > '9' || digits == LK_TOTP_DIGITS)
			return false;
		value = value * 10 + (uint32_t)(octet - '0');
		digits++;
	}
	if (digits != LK_TOTP_DIGITS)
		return false;
	*ret_value = value;
	return true;
}

bool lk_totp_is_value(const struct berval *typed)
{
	uint32_t value;

	return read_value(typed, &value);
}

bool lk_totp_accepts(const unsigned char secret[LK_TOTP_SECRET_BYTES], const struct berval *typed, time_t now,
	unsigned long last_step, unsigned long *ret_step)
{
	unsigned long present = now > 0 ? (unsigned long)now / LK_TOTP_PERIOD : 0, found = 0;
	unsigned long first = present < LK_TOTP_WINDOW ? 0 : present - LK_TOTP_WINDOW;
	uint32_t value = MODULUS; /* no step has this one */

	read_value(typed, &value);
	for (unsigned long step = first; step <= first + 2 * LK_TOTP_WINDOW; step++) {
		bool same = lk_hotp(secret, step) == value;

		if (same && step > last_step && found == 0)
			found = step;
	}
	if (found == 0)
		return false;
	*ret_step = found;
	return true;
}

static void derive_key(const unsigned char key[LK_KEY_BYTES], const struct berval *entry_uuid,
	unsigned char ret_key[crypto_secretbox_KEYBYTES])
{
	crypto_generichash_state state;

	crypto_generichash_init(&state, key, LK_KEY_BYTES, crypto_secretbox_KEYBYTES);
	crypto_generichash_update(&state, (const unsigned char *)purpose, sizeof(purpose) - 1);
	if (entry_uuid->bv_len > 0)
		crypto_generichash_update(&state, (const unsigned char *)entry_uuid->bv_val, entry_uuid->bv_len);
	crypto_generichash_final(&state, ret_key, crypto_secretbox_KEYBYTES);
	sodium_memzero(&state, sizeof(state));
}

void lk_totp_seal(const unsigned char secret[LK_TOTP_SECRET_BYTES], const unsigned char key[LK_KEY_BYTES],
	const struct berval *entry_uuid, struct lk_stored_totp *ret_totp)
{
	unsigned char own_key[crypto_secretbox_KEYBYTES];

	derive_key(key, entry_uuid, own_key);
	randombytes_buf(ret_totp->nonce, sizeof(ret_totp->nonce));
	crypto_secretbox_easy(ret_totp->sealed, secret, LK_TOTP_SECRET_BYTES, ret_totp->nonce, own_key);
	sodium_memzero(own_key, sizeof(own_key));
}

int lk_totp_open(const struct lk_stored_totp *totp, const unsigned char key[LK_KEY_BYTES],
	const struct berval *entry_uuid, unsigned char ret_secret[LK_TOTP_SECRET_BYTES])
{
	unsigned char own_key[crypto_secretbox_KEYBYTES], secret[LK_TOTP_SECRET_BYTES];
	int failed;

	derive_key(key, entry_uuid, own_key);
	failed = crypto_secretbox_open_easy(secret, totp->sealed, sizeof(totp->sealed), totp->nonce, own_key);
	sodium_memzero(own_key, sizeof(own_key));
	if (failed)
		return LK_ERR_SEALED;
	memcpy(ret_secret, secret, sizeof(secret));
	sodium_memzero(secret, sizeof(secret));
	return LK_OK;
}

#define FIELD(name, type, bound)                                                                                       \
	{                                                                                                                  \
#name, &(type), offsetof(struct lk_stored_totp, name), true, (bound)                                           \
	}
static const struct lk_field_rule rules[] = {
	FIELD(nonce, lk_field_hex, LK_TOTP_NONCE_BYTES),
	FIELD(sealed, lk_field_hex, LK_TOTP_SEALED_BYTES),
	FIELD(step, lk_field_ulong, ULONG_MAX),
	FIELD(created, lk_field_time, 0),
};
#undef FIELD

#define RULES_COUNT (sizeof(rules) / sizeof(rules[0]))

int lk_stored_totp_format(const struct lk_stored_totp *totp, struct berval *ret_value)
{
	return lk_fields_format(totp, rules, RULES_COUNT, ret_value);
}

int lk_stored_totp_parse(const struct berval *value, struct lk_stored_totp *ret_totp)
{
	struct lk_stored_totp totp = {0};
	int status = lk_fields_parse(value, rules, RULES_COUNT, &totp);

	if (status == LK_OK)
		*ret_totp = totp;
	return status;
}
