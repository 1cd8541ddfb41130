#include "outcome.h"

#include <glib.h>
#include <string.h>

void lk_outcomes_add(struct lk_outcomes *outcomes, const struct lk_outcome *outcome)
{
	if (outcomes->count == outcomes->room) {
		outcomes->room = outcomes->room ? outcomes->room * 2 : 16;
		outcomes->items = g_renew(struct lk_outcome, outcomes->items, outcomes->room);
	}
	outcomes->items[outcomes->count++] = *outcome;
}

bool lk_outcomes_have(const struct lk_outcomes *outcomes, const char *holder, const char *id)
{
	for (size_t i = 0; i < outcomes->count; i++)
		if (strcmp(outcomes->items[i].id, id) == 0 && strcmp(outcomes->items[i].holder, holder) == 0)
			return true;
	return false;
}

void lk_outcomes_drop(struct lk_outcomes *outcomes, const bool *keep, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < outcomes->count; i++) {
		if (i < count && !keep[i])
			g_free(outcomes->items[i].holder);
		else
			outcomes->items[kept++] = outcomes->items[i];
	}
	outcomes->count = kept;
}

void lk_outcomes_clear(struct lk_outcomes *outcomes)
{
	for (size_t i = 0; i < outcomes->count; i++)
		g_free(outcomes->items[i].holder);
	g_free(outcomes->items);
	*outcomes = (struct lk_outcomes){0};
}
