/* Ways that were found closed are left alone for a while, longer each time. For several threads. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct lk_rest;

struct lk_rest *lk_rest_new(size_t ways);
void lk_rest_free(struct lk_rest *rest); /* takes NULL */

/* WAY was tried at NOW (milliseconds of a clock that never goes back), and was closed, or not. What several threads
 * find at once counts once. */
void lk_rest_note(struct lk_rest *rest, size_t way, bool is_closed, long long now);

bool lk_rest_may_try(struct lk_rest *rest, size_t way, long long now);

/* For how many milliseconds none of the ways may be tried. */
long long lk_rest_left(struct lk_rest *rest, long long now);
