/* The values of the extended operations by which signed-in users look after their own ways back in (BER; tags, strings,
 * bounds and errors as in wire.h).
 *
 *   AddressAddValue ::= SEQUENCE {                                -- a mail with a code goes to the address
 *        address     [0] OCTET STRING (SIZE (1..LK_ADDRESS_MAX)),
 *        locale      [1] OCTET STRING (SIZE (1..LK_LOCALE_MAX)) OPTIONAL }
 *   There is no response value.
 *
 *   AddressProveValue ::= SEQUENCE {
 *        code        [0] OCTET STRING (SIZE (1..LK_PROOF_MAX)) }
 *   There is no response value.
 *
 *   TotpEnrolValue ::= SEQUENCE {
 *        value       [0] OCTET STRING (SIZE (1..LK_PROOF_MAX)) OPTIONAL }
 *                                     -- absent: begin. What the app shows for the new secret: finish
 *   TotpEnrolResponse ::= SEQUENCE {                              -- to begin; to finish there is no response value
 *        secret      [0] OCTET STRING (SIZE (LK_TOTP_SECRET_BYTES)),              -- any octets
 *        issuer      [1] OCTET STRING (SIZE (0..LK_ISSUER_MAX)),  -- the organization's name, for the app to show
 *        account     [2] OCTET STRING (SIZE (0..LK_ISSUER_MAX)),  -- what the user signs in with, the same
 *        digits      [3] INTEGER (6..8),
 *        period      [4] INTEGER (1..300) }                       -- seconds; the hash is SHA-1
 *
 *   RecoveryCodesNew and ReportMisuse have no request value, ReportMisuse no response value either.
 *   RecoveryCodesNewResponse ::= SEQUENCE (SIZE (1..LK_PRINTED_CODES)) OF
 *        OCTET STRING (SIZE (LK_PRINTED_TEXT))                    -- as they are to be printed (printed-code.h) */
#pragma once

#include <lber.h>
#include <stddef.h>

#include "printed-code.h"
#include "totp.h"
#include "wire.h"

#define LK_ISSUER_MAX 1024

/* Absent optional strings have bv_val NULL. */
struct lk_address_add {
	struct berval address;
	struct berval locale;
};

struct lk_totp_enrolment {
	struct berval secret; /* LK_TOTP_SECRET_BYTES octets */
	struct berval issuer;
	struct berval account;
	int digits;
	int period; /* seconds */
};

int lk_wire_encode_address_add(const struct lk_address_add *value, struct berval **ret_ber);
int lk_wire_decode_address_add(const struct berval *ber, struct lk_address_add *ret_value);

int lk_wire_encode_address_prove(const struct berval *code, struct berval **ret_ber);
int lk_wire_decode_address_prove(const struct berval *ber, struct berval *ret_code);

int lk_wire_encode_totp_enrol(const struct berval *value, struct berval **ret_ber);
int lk_wire_decode_totp_enrol(const struct berval *ber, struct berval *ret_value);

int lk_wire_encode_totp_enrolment(const struct lk_totp_enrolment *value, struct berval **ret_ber);
int lk_wire_decode_totp_enrolment(const struct berval *ber, struct lk_totp_enrolment *ret_value);

/* CODES are LK_PRINTED_TEXT octets each. */
int lk_wire_encode_printed_codes(const struct berval *codes, size_t count, struct berval **ret_ber);
int lk_wire_decode_printed_codes(
	const struct berval *ber, struct berval ret_codes[LK_PRINTED_CODES], size_t *ret_count);
