/* What the directory lets one know of the rules for an account: of slapo-ppolicy's for a new password, and of Latchkey's for ways
 * of recovery. Plain values. */
#pragma once

#include <glib.h>
#include <stdbool.h>

enum lk_method_bit {
	LK_METHOD_BIT_MAIL = 1 << 0,
	LK_METHOD_BIT_TOTP = 1 << 1,
	LK_METHOD_BIT_CODES = 1 << 2,
};

#define LK_METHOD_BITS_ALL (LK_METHOD_BIT_MAIL | LK_METHOD_BIT_TOTP | LK_METHOD_BIT_CODES)

#define LK_RULES_METHODS_ADVISED 2 /* that administrators should have, since their recovery is worth two proofs */
#define LK_RULES_NAME_MAX 60 /* characters of a policy's name that are shown */

struct lk_rules {
	bool password_known; /* the next two say something */
	int shortest; /* characters; 0: any */
	int history; /* so many passwords of before are refused */
	bool recovery_known; /* a policy governs the account, and what follows says something */
	unsigned methods; /* of enum lk_method_bit: what the policy uses */
	int required; /* how many of them a recovery needs */
	bool resets; /* administrators may reset; else users recover by themselves only */
	bool observes; /* it refuses nothing, and only writes down what it would refuse */
	bool wants_reason; /* for each reset */
	char policy[4 * LK_RULES_NAME_MAX + 1]; /* its name, cleaned for display */
};

/* The bits for the values of latchkeyMethod; NULL or none is the default, mail. Pure. */
unsigned lk_rules_methods(const char *const *values);

/* Which of them somebody has who has these recovery ADDRESSES and these values of latchkeyMethodState. Pure. */
unsigned lk_rules_enrolled(const char *const *addresses, const char *const *states);

/* How many methods are in BITS. Pure. */
int lk_rules_count(unsigned bits);

/* Whether somebody who resets others' passwords is to enrol a further way back in: RULES are for their account, ENROLLED what they have.
 * A policy that cannot be read, or that uses one method alone, reminds nobody. Pure. */
bool lk_rules_remind(const struct lk_rules *rules, unsigned enrolled);

/* The rules for a new password in sentences, one a line, in the reader's language. Free it with g_free(). */
char *lk_rules_describe(const struct lk_rules *rules);

/* Which policy governs the account, what it lets administrators do, and the rules for a password, in sentences, one a line. Free it
 * with g_free(). */
char *lk_rules_govern(const struct lk_rules *rules);
