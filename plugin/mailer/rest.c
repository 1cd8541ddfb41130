#include "rest.h"

#include <glib.h>
#include <pthread.h>

#include "pace.h"

struct way {
	unsigned failures; /* in a row */
	long long until;
};

struct lk_rest {
	pthread_mutex_t mutex; /* guards the ways */
	size_t count;
	struct way ways[];
};

struct lk_rest *lk_rest_new(size_t ways)
{
	struct lk_rest *rest = g_malloc0(sizeof *rest + ways * sizeof *rest->ways);

	pthread_mutex_init(&rest->mutex, NULL);
	rest->count = ways;
	return rest;
}

void lk_rest_free(struct lk_rest *rest)
{
	if (!rest)
		return;
	pthread_mutex_destroy(&rest->mutex);
	g_free(rest);
}

void lk_rest_note(struct lk_rest *rest, size_t way, bool is_closed, long long now)
{
	struct way *noted = &rest->ways[way];

	pthread_mutex_lock(&rest->mutex);
	if (!is_closed)
		*noted = (struct way){0};
	else if (noted->until <= now)
		noted->until = now + 1000LL * lk_pace_reconnect(noted->failures++);
	pthread_mutex_unlock(&rest->mutex);
}

bool lk_rest_may_try(struct lk_rest *rest, size_t way, long long now)
{
	pthread_mutex_lock(&rest->mutex);
	bool may = rest->ways[way].until <= now;
	pthread_mutex_unlock(&rest->mutex);
	return may;
}

long long lk_rest_left(struct lk_rest *rest, long long now)
{
	long long first = 0;

	pthread_mutex_lock(&rest->mutex);
	for (size_t i = 0; i < rest->count; i++)
		if (i == 0 || rest->ways[i].until < first)
			first = rest->ways[i].until;
	pthread_mutex_unlock(&rest->mutex);
	return MAX(0, first - now);
}
