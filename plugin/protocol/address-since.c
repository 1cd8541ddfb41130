/* The stored form of an address that has yet to count. */
#include "address-since.h"

#include <stddef.h>

#include "error.h"
#include "fields.h"

static const struct lk_field_rule rules[] = {
	{"since", &lk_field_time, offsetof(struct lk_address_since, since), true, 0},
	{"to", &lk_field_text, offsetof(struct lk_address_since, to), true, LK_ADDRESS_MAX},
};

#define RULES_COUNT (sizeof(rules) / sizeof(rules[0]))

int lk_address_since_format(const struct lk_address_since *since, struct berval *ret_value)
{
	return lk_fields_format(since, rules, RULES_COUNT, ret_value);
}

int lk_address_since_parse(const struct berval *value, struct lk_address_since *ret_since)
{
	struct lk_address_since since = {0};
	int status = lk_fields_parse(value, rules, RULES_COUNT, &since);

	if (status == LK_OK)
		*ret_since = since;
	return status;
}
