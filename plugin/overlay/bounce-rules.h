/* What a report that came back means for the message that it is of: pure, given what stands there. */
#pragma once

#include <stdbool.h>

#include "../protocol/bounce-address.h"
#include "../protocol/message.h"

enum lk_bounce_verdict {
	LK_BOUNCE_COUNTS,
	LK_BOUNCE_EARLY, /* the mailer has yet to say that it sent the message: ask again */
	LK_BOUNCE_STALE /* of an earlier attempt, or of what is known to have failed */
};

bool lk_bounce_is_of(const struct lk_message *message, const struct lk_sending *sending);

/* Only the attempt that the entry calls sent can have failed since: a report of an earlier one, before it was sent
 * again and perhaps elsewhere, says nothing. */
enum lk_bounce_verdict lk_bounce_judge(const struct lk_message *message, const struct lk_sending *sending);
