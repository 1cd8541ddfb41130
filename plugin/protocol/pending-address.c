/* The stored form of an address that is not yet proven. */
#include "pending-address.h"

#include <stddef.h>

#include "error.h"
#include "fields.h"

#define FIELD(name, type, bound)                                                                                       \
	{                                                                                                                  \
#name, &(type), offsetof(struct lk_pending_address, name), true, (bound)                                       \
	}
static const struct lk_field_rule rules[] = {
	FIELD(to, lk_field_text, LK_ADDRESS_MAX),
	FIELD(salt, lk_field_hex, LK_SALT_BYTES),
	FIELD(hash, lk_field_hex, LK_HASH_BYTES),
	FIELD(created, lk_field_time, 0),
	FIELD(expires, lk_field_time, 0),
};
#undef FIELD

#define RULES_COUNT (sizeof(rules) / sizeof(rules[0]))

int lk_pending_address_format(const struct lk_pending_address *pending, struct berval *ret_value)
{
	return lk_fields_format(pending, rules, RULES_COUNT, ret_value);
}

int lk_pending_address_parse(const struct berval *value, struct lk_pending_address *ret_pending)
{
	struct lk_pending_address pending = {0};
	int status = lk_fields_parse(value, rules, RULES_COUNT, &pending);

	if (status == LK_OK)
		*ret_pending = pending;
	return status;
}
