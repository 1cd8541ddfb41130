#include "bounce-rules.h"

#include <string.h>

#include "../protocol/error.h"
#include "../protocol/text.h"
#include "guard.h"

bool lk_bounce_is_of(const struct lk_message *message, const struct lk_sending *sending)
{
	struct berval text = {2 * LK_SENDING_ID_BYTES, (char *)message->id};
	unsigned char id[LK_SENDING_ID_BYTES];

	return lk_hex_parse(&text, id, sizeof id) == LK_OK && memcmp(id, sending->id, sizeof id) == 0;
}

enum lk_bounce_verdict lk_bounce_judge(const struct lk_message *message, const struct lk_sending *sending)
{
	unsigned char tries = (unsigned char)message->tries, next = (unsigned char)(sending->attempt + 1);

	if (LK_GUARD("bounce-early", lk_message_is_open(message) && tries == sending->attempt))
		return LK_BOUNCE_EARLY;
	if (LK_GUARD("bounce-of-what-was-sent", message->state != LK_STATE_SENT))
		return LK_BOUNCE_STALE;
	return LK_GUARD("bounce-of-this-attempt", tries != next) ? LK_BOUNCE_STALE : LK_BOUNCE_COUNTS;
}
