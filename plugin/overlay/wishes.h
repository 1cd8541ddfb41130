/* The bounded queue of requests for recovery codes: pure, no locks, no clock. A request is a wish until the beat has
 * written it. One slot for a target (the same name asked for again, without regard to ASCII case, while it waits changes
 * nothing), and at most SHARE slots for a client address, so that nobody crowds the others out. */
#pragma once

#include <lber.h>
#include <stdbool.h>
#include <stddef.h>

struct lk_wish {
	struct berval user; /* as it was typed */
	struct berval locale; /* empty where none was given */
	struct berval client; /* the client's address without its port; empty: one share for all that have none */
};

/* Taken; already waiting; the client's share, or the whole queue, is used up. */
enum lk_wish_result { LK_WISH_TAKEN, LK_WISH_KNOWN, LK_WISH_SHARE, LK_WISH_FULL, LK_WISH_NO_MEMORY };

struct lk_wishes; /* holds copies */

/* NULL when memory is short. */
struct lk_wishes *lk_wishes_new(size_t capacity, size_t share);
void lk_wishes_free(struct lk_wishes *wishes); /* takes NULL */
enum lk_wish_result lk_wishes_add(struct lk_wishes *wishes, const struct lk_wish *wish);
/* The oldest, owned by the caller who frees it with lk_wish_free(); NULL when there is none. */
struct lk_wish *lk_wishes_take(struct lk_wishes *wishes);
size_t lk_wishes_count(const struct lk_wishes *wishes);
void lk_wish_free(struct lk_wish *wish); /* takes NULL; the wish and its texts are one allocation */
