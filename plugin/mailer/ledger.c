#include "ledger.h"

#include "pace.h"

#define SETTLE_MILLISECONDS 20
#define SETTLE_COUNT 40

static gint64 milliseconds(void)
{
	return g_get_monotonic_time() / 1000;
}

void lk_ledger_add(struct lk_ledger *ledger, const struct lk_outcome *outcome)
{
	if (!ledger->fresh.count)
		ledger->fresh_since = milliseconds();
	lk_outcomes_add(&ledger->fresh, outcome);
}

bool lk_ledger_has(const struct lk_ledger *ledger, const char *holder, const char *id)
{
	return lk_outcomes_have(&ledger->fresh, holder, id) || lk_outcomes_have(&ledger->stuck, holder, id);
}

static gint64 next_try(const struct lk_ledger *ledger)
{
	return milliseconds() + 1000 * lk_pace_reconnect(ledger->stuck_failures);
}

static void move_to_stuck(struct lk_ledger *ledger)
{
	for (size_t i = 0; i < ledger->fresh.count; i++) {
		lk_outcomes_add(&ledger->stuck, &ledger->fresh.items[i]);
		ledger->fresh.items[i].holder = NULL;
	}
	lk_outcomes_clear(&ledger->fresh);
	if (!ledger->stuck_until)
		ledger->stuck_until = next_try(ledger);
}

static bool settle_fresh(struct lk_ledger *ledger, struct lk_directory *directory)
{
	size_t left;

	if (!lk_directory_settle(directory, &ledger->fresh, &left))
		return false;
	if (left)
		move_to_stuck(ledger);
	return true;
}

static bool settle_stuck(struct lk_ledger *ledger, struct lk_directory *directory)
{
	size_t left;

	if (!lk_directory_settle(directory, &ledger->stuck, &left))
		return false;
	ledger->stuck_failures = left ? ledger->stuck_failures + 1 : 0;
	ledger->stuck_until = left ? next_try(ledger) : 0;
	return true;
}

static bool is_worth_it(const struct lk_ledger *ledger)
{
	return ledger->fresh.count >= SETTLE_COUNT || milliseconds() - ledger->fresh_since >= SETTLE_MILLISECONDS;
}

bool lk_ledger_settle(struct lk_ledger *ledger, struct lk_directory *directory, bool all)
{
	if (ledger->fresh.count && (all || is_worth_it(ledger)) && !settle_fresh(ledger, directory))
		return false;
	if (ledger->stuck.count && milliseconds() >= ledger->stuck_until)
		return settle_stuck(ledger, directory);
	return true;
}

bool lk_ledger_is_empty(const struct lk_ledger *ledger)
{
	return !ledger->fresh.count && !ledger->stuck.count;
}

void lk_ledger_clear(struct lk_ledger *ledger)
{
	lk_outcomes_clear(&ledger->fresh);
	lk_outcomes_clear(&ledger->stuck);
}
