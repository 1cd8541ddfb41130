#include "bulk-trace.h"

#include <glib.h>
#include <string.h>

#include "dn.h"

/* The codes below zero are libldap's own: no answer came. These of them say that nothing was sent. */
bool lk_bulk_may_be_done(int code)
{
	return code == LDAP_UNAVAILABLE ||
		   (code < 0 && code != LDAP_PARAM_ERROR && code != LDAP_ENCODING_ERROR && code != LDAP_NO_MEMORY);
}

static bool is_by(const char *dn, const char *folded_actor)
{
	char *folded = lk_dn_fold(dn);
	bool is = strcmp(folded, folded_actor) == 0;

	g_free(folded);
	return is;
}

static bool has_message(const struct lk_account *account, const char *id)
{
	for (size_t i = 0; i < account->messages_count; i++) {
		if (strcmp(account->messages[i].id, id) == 0)
			return true;
	}
	return false;
}

static bool has_new_message(const struct lk_account *before, const struct lk_account *after, const char *actor)
{
	for (size_t i = 0; i < after->messages_count; i++) {
		const struct lk_account_message *message = &after->messages[i];
		bool is_of_reset = strcmp(message->kind, "temporaryPassword") == 0 || strcmp(message->kind, "resetCode") == 0;

		if (is_of_reset && is_by(message->actor, actor) && !has_message(before, message->id))
			return true;
	}
	return false;
}

/* Events have no names: the newest, and how many are of its second. */
struct newest {
	time_t time;
	size_t count;
};

static struct newest find_newest(const struct lk_account *account, const char *actor)
{
	struct newest newest = {0};

	for (size_t i = 0; i < account->events_count; i++) {
		const struct lk_account_event *event = &account->events[i];
		if (strcmp(event->what, "reset") != 0 || event->time < newest.time || !is_by(event->actor, actor))
			continue;
		newest.count = event->time == newest.time ? newest.count + 1 : 1;
		newest.time = event->time;
	}
	return newest;
}

bool lk_bulk_was_done(const struct lk_account *before, const struct lk_account *after, const char *actor)
{
	char *folded = lk_dn_fold(actor);
	struct newest old = find_newest(before, folded), new = find_newest(after, folded);
	bool done =
		new.time > old.time || (new.time == old.time &&new.count > old.count) || has_new_message(before, after, folded);

	g_free(folded);
	return done;
}
