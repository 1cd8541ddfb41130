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

#define FIELD(structure, name, type, bound)                                                                            \
	{                                                                                                                  \
#name, &(type), offsetof(struct structure, name), true, (bound)                                                \
	}
static const struct lk_field_rule set_rules[] = {
	FIELD(lk_printed_set, salt, lk_field_hex, LK_SALT_BYTES),
	FIELD(lk_printed_set, hashes, lk_field_hex, LK_PRINTED_CODES *LK_HASH_BYTES),
	FIELD(lk_printed_set, created, lk_field_time, 0),
};
static const struct lk_field_rule use_rules[] = {
	FIELD(lk_printed_use, salt, lk_field_hex, LK_SALT_BYTES),
	FIELD(lk_printed_use, code, lk_field_unsigned, LK_PRINTED_CODES - 1),
	FIELD(lk_printed_use, server, lk_field_unsigned, LK_SERVER_MAX),
};
#undef FIELD

#define COUNT(rules) (sizeof(rules) / sizeof((rules)[0]))

int lk_printed_set_format(const struct lk_printed_set *set, struct berval *ret_value)
{
	return lk_fields_format(set, set_rules, COUNT(set_rules), ret_value);
}

int lk_printed_set_parse(const struct berval *value, struct lk_printed_set *ret_set)
{
	struct lk_printed_set set = {.created = 0};
	int status = lk_fields_parse(value, set_rules, COUNT(set_rules), &set);

	if (status == LK_OK)
		*ret_set = set;
	return status;
}

int lk_printed_use_format(const struct lk_printed_use *use, struct berval *ret_value)
{
	return lk_fields_format(use, use_rules, COUNT(use_rules), ret_value);
}

int lk_printed_use_parse(const struct berval *value, struct lk_printed_use *ret_use)
{
	struct lk_printed_use use = {.code = 0};
	int status = lk_fields_parse(value, use_rules, COUNT(use_rules), &use);

	if (status == LK_OK)
		*ret_use = use;
	return status;
}

size_t lk_printed_find(const struct lk_printed_set *set, const unsigned char hash[LK_HASH_BYTES])
{
	size_t found = LK_PRINTED_CODES;

	for (size_t i = 0; i < LK_PRINTED_CODES; i++) {
		if (sodium_memcmp(set->hashes[i], hash, LK_HASH_BYTES) == 0)
			found = i;
	}
	return found;
}
