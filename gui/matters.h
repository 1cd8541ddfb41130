/* What of an account is to be followed up. Pure. */
#pragma once

#include "person.h"

/* In the order in which they want attention. */
enum lk_matter_kind {
	LK_MATTER_FAILED, /* the mail could not be delivered */
	LK_MATTER_LAPSED, /* the temporary password or the code stopped working before it was used */
	LK_MATTER_LAPSING, /* it is about to */
	LK_MATTER_DEFERRED, /* the mail is to be tried again */
	LK_MATTER_WAITING, /* the mail waits for the mailer */
	LK_MATTER_UNCHANGED, /* sent, and the user has not chosen a password yet */
	LK_MATTER_KINDS,
};

/* "About to" is within this time. */
#define LK_MATTER_LAPSING_SECONDS (4 * 3600)

struct lk_matter {
	enum lk_matter_kind kind;
	const struct lk_account_message *message; /* of the person; NULL where none is kept any more */
};

/* What is to be followed up of PERSON at NOW, at most LIMIT into MATTERS; the number of them. */
size_t lk_matters_of(const struct lk_person *person, time_t now, struct lk_matter *matters, size_t limit);

/* Whether MESSAGE may be sent to another address than its own: it holds what a user signs in with. */
bool lk_matter_may_go_elsewhere(const struct lk_account_message *message);
