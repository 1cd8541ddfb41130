/* What has happened since the database was opened, in numbers without names: pure. Counting takes no lock, and each
 * number is right by itself; two that are read at once may be a moment apart. */
#pragma once

#include <stdatomic.h>

enum lk_counter {
	LK_COUNT_REQUESTS, /* RecoveryRequest, whether dropped or not */
	LK_COUNT_REQUESTS_DROPPED,
	LK_COUNT_CODES,
	LK_COUNT_PROOFS_WRONG, /* of RecoveryComplete and the anonymous Password Modify, throttled ones not included */
	LK_COUNT_PROOFS_THROTTLED,
	LK_COUNT_RECOVERIES,
	LK_COUNT_RESETS,
	LK_COUNT_RESETS_REFUSED,
	LK_COUNT_RESETS_OBSERVED,
	LK_COUNT_UNLOCKS,
	LK_COUNT_BLOCKS,
	LK_COUNT_MESSAGES_QUEUED,
	LK_COUNT_MESSAGES_TAKEN,
	LK_COUNT_MESSAGES_SENT,
	LK_COUNT_MESSAGES_DEFERRED,
	LK_COUNT_MESSAGES_FAILED,
	LK_COUNTERS
};

struct lk_counters {
	atomic_ulong values[LK_COUNTERS];
};

void lk_counters_add(struct lk_counters *counters, enum lk_counter which);
unsigned long lk_counters_read(struct lk_counters *counters, enum lk_counter which);
/* The attribute that shows it; static. */
const char *lk_counter_name(enum lk_counter which);
