/* Requests that were dropped, by client. */
#include "drops.h"

#include <string.h>

static bool is_same(const struct lk_drop *row, const struct lk_wish *wish, enum lk_drop_rule rule)
{
	return row->rule == rule && row->wish->client.bv_len == wish->client.bv_len &&
		   memcmp(row->wish->client.bv_val, wish->client.bv_val, wish->client.bv_len) == 0;
}

void lk_drops_add(struct lk_drops *drops, struct lk_wish *wish, enum lk_drop_rule rule)
{
	struct lk_drop *row = drops->rows, *end = drops->rows + LK_DROPS_ROWS;

	while (row < end && row->wish != NULL && !is_same(row, wish, rule))
		row++;
	if (row == end) {
		drops->more++;
		lk_wish_free(wish);
	} else if (row->wish == NULL) {
		*row = (struct lk_drop){wish, rule, 1};
	} else {
		row->count++;
		lk_wish_free(wish);
	}
}

void lk_drops_clear(struct lk_drops *drops)
{
	for (size_t i = 0; i < LK_DROPS_ROWS; i++)
		lk_wish_free(drops->rows[i].wish);
	memset(drops, 0, sizeof *drops);
}

const char *lk_drop_rule_name(enum lk_drop_rule rule)
{
	static const char *const names[LK_DROP_RULES] = {"client-limit", "limit-in-all", "queue-full"};

	return names[rule];
}
