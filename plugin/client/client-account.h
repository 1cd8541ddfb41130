/* What the values of an entry say about an account. Pure: no directory, no clock. */
#pragma once

#include <lber.h>
#include <stdbool.h>
#include <time.h>

#include "latchkey.h"

/* The Account Usability control's answer (1.3.6.1.4.1.42.2.27.9.5.8), as slapo-ppolicy fills it. */
struct lk_usability {
	bool known; /* whether there was an answer at all */
	bool usable;
	int expires_in; /* usable: seconds; -1: never */
	bool inactive; /* locked for UNLOCKS_IN seconds */
	int unlocks_in;
	int grace; /* sign-ins left; -1: none of these are counted */
};

/* Values of ppolicy's operational attributes; bv_val NULL where absent or not readable. */
struct lk_account_facts {
	struct berval locked; /* pwdAccountLockedTime */
	struct berval starts; /* pwdStartTime */
	struct berval ends; /* pwdEndTime */
	struct berval changed; /* pwdChangedTime */
	struct berval reset; /* pwdReset */
	struct berval blocked; /* latchkeyBlocked */
	struct berval temporary; /* latchkeyTemporaryUntil */
	struct lk_usability usability;
};

/* Sets lock, locked, unlocks, blocked, blocked_since, must_change, temporary_until, changed, expiry_known, expired,
 * expires and grace. */
void lk_account_judge(const struct lk_account_facts *facts, time_t now, struct lk_account *account);

/* Reads VALUES (COUNT of latchkeyMessage) into messages, oldest first; what cannot be read counts as damaged. */
void lk_account_read_messages(const struct berval *const *values, size_t count, struct lk_account *account);

/* Reads VALUES (COUNT of latchkeyEvent) into events, newest first; what cannot be read counts as damaged. */
void lk_account_read_events(const struct berval *const *values, size_t count, struct lk_account *account);

/* Frees what lk_account_read_events() made. */
void lk_account_free_events(struct lk_account *account);

/* Whether two DNs are spelled alike, but for case and spaces. The directory alone knows more. */
bool lk_account_is_named(const char *dn, const char *other);
