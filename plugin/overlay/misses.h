/* How many one-time passwords were tried with each code, as far as this server's memory knows: pure, no locks, no
 * clock. Only somebody who holds a right code adds to it, so a stranger fills nothing; where it is full the oldest
 * makes room. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define LK_MISSES_KEY 32 /* octets: the stored hash of the code */
#define LK_MISSES_MOST 5 /* wrong values that spend a code */

struct lk_misses;

/* NULL when memory is short. */
struct lk_misses *lk_misses_new(size_t capacity);
void lk_misses_free(struct lk_misses *misses); /* takes NULL */
/* Takes one of the code's tries before its value is looked at, so that many at once have no more than one after the
 * other. False where none is left. */
bool lk_misses_take(struct lk_misses *misses, const unsigned char key[LK_MISSES_KEY]);
/* Whether all tries are gone. */
bool lk_misses_are_spent(const struct lk_misses *misses, const unsigned char key[LK_MISSES_KEY]);
/* After a right value: what was tried before is forgiven. */
void lk_misses_forgive(struct lk_misses *misses, const unsigned char key[LK_MISSES_KEY]);
