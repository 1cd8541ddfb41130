/* The trail of an account: events stored on its entry, in the write that they tell of. */
#include "overlay.h"

#define REFUSALS_KEPT 3 /* of the events kept: who is refused again and again does not push the others out */
#define REFUSAL_PAUSE 600 /* seconds in which the same actor's next refusal by the same rule is not written again */

struct kept {
	const struct berval *value;
	struct lk_event event;
};

static void copy_text(char *to, size_t size, const struct berval *from)
{
	if (from->bv_len >= size || !from->bv_val)
		return;
	memcpy(to, from->bv_val, from->bv_len);
	to[from->bv_len] = '\0';
}

static void fill(Operation *op, const struct lk_happening *happening, struct lk_event *ret_event)
{
	struct berval client = lk_client_of(op), rule;

	memset(ret_event, 0, sizeof *ret_event);
	ber_str2bv(happening->rule ? happening->rule : "", 0, 0, &rule);
	ret_event->time = op->o_time;
	ret_event->what = happening->what;
	copy_text(ret_event->rule, sizeof ret_event->rule, &rule);
	copy_text(ret_event->changed, sizeof ret_event->changed, &happening->changed);
	copy_text(ret_event->actor, sizeof ret_event->actor, &happening->actor);
	copy_text(ret_event->client, sizeof ret_event->client, &client);
	copy_text(ret_event->reason, sizeof ret_event->reason, &happening->reason);
	copy_text(ret_event->ticket, sizeof ret_event->ticket, &happening->ticket);
}

/* That a user has reported misuse says for as long that nobody is told of it again: nothing else pushes it out. */
static bool is_needed(const struct lk_event *event, time_t now)
{
	return LK_GUARD("report-stays-for-a-day", event->what == LK_EVENT_MISUSE && event->time + LK_MISUSE_PAUSE > now);
}

/* The event that was first among those of the kind REFUSED, or of any kind; NULL for none that may go. */
static const struct kept *oldest(const struct kept *kept, size_t count, bool refused_only, time_t now)
{
	const struct kept *first = NULL;

	for (size_t i = 0; i < count; i++) {
		if (!kept[i].value || (refused_only && kept[i].event.what != LK_EVENT_REFUSED) ||
			is_needed(&kept[i].event, now))
			continue;
		if (!first || kept[i].event.time < first->event.time)
			first = &kept[i];
	}
	return first;
}

static size_t refusals(const struct kept *kept, size_t count)
{
	size_t found = 0;

	for (size_t i = 0; i < count; i++)
		found += kept[i].event.what == LK_EVENT_REFUSED;
	return found;
}

static bool is_among(const struct berval *value, const struct kept *kept, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (bvmatch(kept[i].value, value))
			return true;
	}
	return false;
}

/* What is too old or damaged goes at once; the others are read into KEPT, which has room for all. */
static Modifications **drop_old(
	Modifications **tail, const Attribute *a, time_t now, struct kept *kept, size_t *ret_count)
{
	for (unsigned i = 0; a && i < a->a_numvals; i++) {
		struct kept *next = &kept[*ret_count];

		if (lk_event_parse(&a->a_vals[i], &next->event) != LK_OK || next->event.time + LK_EVENTS_DAYS * 86400L < now) {
			tail = lk_mod_append(tail, lk_schema.event, LDAP_MOD_DELETE, &a->a_vals[i], 1);
			continue;
		}
		next->value = &a->a_vals[i];
		++*ret_count;
	}
	return tail;
}

#define DAY_TEXT 8 /* YYYYMMDD */

static bool is_day(const struct berval *value, time_t when)
{
	char text[LK_TIME_TEXT + 1];

	lk_time_format(when, text);
	return value->bv_len == DAY_TEXT && memcmp(value->bv_val, text, DAY_TEXT) == 0;
}

/* latchkeyEventDay, by which the events of a day are found without reading every entry: stored with the first event of
 * a day, so that the others cost its index nothing. An entry that has none is found by the message under way that tells
 * of its first event, and gets it when that is settled: a reset has one index less to write then. Tomorrow's comes from
 * a provider whose clock is before this one's, and stays. */
static Modifications **put_day(Modifications **tail, time_t when)
{
	char text[LK_TIME_TEXT + 1];
	struct berval day = {DAY_TEXT, text};

	lk_time_format(when, text);
	return lk_mod_append(tail, lk_schema.event_day, LDAP_MOD_REPLACE, &day, 1);
}

static Modifications **append_day(
	Modifications **tail, const Entry *entry, const struct lk_happening *happening, time_t now)
{
	struct berval stored = lk_entry_value(entry, lk_schema.event_day);

	if (BER_BVISEMPTY(&stored) && happening->is_mailed)
		return tail;
	return is_day(&stored, now) || is_day(&stored, now + 86400) ? tail : put_day(tail, now);
}

