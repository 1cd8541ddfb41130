#include "client-account.h"

#include <glib.h>
#include <string.h>

#include "error.h"
#include "event.h"

static struct lk_account_event copy_event(const struct lk_event *event)
{
	return (struct lk_account_event){
		.time = event->time,
		.what = g_strdup(lk_event_name(event->what)),
		.rule = g_strdup(event->rule),
		.changed = g_strdup(event->changed),
		.actor = g_strdup(event->actor),
		.client = g_strdup(event->client),
		.reason = g_strdup(event->reason),
		.ticket = g_strdup(event->ticket),
	};
}

/* Within one second the order is not known; by name, it is at least the same each time. */
static int compare_newness(const void *a, const void *b)
{
	const struct lk_account_event *one = a, *other = b;

	if (one->time != other->time)
		return one->time > other->time ? -1 : 1;
	return strcmp(one->what, other->what);
}

void lk_account_read_events(const struct berval *const *values, size_t count, struct lk_account *account)
{
	struct lk_account_event *events = g_new0(struct lk_account_event, count);
	size_t read = 0;

	for (size_t i = 0; i < count; i++) {
		struct lk_event event;
		if (lk_event_parse(values[i], &event) == LK_OK)
			events[read++] = copy_event(&event);
	}
	if (read > 0)
		qsort(events, read, sizeof *events, compare_newness);
	account->events = events;
	account->events_count = read;
	account->events_damaged = count - read;
}

static void clear_event(struct lk_account_event *event)
{
	g_free(event->what);
	g_free(event->rule);
	g_free(event->changed);
	g_free(event->actor);
	g_free(event->client);
	g_free(event->reason);
	g_free(event->ticket);
}

void lk_account_free_events(struct lk_account *account)
{
	for (size_t i = 0; i < account->events_count; i++)
		clear_event(&account->events[i]);
	g_free(account->events);
}
