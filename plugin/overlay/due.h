/* What this provider's memory knows of messages that wait for a mailer: which entry holds them, when they are due, and
 * who has them on lease. Pure: no locks, no clock, no directory. It is a hint, rebuilt at start; the entry decides. */
#pragma once

#include <lber.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "message.h"

struct lk_due_item {
	struct berval holder; /* normalized DN of the entry */
	char id[LK_ID_TEXT + 1];
	time_t due;
	time_t leased_until; /* 0: free */
};

struct lk_due;

/* Of what is free at most MOST items are kept, those that are due first (0: any number), so that memory does not grow with what
 * waits. Of the others it is known when the first is due, and about how many they are: who takes looks for them then. */
struct lk_due *lk_due_new(size_t most);
void lk_due_free(struct lk_due *due); /* takes NULL */
/* Adds or moves: one item for a holder and id; a new due time clears the lease, the same one changes nothing. Copies
 * HOLDER and ID. False when memory is short, or ID is longer than LK_ID_TEXT. */
bool lk_due_put(struct lk_due *due, const struct berval *holder, const char *id, time_t when);
void lk_due_remove(struct lk_due *due, const struct berval *holder, const char *id);
/* Leases up to MOST items that are due at NOW and not leased beyond it, the longest due first (of those due at one time
 * the one that came first), until NOW + LEASE.
 * Writes copies to ret_items (MOST of them); their holders are malloc'd and the caller's. Returns how many.
 * Costs nothing where nothing is due: the earliest time at which anything can be taken is kept. */
size_t lk_due_take(struct lk_due *due, time_t now, time_t lease, size_t most, struct lk_due_item *ret_items);
/* Whether this message of HOLDER is known. */
bool lk_due_has(const struct lk_due *due, const struct berval *holder, const char *id);
/* Whether an entry at or below NDN holds one. It looks through all. */
bool lk_due_has_within(const struct lk_due *due, const struct berval *ndn);
/* How many wait, with those that there was no room for. */
size_t lk_due_count(const struct lk_due *due);

/* Whether nothing that is known can be taken at NOW, but something that there was no room for may be due. Then the directory is
 * looked through: lk_due_begin(), lk_due_put() for what waits there and is not known, lk_due_end(). */
bool lk_due_is_wanting(const struct lk_due *due, time_t now);
void lk_due_begin(struct lk_due *due);
bool lk_due_is_looked_for(const struct lk_due *due); /* whether that goes on */
/* Whether there is room for nothing else that is due at NOW. */
bool lk_due_is_full(const struct lk_due *due, time_t now);
void lk_due_end(struct lk_due *due, bool all); /* ALL: the directory was looked through to its end */
