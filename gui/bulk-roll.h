/* The names of a list, as their users are looked for some at a time, and who of them is not to be reset. Pure. */
#pragma once

#include "session-find.h"

struct lk_bulk_roll;

/* For NAMES, ended by NULL, which are copied. OWN is the DN of who is signed in, or NULL. Free it with
 * lk_bulk_roll_free(). */
struct lk_bulk_roll *lk_bulk_roll_new(const char *const *names, const char *own);

/* Takes NULL. */
void lk_bulk_roll_free(struct lk_bulk_roll *roll);

/* The next names, at most MOST of them, ended by NULL: they are the roll's, and stay the next until they are taken.
 * Free it with g_free(). NULL where there are no more. */
const char **lk_bulk_roll_next(const struct lk_bulk_roll *roll, guint most);

/* Takes down what FOUND tells of the next name. The sentence why that user is not to be reset, to be freed with
 * g_free(); NULL where they can be. */
char *lk_bulk_roll_take(struct lk_bulk_roll *roll, const struct lk_found *found);
