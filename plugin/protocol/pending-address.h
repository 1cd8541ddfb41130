/* A recovery address that a user has named and not yet proven: a mail with a code in the form of code.h is on its way there,
 * and only with that code does the address count.
 *
 * The value of the attribute latchkeyPendingAddress (fields as in message.h):
 *
 *   1 to=<address> salt=<32 hex> hash=<64 hex> created=<GeneralizedTime> expires=<GeneralizedTime>
 *
 *   to          the address                                                at most LK_ADDRESS_MAX octets
 *   hash        as of a mailed code: lk_code_hash() */
#pragma once

#include <lber.h>
#include <time.h>

#include "code.h"
#include "message.h"

struct lk_pending_address {
	char to[LK_ADDRESS_MAX + 1];
	unsigned char salt[LK_SALT_BYTES];
	unsigned char hash[LK_HASH_BYTES];
	time_t created;
	time_t expires;
};

/* Free ret_value->bv_val with ber_memfree(). LK_ERR_MALFORMED (something is missing), LK_ERR_TOO_LONG, LK_ERR_NOT_UTF8,
 * LK_ERR_NO_MEMORY. */
int lk_pending_address_format(const struct lk_pending_address *pending, struct berval *ret_value);
/* Every field is required. LK_ERR_MALFORMED, LK_ERR_TOO_LONG, LK_ERR_NOT_UTF8, LK_ERR_VERSION. */
int lk_pending_address_parse(const struct berval *value, struct lk_pending_address *ret_pending);
