/* What became of messages, on its way into the directory: several a request, and none of them forgotten. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "directory.h"
#include "outcome.h"

/* Start from a zeroed one. */
struct lk_ledger {
	struct lk_outcomes fresh;
	gint64 fresh_since; /* when the first of them was added */
	/* What the directory could not write down when asked, apart, so that nothing else waits for it. */
	struct lk_outcomes stuck;
	gint64 stuck_until;
	unsigned stuck_failures;
};

/* Copies OUTCOME, and takes its holder. */
void lk_ledger_add(struct lk_ledger *ledger, const struct lk_outcome *outcome);

/* Whether the message ID on HOLDER was handled, and the directory could not write it down yet. */
bool lk_ledger_has(const struct lk_ledger *ledger, const char *holder, const char *id);

/* Reports to the connected DIRECTORY what is worth a request by now, or with ALL whatever there is. False when the
 * directory is away. */
bool lk_ledger_settle(struct lk_ledger *ledger, struct lk_directory *directory, bool all);

/* Whether nothing is left to be reported. */
bool lk_ledger_is_empty(const struct lk_ledger *ledger);
void lk_ledger_clear(struct lk_ledger *ledger);
