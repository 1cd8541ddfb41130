/* What lists of accounts are filtered by, as it follows from the rest of an entry: pure. It is stored beside it, since a filter
 * needs an index, and only while it is so, since each value costs every search that reads the entry. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "../protocol/message.h"

/* Until when a temporary password among the COUNT stored PASSWORDS works, the latest; of a blocked account too. 0: none of them is
 * temporary. */
time_t lk_listed_until(const struct berval *passwords, size_t count);

/* Whether DELETED, a value that a client takes from the passwords, is STORED, which is a temporary one: as it is stored, or, as
 * slapo-ppolicy also has it, in the clear; then FITS says whether DELETED is the password of a hash. */
typedef bool lk_listed_fits(const struct berval *hash, const struct berval *deleted);
bool lk_listed_is_deleted(const struct berval *stored, const struct berval *deleted, lk_listed_fits *fits);

/* A message of an entry. */
struct lk_listing {
	struct lk_message message;
	bool listed; /* whether it is one that counts as failed, so far */
};

/* Whether message WHICH of the COUNT of an entry is a failed one that somebody has to look after. What carries a password or a code
 * is while that is the one that the account waits for: UNTIL is when that stops working (0: there is none, or it does not), as the
 * message's own expiry. Where the message does not expire, only the write that stores another password can tell, and it stays what
 * it is. Any other is until a later message has reached the user. */
bool lk_listed_is_failed(const struct lk_listing *all, size_t count, size_t which, time_t until);
