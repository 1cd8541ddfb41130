/* Counters. */
#include "counters.h"

static const char *const names[LK_COUNTERS] = {
	[LK_COUNT_REQUESTS] = "latchkeyMonitorRequests",
	[LK_COUNT_REQUESTS_DROPPED] = "latchkeyMonitorRequestsDropped",
	[LK_COUNT_CODES] = "latchkeyMonitorCodes",
	[LK_COUNT_PROOFS_WRONG] = "latchkeyMonitorProofsWrong",
	[LK_COUNT_PROOFS_THROTTLED] = "latchkeyMonitorProofsThrottled",
	[LK_COUNT_RECOVERIES] = "latchkeyMonitorRecoveries",
	[LK_COUNT_RESETS] = "latchkeyMonitorResets",
	[LK_COUNT_RESETS_REFUSED] = "latchkeyMonitorResetsRefused",
	[LK_COUNT_RESETS_OBSERVED] = "latchkeyMonitorResetsObserved",
	[LK_COUNT_UNLOCKS] = "latchkeyMonitorUnlocks",
	[LK_COUNT_BLOCKS] = "latchkeyMonitorBlocks",
	[LK_COUNT_MESSAGES_QUEUED] = "latchkeyMonitorMessagesQueued",
	[LK_COUNT_MESSAGES_TAKEN] = "latchkeyMonitorMessagesTaken",
	[LK_COUNT_MESSAGES_SENT] = "latchkeyMonitorMessagesSent",
	[LK_COUNT_MESSAGES_DEFERRED] = "latchkeyMonitorMessagesDeferred",
	[LK_COUNT_MESSAGES_FAILED] = "latchkeyMonitorMessagesFailed",
};

void lk_counters_add(struct lk_counters *counters, enum lk_counter which)
{
	atomic_fetch_add_explicit(&counters->values[which], 1, memory_order_relaxed);
}

unsigned long lk_counters_read(struct lk_counters *counters, enum lk_counter which)
{
	return atomic_load_explicit(&counters->values[which], memory_order_relaxed);
}

const char *lk_counter_name(enum lk_counter which)
{
	return names[which];
}