Modifications **lk_events_append_day(Modifications **tail, const Entry *entry)
{
	Attribute *a = attr_find(entry->e_attrs, lk_schema.event);
	struct lk_event event;
	time_t newest = 0;

	if (attr_find(entry->e_attrs, lk_schema.event_day))
		return tail;
	for (unsigned i = 0; a && i < a->a_numvals; i++) {
		if (lk_event_parse(&a->a_vals[i], &event) == LK_OK && event.time > newest)
			newest = event.time;
	}
	return newest ? put_day(tail, newest) : tail;
}

Modifications **lk_events_append(
	Operation *op, Modifications **tail, const Entry *entry, const struct lk_happening *happening)
{
	Attribute *a = attr_find(entry->e_attrs, lk_schema.event);
	struct kept *kept = ch_calloc(a && a->a_numvals ? a->a_numvals : 1, sizeof *kept);
	const struct kept *victim = NULL;
	struct lk_event event;
	struct berval value;
	size_t count = 0;

	tail = drop_old(tail, a, op->o_time, kept, &count);
	if (happening->what == LK_EVENT_REFUSED && refusals(kept, count) >= REFUSALS_KEPT)
		victim = oldest(kept, count, true, op->o_time);
	else if (count >= LK_EVENTS_KEPT)
		victim = oldest(kept, count, false, op->o_time);
	if (victim)
		tail = lk_mod_append(tail, lk_schema.event, LDAP_MOD_DELETE, victim->value, 1);
	fill(op, happening, &event);
	if (lk_event_format(&event, &value) == LK_OK) {
		/* The same by the same within one second is one event. */
		if (!is_among(&value, kept, count))
			tail = lk_mod_append(tail, lk_schema.event, LDAP_MOD_ADD, &value, 1);
		tail = append_day(tail, entry, happening, op->o_time);
		ber_memfree(value.bv_val);
	}
	ch_free(kept);
	return tail;
}

bool lk_events_reported_lately(const Entry *entry, time_t now)
{
	Attribute *a = attr_find(entry->e_attrs, lk_schema.event);
	struct lk_event event;

	for (unsigned i = 0; a && i < a->a_numvals; i++) {
		if (lk_event_parse(&a->a_vals[i], &event) == LK_OK && event.what == LK_EVENT_MISUSE && event.time <= now &&
			event.time + LK_MISUSE_PAUSE > now)
			return true;
	}
	return false;
}

static bool was_refused_just_now(const Entry *entry, const struct lk_happening *happening, time_t now)
{
	const struct berval *actor = &happening->actor;
	Attribute *a = attr_find(entry->e_attrs, lk_schema.event);
	struct lk_event event;

	for (unsigned i = 0; a && i < a->a_numvals; i++) {
		if (lk_event_parse(&a->a_vals[i], &event) == LK_OK && event.what == LK_EVENT_REFUSED &&
			event.time + REFUSAL_PAUSE > now && !strcmp(event.rule, happening->rule) &&
			strlen(event.actor) == actor->bv_len && !memcmp(event.actor, actor->bv_val, actor->bv_len))
			return true;
	}
	return false;
}

void lk_events_refused(Operation *op, struct lk_instance *instance, const Entry *entry, const char *rule)
{
	struct lk_happening happening = {.what = LK_EVENT_REFUSED, .rule = rule, .actor = lk_actor(op)};
	struct lk_modify modify = lk_backend_modify_of(instance, entry, "refused");
	const char *text;

	/* Whatever has something open on the backend (a transaction) must not be joined by a second write. */
	if (BER_BVISEMPTY(&happening.actor) || !LDAP_SLIST_EMPTY(&op->o_extra) || SLAP_SINGLE_SHADOW(instance->be))
		return;
	if (was_refused_just_now(entry, &happening, op->o_time))
		return;
	lk_events_append(op, &modify.mods, entry, &happening);
	lk_backend_modify(op, &modify, &text);
}

void lk_events_log(Operation *op, const char *event, const struct lk_target *target,
	const struct lk_happening *happening, int result, const char *more)
{
	const char *reason = BER_BVISEMPTY(&happening->reason) ? NULL : lk_log_value(op, &happening->reason);
	const char *ticket = BER_BVISEMPTY(&happening->ticket) ? NULL : lk_log_value(op, &happening->ticket);
	struct berval user = target->entry ? target->entry->e_nname : (struct berval)BER_BVNULL;
	const struct berval *actor = BER_BVISEMPTY(&happening->actor) ? &user : &happening->actor;

	lk_log_event(op, event, "verdict=%s rule=%s actor=%s target=%s result=%d%s%s%s%s%s%s",
		result == LDAP_SUCCESS ? "done" : "failed", happening->rule ? happening->rule : "self", lk_log_value(op, actor),
		lk_target_log_name(op, target), result, reason ? " reason=" : "", reason ? reason : "",
		ticket ? " ticket=" : "", ticket ? ticket : "", more ? " " : "", more ? more : "");
}
