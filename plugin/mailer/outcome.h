/* What became of messages, until the directory has it written down. Forgetting one would send its mail again. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "message.h"

struct lk_outcome {
	char *holder;
	char id[LK_ID_TEXT + 1];
	enum lk_state state;
	char answer[LK_ANSWER_MAX + 1];
	time_t retry_at; /* 0 unless deferred */
	time_t created; /* when the message was made; 0: unknown */
};

struct lk_outcomes {
	struct lk_outcome *items;
	size_t count;
	size_t room;
};

/* Copies OUTCOME, and takes its holder. */
void lk_outcomes_add(struct lk_outcomes *outcomes, const struct lk_outcome *outcome);
bool lk_outcomes_have(const struct lk_outcomes *outcomes, const char *holder, const char *id);

/* Removes the first COUNT, except those for which KEEP is true; the order stays. */
void lk_outcomes_drop(struct lk_outcomes *outcomes, const bool *keep, size_t count);
void lk_outcomes_clear(struct lk_outcomes *outcomes);
