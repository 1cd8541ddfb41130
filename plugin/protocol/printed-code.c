/* Printed recovery codes: made, read as people type them, and kept as hashes. */
#include "printed-code.h"

#include <sodium.h>
#include <stddef.h>

#include "error.h"
#include "fields.h"
#include "symbols.h"

void lk_printed_generate(char ret_code[LK_PRINTED_TEXT + 1])
{
	lk_symbols_generate(LK_PRINTED_SYMBOLS, ret_code);
}

int lk_printed_canonical(const struct berval *typed, char ret_symbols[LK_PRINTED_SYMBOLS + 1])
{
	return lk_symbols_read(typed, LK_PRINTED_SYMBOLS, ret_symbols);
}

void lk_printed_hash(const unsigned char salt[LK_SALT_BYTES], const char symbols[LK_PRINTED_SYMBOLS + 1],
	const struct berval *entry_uuid, unsigned char ret_hash[LK_HASH_BYTES])
{
	lk_symbols_hash(salt, symbols, LK_PRINTED_SYMBOLS, entry_uuid, ret_hash);
}

#define FIELD(name, type, bound)                                                                                       \
	{                                                                                                                  \
#name, &(type), offsetof(struct lk_stored_printed, name), true, (bound)                                        \
	}
static const struct lk_field_rule rules[] = {
	FIELD(salt, lk_field_hex, LK_SALT_BYTES),
	FIELD(hash, lk_field_hex, LK_HASH_BYTES),
	FIELD(created, lk_field_time, 0),
};
#undef FIELD

#define RULES_COUNT (sizeof(rules) / sizeof(rules[0]))

int lk_stored_printed_format(const struct lk_stored_printed *code, struct berval *ret_value)
{
	return lk_fields_format(code, rules, RULES_COUNT, ret_value);
}

int lk_stored_printed_parse(const struct berval *value, struct lk_stored_printed *ret_code)
{
	struct lk_stored_printed code = {0};
	int status = lk_fields_parse(value, rules, RULES_COUNT, &code);

	if (status == LK_OK)
		*ret_code = code;
	return status;
}

bool lk_printed_matches(const struct lk_stored_printed *code, const unsigned char hash[LK_HASH_BYTES])
{
	return sodium_memcmp(code->hash, hash, LK_HASH_BYTES) == 0;
}
