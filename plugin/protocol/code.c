/* Recovery codes: made, read as people type them, and kept as hashes. */
#include "code.h"

#include <limits.h>
#include <sodium.h>
#include <stdint.h>
#include <string.h>

#include "error.h"
#include "fields.h"
#include "symbols.h"

#define DAY ((time_t)86400)

void lk_code_generate(char ret_code[LK_CODE_TEXT + 1])
{
	lk_symbols_generate(LK_CODE_SYMBOLS, ret_code);
}

int lk_code_canonical(const struct berval *typed, char ret_symbols[LK_CODE_SYMBOLS + 1])
{
	return lk_symbols_read(typed, LK_CODE_SYMBOLS, ret_symbols);
}

void lk_code_hash(const unsigned char salt[LK_SALT_BYTES], const char symbols[LK_CODE_SYMBOLS + 1],
	const struct berval *entry_uuid, unsigned char ret_hash[LK_HASH_BYTES])
{
	lk_symbols_hash(salt, symbols, LK_CODE_SYMBOLS, entry_uuid, ret_hash);
}

static void hash_start(crypto_generichash_state *state, const unsigned char salt[LK_SALT_BYTES])
{
	crypto_generichash_init(state, salt, LK_SALT_BYTES, LK_HASH_BYTES);
}

static void hash_add(crypto_generichash_state *state, const void *octets, size_t length)
{
	if (length > 0)
		crypto_generichash_update(state, octets, length);
}

static void hash_end(crypto_generichash_state *state, unsigned char ret_hash[LK_HASH_BYTES])
{
	crypto_generichash_final(state, ret_hash, LK_HASH_BYTES);
	sodium_memzero(state, sizeof(*state));
}

/* The length stands before the octets, so that no two lists of strings are hashed as the same octets. */
static void hash_add_length(crypto_generichash_state *state, size_t length)
{
	unsigned char octets[8];

	for (size_t i = 0; i < sizeof(octets); i++)
		octets[i] = (unsigned char)((uint64_t)length >> 8 * i);
	hash_add(state, octets, sizeof(octets));
}

static void hash_add_address(crypto_generichash_state *state, const struct berval *address)
{
	hash_add_length(state, address->bv_len);
	for (size_t i = 0; i < address->bv_len; i++) {
		char octet = address->bv_val[i];

		if (octet >= 'A' && octet <= 'Z')
			octet = (char)(octet - 'A' + 'a');
		hash_add(state, &octet, 1);
	}
}

static int compare(const struct berval *a, const struct berval *b)
{
	if (a->bv_len != b->bv_len)
		return a->bv_len < b->bv_len ? -1 : 1;
	return a->bv_len > 0 ? memcmp(a->bv_val, b->bv_val, a->bv_len) : 0;
}

/* The smallest of PASSWORDS that is greater than AFTER (NULL: the smallest), or NULL. */
static const struct berval *next_password(
	const struct berval *passwords, size_t passwords_count, const struct berval *after)
{
	const struct berval *next = NULL;

	for (size_t i = 0; i < passwords_count; i++) {
		if (after != NULL && compare(&passwords[i], after) <= 0)
			continue;
		if (next == NULL || compare(&passwords[i], next) < 0)
			next = &passwords[i];
	}
	return next;
}

/* What is hashed: the address in lower case, then the passwords from the smallest to the greatest, each string after
 * its length in 8 octets, the least significant first. A password attribute has few values and no value twice, so
 * they are picked in their order instead of being copied and sorted. */
void lk_code_bind(const unsigned char salt[LK_SALT_BYTES], const struct berval *passwords, size_t passwords_count,
	const struct berval *address, unsigned char ret_bind[LK_HASH_BYTES])
{
	const struct berval *password = NULL;
	crypto_generichash_state state;

	hash_start(&state, salt);
	hash_add_address(&state, address);
	while ((password = next_password(passwords, passwords_count, password)) != NULL) {
		hash_add_length(&state, password->bv_len);
		hash_add(&state, password->bv_val, password->bv_len);
	}
	hash_end(&state, ret_bind);
}

time_t lk_code_lifetime(time_t lifetime, unsigned generation)
{
	if (lifetime <= 0 || lifetime >= DAY)
		return lifetime;
	while (generation-- > 0 && lifetime < DAY)
		lifetime *= 2;
	return lifetime < DAY ? lifetime : DAY;
}

#define FIELD(name, type, bound)                                                                                       \
	{                                                                                                                  \
#name, &(type), offsetof(struct lk_stored_code, name), true, (bound)                                           \
	}
static const struct lk_field_rule rules[] = {
	FIELD(id, lk_field_id, 0),
	FIELD(salt, lk_field_hex, LK_SALT_BYTES),
	FIELD(hash, lk_field_hex, LK_HASH_BYTES),
	FIELD(bind, lk_field_hex, LK_HASH_BYTES),
	FIELD(created, lk_field_time, 0),
	FIELD(expires, lk_field_time, 0),
	FIELD(serial, lk_field_ulong, ULONG_MAX),
	FIELD(generation, lk_field_unsigned, UINT_MAX),
};
#undef FIELD

#define RULES_COUNT (sizeof(rules) / sizeof(rules[0]))

int lk_stored_code_format(const struct lk_stored_code *code, struct berval *ret_value)
{
	return lk_fields_format(code, rules, RULES_COUNT, ret_value);
}

int lk_stored_code_parse(const struct berval *value, struct lk_stored_code *ret_code)
{
	struct lk_stored_code code = {0};
	int status = lk_fields_parse(value, rules, RULES_COUNT, &code);

	if (status == LK_OK)
		*ret_code = code;
	return status;
}

bool lk_code_matches(const struct lk_stored_code *code, const unsigned char hash[LK_HASH_BYTES])
{
	return sodium_memcmp(code->hash, hash, LK_HASH_BYTES) == 0;
}
