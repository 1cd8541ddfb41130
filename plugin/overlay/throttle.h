/* How much one client may do in a while, and all together: token buckets, pure, no locks, no clock. What is counted is
 * kept in a table of fixed size, under hashes with a key of its own, so that nobody can choose who shares a place with
 * whom. */
#pragma once

#include <lber.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "origin.h"

/* COUNT at once, and as many in any SECONDS; COUNT 0: no limit. */
struct lk_rate {
	unsigned count, seconds;
};

#define LK_RATE_COUNT_MAX 1000000
#define LK_RATE_SECONDS_MAX 86400
#define LK_RATE_TEXT 15 /* "1000000/86400" and its end */

/* "60/600", or "0". False for anything else, also for numbers beyond the bounds. */
bool lk_rate_parse(const struct berval *text, struct lk_rate *ret_rate);
void lk_rate_format(const struct lk_rate *rate, char ret_text[LK_RATE_TEXT]);
/* The one that allows less in the long run, or less at once where that is equal. */
struct lk_rate lk_rate_stricter(struct lk_rate a, struct lk_rate b);

struct lk_throttle_limits {
	struct lk_rate client; /* of an IPv4 address, a /64 of IPv6, or an identity */
	struct lk_rate all; /* not for identities */
};

#define LK_THROTTLE_WIDE_FACTOR 4 /* so much more for a /48 of IPv6 */
#define LK_THROTTLE_LOCAL_FACTOR 16 /* so much more for a client on this machine */

enum lk_throttle_verdict { LK_THROTTLE_PASSES, LK_THROTTLE_CLIENT, LK_THROTTLE_ALL };

struct lk_throttle;

/* Room for BUCKETS (a multiple of 8) clients: where it is full, whoever has used least of theirs is forgotten. KEY: of
 * crypto_shorthash. NULL when memory is short. */
#define LK_THROTTLE_KEY 16
struct lk_throttle *lk_throttle_new(size_t buckets, const unsigned char key[LK_THROTTLE_KEY]);
void lk_throttle_free(struct lk_throttle *throttle); /* takes NULL */
/* Takes one of what ORIGIN may do at NOW (nanoseconds of a clock that never goes back). What does not pass takes
 * nothing.
 *
 * The last half of what all may do together is kept for clients who have used less than a quarter of their own: a few
 * who ask for all that they can get do not stop the others. */
enum lk_throttle_verdict lk_throttle_take(struct lk_throttle *throttle, const struct lk_throttle_limits *limits,
	const struct lk_origin *origin, uint64_t now);
/* Gives it back: what was done right does not count. */
void lk_throttle_return(struct lk_throttle *throttle, const struct lk_throttle_limits *limits,
	const struct lk_origin *origin, uint64_t now);
