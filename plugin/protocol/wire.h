/* The values of Latchkey's extended operations and of its control, as they travel (BER, RFC 4511 section 5.1).
 *
 * All types are IMPLICIT TAGS. Strings are UTF-8 without control characters unless it is said otherwise.
 *
 *   RecoveryRequestValue ::= SEQUENCE {
 *        user      [0] OCTET STRING (SIZE (1..LK_USER_MAX)),
 *        locale    [1] OCTET STRING (SIZE (1..LK_LOCALE_MAX)) OPTIONAL }
 *   There is no response value.
 *
 *   RecoveryCompleteValue ::= SEQUENCE {
 *        user        [0] OCTET STRING (SIZE (1..LK_USER_MAX)),
 *        proofs      [1] SEQUENCE (SIZE (1..LK_PROOFS_MAX)) OF SEQUENCE {
 *             method      ENUMERATED { mail (0), totp (1), recoveryCode (2) },
 *             proof       OCTET STRING (SIZE (1..LK_PROOF_MAX)) },
 *        newPassword [2] OCTET STRING (SIZE (1..LK_PASSWORD_MAX)) OPTIONAL }      -- any octets
 *   There is no response value.
 *
 *   NotifyRequest ::= SEQUENCE {                                  -- the control's value in a request
 *        to          [0] OCTET STRING (SIZE (1..LK_ADDRESS_MAX)) OPTIONAL,
 *        locale      [1] OCTET STRING (SIZE (1..LK_LOCALE_MAX)) OPTIONAL,
 *        mustChange  [2] BOOLEAN DEFAULT TRUE,
 *        conceal     [3] BOOLEAN DEFAULT FALSE,
 *        reason      [4] OCTET STRING (SIZE (1..LK_REASON_MAX)) OPTIONAL,
 *        ticket      [5] OCTET STRING (SIZE (1..LK_TICKET_MAX)) OPTIONAL,
 *        noMessage   [6] BOOLEAN DEFAULT FALSE }                  -- nobody is sent anything: without to, locale and conceal
 *
 *   NotifyResponse ::= SEQUENCE {                                 -- the control's value in the response
 *        id          [0] OCTET STRING (SIZE (32)) OPTIONAL,       -- the message's id, lower-case hex; absent where there is none
 *        expires     [1] OCTET STRING OPTIONAL,                   -- GeneralizedTime: the password works until then
 *        mustChange  [2] BOOLEAN,                                 -- whether slapd will ask for a change
 *        code        [3] BOOLEAN DEFAULT FALSE }                  -- a code was sent, and no password works until it is used
 *
 *   NotificationTakeValue ::= SEQUENCE {
 *        most        INTEGER (1..LK_TAKE_MAX),
 *        lease       INTEGER (1..LK_LEASE_MAX) }                  -- seconds
 *   NotificationTakeResponse ::= SEQUENCE (SIZE (0..LK_TAKE_MAX)) OF SEQUENCE {
 *        holder      LDAPDN (SIZE (1..LK_HOLDER_MAX)),            -- the entry that holds the message
 *        message     OCTET STRING,                                -- message.h
 *        sealed      OCTET STRING,                                -- envelope.h; both as stored, unchecked: one
 *                                                                 -- damaged value must not hold up the others
 *        entryUUID   [0] OCTET STRING (SIZE (16)) OPTIONAL }      -- the holder's
 *
 *   NotificationSettleValue ::= SEQUENCE (SIZE (1..LK_TAKE_MAX)) OF SEQUENCE {
 *        holder      LDAPDN (SIZE (1..LK_HOLDER_MAX)),
 *        id          OCTET STRING (SIZE (32)),
 *        state       ENUMERATED { queued (0), deferred (1), sent (2), failed (3) },   -- never queued
 *        answer      OCTET STRING (SIZE (0..LK_ANSWER_MAX)),
 *        retryAt     [0] OCTET STRING OPTIONAL }                  -- GeneralizedTime, never the epoch; with deferred, always
 *   NotificationSettleResponse ::= SEQUENCE (SIZE (1..LK_TAKE_MAX)) OF
 *        ENUMERATED (0..MAX)                                      -- an LDAP result code for each, in order
 *
 * A DN is UTF-8 as the directory has it, with whatever control characters it has.
 *
 * A decoder checks every bound above and refuses octets after the end. What it returns points into the input, which
 * must outlive it; strings are not NUL-terminated. An encoder refuses what a decoder would refuse, with the same error;
 * its result is freed with lk_wire_free(), or by slapd as any berval where it holds no secret. All functions return
 * LK_OK or a negative enum lk_error and leave ret_… untouched on failure. */
