/* What every request meets: whose it is, what is limited, how it is answered and logged. */
#pragma once

#include "instance.h"

/* scratch.c: between these two "op's memory" is there for the taking also where OP is part of a transaction, and ends
 * with the second. A hook on a write, or on its answer, that takes any has both around it, and what it leaves behind is
 * on the heap. */
struct lk_scratch {
	void *memory, *mark;
};
struct lk_scratch lk_scratch_begin(Operation *op);
void lk_scratch_end(Operation *op, const struct lk_scratch *scratch);
/* Calls HOOK between the two, and returns what it does. */
int lk_scratch_within(Operation *op, SlapReply *rs, BI_op_func *hook);
/* For one operation that does the same for many: what was taken from op's memory since the mark is given back, since
 * what no longer fits into it is taken from the heap and left there. */
void *lk_scratch_mark(const Operation *op);
void lk_scratch_release(const Operation *op, void *mark);

/* client.c: on whose behalf a request comes. */
struct lk_client {
	struct lk_origin origin;
	struct berval name; /* "IP=192.0.2.7", "PATH=/run/slapd/ldapi"; in the connection, or in op's memory */
	struct berval via; /* the same of the front end that speaks for it; empty without one */
};
struct lk_client lk_client_see(const Operation *op);
struct berval lk_client_of(const Operation *op); /* its name */
/* Whether one of olcLatchkeyPortalDN has sent OP. */
bool lk_client_is_portal(const Operation *op);

/* limits.c: what is limited by client and in all. */
int lk_limits_setup(void);
void lk_limits_teardown(void);
extern const char *const lk_limits_defaults[LK_LIMITED_KINDS][2]; /* as in the configuration: of a client, in all */
/* Takes one of what ORIGIN may do of the kind WHAT, if it passes. */
enum lk_throttle_verdict lk_limits_take(enum lk_limited what, const struct lk_origin *origin);
/* Gives it back, where it was no guess. */
void lk_limits_return(enum lk_limited what, const struct lk_origin *origin);

/* pace.c: failed recoveries are answered at a fixed time after lk_pace_begin(). */
int lk_pace_setup(void);
void lk_pace_teardown(void);
struct timespec lk_pace_begin(void);
void lk_pace_wait(const struct timespec *began);
/* Whether there is a place for one of ORIGIN's, which is then to be given back. */
bool lk_pace_enter(const struct lk_origin *origin);
void lk_pace_leave(const struct lk_origin *origin);

/* answer.c */
extern const char lk_race_text[]; /* with LDAP_BUSY: nothing was done, and the same operation may be tried again */
extern const char lk_unread_text[]; /* with LDAP_BUSY: there is no snapshot of the policies */
/* How often it is tried: of each round of simultaneous writes one succeeds, and the mailer settles forty messages in a
 * row. */
#define LK_RACE_TRIES 64
/* Fills RS in, and returns RESULT; for an extended operation's handler. TEXT is static, or in op's memory. */
int lk_fail(SlapReply *rs, int result, const char *text);
/* Answers OP, and returns RESULT; for a hook. */
int lk_refuse(Operation *op, SlapReply *rs, int result, const char *text);

/* check.c: the checks that every extended operation passes before anything is looked up. LDAP_SUCCESS, or RS is
 * filled. */
bool lk_check_ssf(const Operation *op, SlapReply *rs);
int lk_check_request(Operation *op, SlapReply *rs, const struct lk_instance *instance, bool anonymous_may);

/* log.c: one line an event, in the form of log-line.h, never a secret. FORMAT gives the fields after event=, verdict=
 * first; client= is added where OP has one. Values that come from outside go through lk_log_value (quoted; in op's
 * memory). */
void lk_log_event(const Operation *op, const char *event, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* "allowed", "observed" or "refused". */
const char *lk_verdict_name(const struct lk_verdict *verdict, bool observe);
const char *lk_log_value(const Operation *op, const struct berval *value);
/* " client=… via=…", for lines that an operation of the client's does not write itself: those have it by themselves. */
const char *lk_log_client(const Operation *op, const struct berval *client, const struct berval *via);
void lk_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

#define LK_TAKEOVER_SECONDS 180 /* after which a mailer takes another provider's message */
