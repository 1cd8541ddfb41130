#include "listed-rules.h"

#include <string.h>
#include <strings.h>

#include "../protocol/error.h"
#include "../protocol/password.h"

/* What is behind the scheme of a blocked account. */
static struct berval unblocked(const struct berval *stored)
{
	size_t length = sizeof LK_BLOCKED_SCHEME - 1;
	struct berval behind = *stored;

	if (stored->bv_len >= length && !strncasecmp(stored->bv_val, LK_BLOCKED_SCHEME, length)) {
		behind.bv_val += length;
		behind.bv_len -= length;
	}
	return behind;
}

time_t lk_listed_until(const struct berval *passwords, size_t count)
{
	time_t latest = 0, until;
	struct berval hash;

	for (size_t i = 0; i < count; i++) {
		struct berval stored = unblocked(&passwords[i]);

		if (lk_temporary_parse(&stored, &until, &hash) == LK_OK && until > latest)
			latest = until;
	}
	return latest;
}

bool lk_listed_is_deleted(const struct berval *stored, const struct berval *deleted, lk_listed_fits *fits)
{
	struct berval hash;
	time_t until;

	if (stored->bv_len == deleted->bv_len && !memcmp(stored->bv_val, deleted->bv_val, stored->bv_len))
		return true;
	return lk_temporary_parse(stored, &until, &hash) == LK_OK && fits(&hash, deleted);
}

static bool is_newest_password(const struct lk_listing *all, size_t count, size_t which)
{
	for (size_t i = 0; i < count; i++) {
		if (lk_message_may_be_resent(&all[i].message) && all[i].message.created > all[which].message.created)
			return false;
	}
	return true;
}

/* What goes to administrators about this user says nothing of whether the user is reached. */
static bool has_reached_since(const struct lk_listing *all, size_t count, time_t when)
{
	for (size_t i = 0; i < count; i++) {
		const struct lk_message *message = &all[i].message;

		if (message->state == LK_STATE_SENT && !lk_message_is_for_administrators(message) && message->created > when)
			return true;
	}
	return false;
}

bool lk_listed_is_failed(const struct lk_listing *all, size_t count, size_t which, time_t until)
{
	const struct lk_message *message = &all[which].message;

	if (message->state != LK_STATE_FAILED)
		return false;
	if (!lk_message_may_be_resent(message))
		return !has_reached_since(all, count, message->created);
	if (!is_newest_password(all, count, which))
		return false;
	return message->expires ? message->expires == until : all[which].listed;
}
