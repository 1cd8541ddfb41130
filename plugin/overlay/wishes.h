/* The bounded queue of requests for recovery codes: pure, no locks, no clock. A request is a wish until the beat has
 * written it. One slot for a target: the same name asked for again, without regard to ASCII case, while it waits
 * changes nothing. How much one client may ask for is throttle.h's matter. */
#pragma once

#include <lber.h>
#include <stdbool.h>
#include <stddef.h>

struct lk_wish {
	struct berval user; /* as it was typed */
	struct berval locale; /* empty where none was given */
	struct berval client; /* the client's address without its port, for the log */
	struct berval via; /* the same of the front end in between; empty without one */
};

/* Taken; already waiting; the queue is used up. */
enum lk_wish_result { LK_WISH_TAKEN, LK_WISH_KNOWN, LK_WISH_FULL };

/* A copy of WISH, freed with lk_wish_free(); NULL when memory is short. */
struct lk_wish *lk_wish_copy(const struct lk_wish *wish);
void lk_wish_free(struct lk_wish *wish); /* takes NULL; the wish and its texts are one allocation */

struct lk_wishes;

/* KEY: of crypto_shorthash. NULL when memory is short. */
#define LK_WISHES_KEY 16
struct lk_wishes *lk_wishes_new(size_t capacity, const unsigned char key[LK_WISHES_KEY]);
void lk_wishes_free(struct lk_wishes *wishes); /* takes NULL */
/* The queue owns WISH, a copy, where it is taken, and the caller where it is not. */
enum lk_wish_result lk_wishes_put(struct lk_wishes *wishes, struct lk_wish *wish);
/* The oldest, owned by the caller who frees it with lk_wish_free(); NULL when there is none. */
struct lk_wish *lk_wishes_take(struct lk_wishes *wishes);
size_t lk_wishes_count(const struct lk_wishes *wishes);
