/* The value of NotificationBounce, .3.13, as wire.h describes such values: what another host said later of a mail that a
 * mail server had taken. There is no response value.
 *
 *   NotificationBounceValue ::= SEQUENCE {
 *        entry       OCTET STRING (SIZE (16)),                    -- bounce-address.h for these three
 *        id          OCTET STRING (SIZE (8)),
 *        attempt     INTEGER (0..255),
 *        state       ENUMERATED { sent (2), failed (3) },         -- sent: it is still being tried
 *        answer      OCTET STRING (SIZE (0..LK_ANSWER_MAX)) }
 *
 * Bounds, lifetimes and errors are those of wire.h. */
#pragma once

#include "bounce-address.h"
#include "wire.h"

struct lk_bounce {
	struct lk_sending sending;
	enum lk_state state; /* LK_STATE_SENT or LK_STATE_FAILED */
	struct berval answer;
};

int lk_wire_encode_bounce(const struct lk_bounce *value, struct berval **ret_ber);
int lk_wire_decode_bounce(const struct berval *ber, struct lk_bounce *ret_value);
