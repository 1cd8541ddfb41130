/* One event of an account's trail, as a value of the attribute latchkeyEvent: what an administrator or the user did, or
 * tried. The newest LK_EVENTS_KEPT of at most LK_EVENTS_DAYS are kept; the full record is slapd's log. Fields as in
 * message.h:
 *
 *   key     meaning                                                          bound
 *   time    GeneralizedTime                                                  required
 *   what    a name of enum lk_event_kind                                     required
 *   rule    the rule that decided, as in the log                             LK_EVENT_RULE_MAX
 *   changed the attributes that were written, separated by commas            LK_EVENT_CHANGED_MAX
 *   actor   DN of who did it; absent for the user who recovered              LK_DN_MAX
 *   client  the client's address without its port                            LK_EVENT_CLIENT_MAX
 *   reason  as the administrator gave it                                     LK_REASON_MAX
 *   ticket  the same                                                         LK_TICKET_MAX
 *
 * Example:  1 time=20261121050200Z what=reset rule=password-administrator actor=uid=padmin,ou=managed,dc=example,dc=org
 *           client=IP=192.0.2.7 reason=called%20the%20helpdesk ticket=4711     (one line) */
#pragma once

#include <lber.h>
#include <time.h>

#include "wire.h"

#define LK_EVENTS_KEPT 8
#define LK_EVENTS_DAYS 90
#define LK_EVENT_RULE_MAX 48
#define LK_EVENT_CLIENT_MAX 128
#define LK_EVENT_CHANGED_MAX 192

enum lk_event_kind {
	LK_EVENT_RESET, /* reset */
	LK_EVENT_RECOVERY, /* recovery: the user came back with a new password */
	LK_EVENT_RECOVERY_KEPT, /* recoveryKept: the user came back with the one they had */
	LK_EVENT_RESEND, /* resend */
	LK_EVENT_UNLOCK, /* unlock */
	LK_EVENT_BLOCK, /* block */
	LK_EVENT_REFUSED, /* refused: somebody who was signed in tried what a rule forbids */
	LK_EVENT_ENROLMENT, /* enrolment: the user has a new way back in; rule names it as the log does */
	LK_EVENT_WELCOME, /* welcome: an administrator created the account and had its user told */
	LK_EVENT_MISUSE, /* misuse: the user reports what was not them */
	LK_EVENT_CREDENTIAL, /* credential: somebody wrote another credential of the user's */
	LK_EVENT_POLICY, /* policy: this policy, or what holds policies, was changed */
	LK_EVENT_GROUP, /* group: this role group, or a group in one, was changed, or the entry took a member's name */
	LK_EVENT_MOVE, /* move: the entry was moved to where another policy governs */
	LK_EVENT_COUNT
};

/* No pointer inside: copy it freely. Strings are NUL-terminated; "" where absent. */
struct lk_event {
	time_t time;
	enum lk_event_kind what;
	char rule[LK_EVENT_RULE_MAX + 1];
	char changed[LK_EVENT_CHANGED_MAX + 1];
	char actor[LK_DN_MAX + 1];
	char client[LK_EVENT_CLIENT_MAX + 1];
	char reason[LK_REASON_MAX + 1];
	char ticket[LK_TICKET_MAX + 1];
};

/* NULL for a value outside the enumeration. */
const char *lk_event_name(enum lk_event_kind what);

/* Free ret_value->bv_val with ber_memfree(). LK_ERR_NO_MEMORY, LK_ERR_NOT_UTF8, LK_ERR_TOO_LONG. */
int lk_event_format(const struct lk_event *event, struct berval *ret_value);

/* LK_ERR_MALFORMED, LK_ERR_TOO_LONG, LK_ERR_NOT_UTF8, LK_ERR_VERSION. */
int lk_event_parse(const struct berval *value, struct lk_event *ret_event);
