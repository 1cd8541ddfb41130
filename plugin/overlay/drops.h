/* What was dropped since the last beat, summed up by client: pure. A line of the log for each request that is too many
 * would itself be too much, and would take the time that tells. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "wishes.h"

enum lk_drop_rule { LK_DROP_CLIENT, LK_DROP_ALL, LK_DROP_QUEUE, LK_DROP_RULES };

#define LK_DROPS_ROWS 32

struct lk_drop {
	struct lk_wish *wish; /* the first of them, for the client's address; the drops own it */
	enum lk_drop_rule rule;
	unsigned long count;
};

struct lk_drops {
	struct lk_drop rows[LK_DROPS_ROWS]; /* the first free row ends them */
	unsigned long more; /* of clients that found no row */
};

/* Counts WISH, which the drops own or free now. */
void lk_drops_add(struct lk_drops *drops, struct lk_wish *wish, enum lk_drop_rule rule);
/* Frees the wishes and begins anew. */
void lk_drops_clear(struct lk_drops *drops);
/* For the log; static. */
const char *lk_drop_rule_name(enum lk_drop_rule rule);