#pragma once

#include <lber.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "message.h"

#define LK_USER_MAX 1024
#define LK_HOLDER_MAX 8192 /* slapd has no longer DNs */
#define LK_LOCALE_MAX 35
#define LK_PROOFS_MAX 4
#define LK_PROOF_MAX 128
#define LK_PASSWORD_MAX 1024
#define LK_REASON_MAX 512
#define LK_TICKET_MAX 64
#define LK_TAKE_MAX 1000
#define LK_LEASE_MAX 3600

enum lk_method { LK_METHOD_MAIL = 0, LK_METHOD_TOTP = 1, LK_METHOD_RECOVERY_CODE = 2 };

/* Absent optional strings have bv_val NULL. */
struct lk_recovery_request {
	struct berval user;
	struct berval locale;
};

struct lk_proof {
	enum lk_method method;
	struct berval proof;
};

struct lk_recovery_complete {
	struct berval user;
	struct lk_proof proofs[LK_PROOFS_MAX];
	size_t proofs_count;
	struct berval new_password;
};

struct lk_notify {
	struct berval to;
	struct berval locale;
	bool must_change;
	bool conceal;
	struct berval reason;
	struct berval ticket;
	bool no_message;
};

struct lk_notify_response {
	char id[LK_ID_TEXT + 1]; /* "": no message */
	time_t expires; /* of the password, 0: it does not by itself; or of the code */
	bool must_change;
	bool code;
};

struct lk_take {
	int most;
	int lease; /* seconds */
};

struct lk_taken {
	struct berval holder;
	struct berval message;
	struct berval sealed;
	struct berval entry_uuid; /* LK_UUID_BYTES octets, or absent */
};

struct lk_settlement {
	struct berval holder;
	char id[LK_ID_TEXT + 1];
	enum lk_state state;
	struct berval answer;
	time_t retry_at; /* 0 where the state is not LK_STATE_DEFERRED */
};

int lk_wire_encode_recovery_request(const struct lk_recovery_request *value, struct berval **ret_ber);
int lk_wire_decode_recovery_request(const struct berval *ber, struct lk_recovery_request *ret_value);

int lk_wire_encode_recovery_complete(const struct lk_recovery_complete *value, struct berval **ret_ber);
int lk_wire_decode_recovery_complete(const struct berval *ber, struct lk_recovery_complete *ret_value);

int lk_wire_encode_notify(const struct lk_notify *value, struct berval **ret_ber);
int lk_wire_decode_notify(const struct berval *ber, struct lk_notify *ret_value);

int lk_wire_encode_notify_response(const struct lk_notify_response *value, struct berval **ret_ber);
int lk_wire_decode_notify_response(const struct berval *ber, struct lk_notify_response *ret_value);

int lk_wire_encode_take(const struct lk_take *value, struct berval **ret_ber);
int lk_wire_decode_take(const struct berval *ber, struct lk_take *ret_value);

/* *ret_taken is an array of *ret_count (NULL for none), freed with free(); its strings point into BER. */
int lk_wire_encode_taken(const struct lk_taken *taken, size_t count, struct berval **ret_ber);
int lk_wire_decode_taken(const struct berval *ber, struct lk_taken **ret_taken, size_t *ret_count);

int lk_wire_encode_settle(const struct lk_settlement *items, size_t count, struct berval **ret_ber);
int lk_wire_decode_settle(const struct berval *ber, struct lk_settlement **ret_items, size_t *ret_count);

int lk_wire_encode_settled(const int *results, size_t count, struct berval **ret_ber);
int lk_wire_decode_settled(const struct berval *ber, int **ret_results, size_t *ret_count);

/* Erases and frees an encoded value (they hold passwords and codes); takes NULL. */
void lk_wire_free(struct berval *ber);
