/* The answer to NotificationOverview, .3.14, as wire.h describes such values: how the messages of the mailer's directory stand.
 * There is no request value.
 *
 *   NotificationOverviewResponse ::= SEQUENCE {
 *        failed      INTEGER (0..LK_OVERVIEW_MOST),   -- listed in latchkeyFailedMessage
 *        open        INTEGER (0..LK_OVERVIEW_MOST),   -- queued or deferred, as far as this server knows
 *        durable     BOOLEAN }                        -- whether each database waits for the disk with a commit
 *
 * Lifetimes and errors are those of wire.h. */
#pragma once

#include "wire.h"

#define LK_OVERVIEW_MOST 1000000000 /* stands for more, too */

struct lk_wire_overview {
	int failed;
	int open;
	bool durable;
};

int lk_wire_encode_overview(const struct lk_wire_overview *value, struct berval **ret_ber);
int lk_wire_decode_overview(const struct berval *ber, struct lk_wire_overview *ret_value);
