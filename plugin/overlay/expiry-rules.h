/* When users hear that their password is about to expire: pure, given what is stored and a clock.
 *
 * What an entry says of the last such notice, a value of latchkeyExpiryNoted:
 *
 *   value = GeneralizedTime SP 1*3DIGIT     ; UTC, seconds: when the password expires of which it told, and for how many
 *                                           ; days before that it was
 *
 * Example: 20261205050200Z 14. Where the password expires at another time now, it says nothing: the password is another
 * one, or its rules are. */
#pragma once

#include <lber.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "../protocol/policy-entry.h"

#define LK_EXPIRY_NOTED_MAX 19

#define LK_EXPIRY_INTERVAL 21600 /* seconds between two looks */
#define LK_EXPIRY_PLACES 16

struct lk_expiry_noted {
	time_t expires;
	unsigned days;
};

/* False where VALUE is not of that form. */
bool lk_expiry_noted_parse(const struct berval *value, struct lk_expiry_noted *ret_noted);
void lk_expiry_noted_format(const struct lk_expiry_noted *noted, char ret_text[LK_EXPIRY_NOTED_MAX + 1]);

/* For which of DAYS its owner is to be told now that a password that works for MAX_AGE seconds EXPIRES; 0: for none.
 * NOTED: what the entry says, or NULL. Of several that have been missed the last one counts. Days that are no less than
 * the whole age count for nothing: they would tell of each new password at once. */
unsigned lk_expiry_due(
	const struct lk_expiry_days *days, time_t expires, time_t max_age, const struct lk_expiry_noted *noted, time_t now);

/* The number of the look that provider SERVER's is at NOW; it looks when that changes. Each of LK_EXPIRY_PLACES
 * providers has a moment of its own in each INTERVAL, so that one finds noted what another has done before it, and the
 * others do without one that is down. */
time_t lk_expiry_look(time_t now, unsigned server, time_t interval);
