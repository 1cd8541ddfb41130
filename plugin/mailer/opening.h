/* From what the directory hands out to what a mail is to say. Pure but for the keys. */
#pragma once

#include <stdbool.h>
#include <time.h>

#include "directory.h"
#include "envelope.h"
#include "keys.h"
#include "message.h"

struct lk_opened {
	struct lk_message state; /* what stands outside, readable */
	struct lk_envelope envelope; /* what was sealed: it counts, but for where a resent message goes */
	struct berval plain; /* what the envelope points into */
	time_t expires; /* the one inside; until that can be read, the one outside */
};

/* The id of the message in ITEM, from its state or else from the outside of the sealed text; false where neither has
 * one, so that nothing can be reported about it. */
bool lk_opening_id(const struct lk_notification *item, char ret_id[LK_ID_TEXT + 1]);

/* LK_STATE_QUEUED: it is open and can be sent. LK_STATE_DEFERRED: not with the keys that this mailer has now.
 * LK_STATE_FAILED: never. For the last two *ret_reason is a static sentence that says nothing of what is inside.
 * *ret_opened is filled in as far as it could be read, and to be ended with lk_opening_wipe() in each case. */
enum lk_state lk_opening_open(const struct lk_notification *item, const struct lk_keys *keys, time_t now,
	struct lk_opened *ret_opened, const char **ret_reason);

/* Erases what was inside; takes a zeroed OPENED. */
void lk_opening_wipe(struct lk_opened *opened);
