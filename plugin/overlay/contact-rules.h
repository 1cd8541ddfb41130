/* What the contact of a policy is told of messages that could not be delivered, and when: pure. One mail tells of all that
 * have failed since the last, so that an outage does not become a mail for each of its victims. */
#pragma once

#include <lber.h>
#include <stdbool.h>
#include <time.h>

#include "../protocol/envelope.h"

#define LK_CONTACT_LINES 5
#define LK_CONTACT_LINE_MAX 190
#define LK_CONTACT_GATHER 10 /* seconds that the first failure waits for others */
#define LK_CONTACT_PAUSE 3600 /* seconds between two mails to one contact */

/* Those of one policy that have yet to be told of. */
struct lk_failures {
	unsigned count;
	time_t first;
	char lines[LK_CONTACT_LINES][LK_CONTACT_LINE_MAX + 1]; /* of the newest, the newest first; empty ones at the end */
};

/* A message to the address TO of WHO, as they are called, has failed; ANSWER: the mail server's last words, or empty. Control
 * characters and line separators become spaces, and what does not fit is cut between two characters. */
void lk_failures_add(struct lk_failures *failures, const struct berval *who, const struct berval *to,
	const struct berval *answer, time_t now);

/* Whether they are to be told of now. LAST: the newest mail that told of such, or NULL: while that one waits itself, nothing more
 * is said. */
bool lk_failures_are_due(const struct lk_failures *failures, const struct lk_message *last, time_t now);

/* The `about` of a deliveryFailed (envelope.h), the newest line first. */
struct berval lk_failures_write(const struct lk_failures *failures, char ret_text[LK_ENVELOPE_TEXT_MAX + 1]);
