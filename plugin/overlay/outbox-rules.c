#include "outbox-rules.h"

#include <string.h>

static bool is_notice(const struct lk_message *message)
{
	return !lk_message_may_be_resent(message) && message->kind != LK_KIND_RECOVERY_CODE &&
		   message->kind != LK_KIND_ADDRESS_PROOF;
}

/* What two actors did is told of both: the later one does not hide the earlier. */
static bool says_the_same(const struct lk_message *a, const struct lk_message *b)
{
	return a->kind == b->kind && !strcmp(a->to, b->to) && !strcmp(a->actor, b->actor);
}

static time_t later(time_t a, time_t b)
{
	return a > b ? a : b;
}

time_t lk_outbox_due(struct lk_kept *kept, size_t count, const struct lk_message *fresh)
{
	time_t due = fresh->created;

	for (size_t i = 0; is_notice(fresh) && i < count; i++) {
		const struct lk_message *message = &kept[i].message;

		if (kept[i].goes || !says_the_same(message, fresh))
			continue;
		kept[i].goes = lk_message_is_open(message);
		/* A clock that was set back must not put a mail off for long. */
		if (message->created <= fresh->created)
			due = later(due, kept[i].goes ? message->due : message->created + LK_NOTICE_PAUSE);
	}
	return due;
}

/* Of one second, the last that stands there. */
static bool is_newest_password(const struct lk_kept *kept, size_t count, size_t which)
{
	time_t created = kept[which].message.created;

	for (size_t i = 0; i < count; i++) {
		if (!lk_message_may_be_resent(&kept[i].message))
			continue;
		if (kept[i].message.created > created || (kept[i].message.created == created && i > which))
			return false;
	}
	return true;
}

static bool is_needed(const struct lk_kept *kept, size_t count, size_t which, time_t now)
{
	const struct lk_message *message = &kept[which].message;

	if (lk_message_is_open(message))
		return true;
	if (message->kind == LK_KIND_ADDRESS_PROOF)
		return message->created + LK_PROOF_WINDOW > now;
	if (is_notice(message))
		return message->created + LK_NOTICE_PAUSE > now;
	return lk_message_may_be_resent(message) && (!message->expires || message->expires > now) &&
		   is_newest_password(kept, count, which);
}

static struct lk_kept *oldest(struct lk_kept *kept, size_t count, time_t now)
{
	struct lk_kept *first = NULL;

	for (size_t i = 0; i < count; i++) {
		if (kept[i].goes || is_needed(kept, count, i, now))
			continue;
		if (!first || kept[i].message.created < first->message.created)
			first = &kept[i];
	}
	return first;
}

void lk_outbox_make_room(struct lk_kept *kept, size_t count, size_t fresh, time_t now)
{
	size_t left = fresh;
	struct lk_kept *victim;

	for (size_t i = 0; i < count; i++)
		left += !kept[i].goes;
	for (; left > LK_MESSAGES_KEPT && (victim = oldest(kept, count, now)); left--)
		victim->goes = true;
}
