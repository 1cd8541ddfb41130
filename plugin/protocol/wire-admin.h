/* The values of the extended operations by which administrators act on an account, as wire.h describes such values.
 *
 *   NotificationResendValue ::= SEQUENCE {                        -- .3.3; there is no response value
 *        user        [0] OCTET STRING (SIZE (1..LK_USER_MAX)),
 *        id          [1] OCTET STRING (SIZE (32)),                -- of the message
 *        to          [2] OCTET STRING (SIZE (1..LK_ADDRESS_MAX)) OPTIONAL }
 *
 *   AccountValue ::= SEQUENCE {                                   -- AccountUnlock .3.6 and AccountBlock .3.7; no response value
 *        user        [0] OCTET STRING (SIZE (1..LK_USER_MAX)),
 *        reason      [1] OCTET STRING (SIZE (1..LK_REASON_MAX)) OPTIONAL,
 *        ticket      [2] OCTET STRING (SIZE (1..LK_TICKET_MAX)) OPTIONAL }
 *
 * Bounds, lifetimes and errors are those of wire.h. */
#pragma once

#include "wire.h"

/* Absent optional strings have bv_val NULL. */
struct lk_resend {
	struct berval user;
	char id[LK_ID_TEXT + 1];
	struct berval to;
};

struct lk_account_request {
	struct berval user;
	struct berval reason;
	struct berval ticket;
};

int lk_wire_encode_resend(const struct lk_resend *value, struct berval **ret_ber);
int lk_wire_decode_resend(const struct berval *ber, struct lk_resend *ret_value);

int lk_wire_encode_account(const struct lk_account_request *value, struct berval **ret_ber);
int lk_wire_decode_account(const struct berval *ber, struct lk_account_request *ret_value);
