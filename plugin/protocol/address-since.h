/* A mail address that somebody else gave a user, and since when: it counts for recovery after the cool-down of the policy.
 *
 * A value of the attribute latchkeyAddressSince (fields as in message.h):
 *
 *   1 since=<GeneralizedTime> to=<address>
 *
 *   to          the address, at most LK_ADDRESS_MAX octets
 *
 * Of several values with one address the latest counts. An address without a value counts at once. */
#pragma once

#include <lber.h>
#include <time.h>

#include "message.h"

struct lk_address_since {
	time_t since;
	char to[LK_ADDRESS_MAX + 1];
};

/* Free ret_value->bv_val with ber_memfree(). LK_ERR_MALFORMED (something is missing), LK_ERR_TOO_LONG, LK_ERR_NOT_UTF8,
 * LK_ERR_NO_MEMORY. */
int lk_address_since_format(const struct lk_address_since *since, struct berval *ret_value);
/* Every field is required. LK_ERR_MALFORMED, LK_ERR_TOO_LONG, LK_ERR_NOT_UTF8, LK_ERR_VERSION. */
int lk_address_since_parse(const struct berval *value, struct lk_address_since *ret_since);
