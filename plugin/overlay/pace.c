/* When failed recoveries are answered, and how many may be under way, since each keeps its thread waiting until then.
 * Beyond them: busy, before anybody is looked up. */
#include "overlay.h"

#include <errno.h>
#include <time.h>

/* Failures are answered at the first multiple of this after the request began. */
#define PACE_NANOSECONDS 4000000L
#define MOST 64

static ldap_pvt_thread_mutex_t mutex; /* guards what follows */
static struct lk_origin under_way[MOST]; /* the clients of those under way */
static int count;

int lk_pace_setup(void)
{
	return ldap_pvt_thread_mutex_init(&mutex) ? -1 : 0;
}

void lk_pace_teardown(void)
{
	ldap_pvt_thread_mutex_destroy(&mutex);
}

static int limit(void)
{
	int half = connection_pool_max > 4 ? connection_pool_max / 2 : 2;

	return half < MOST ? half : MOST;
}

/* A quarter of them is what one client may have, lest it keep out all others; here on this machine it is many
 * clients'. */
static int limit_of_client(const struct lk_origin *client)
{
	int quarter = limit() / 4;

	if (client->local)
		return limit();
	return quarter > 0 ? quarter : 1;
}

static int count_of(const struct lk_origin *client)
{
	int found = 0;

	for (int i = 0; i < count; i++)
		found += lk_origin_equal(&under_way[i], client);
	return found;
}

bool lk_pace_enter(const struct lk_origin *origin)
{
	struct lk_origin client = lk_origin_client(origin);
	bool entered = true;

	ldap_pvt_thread_mutex_lock(&mutex);
	if (LK_GUARD("few-at-once", count >= limit()) ||
		LK_GUARD("few-of-a-client-at-once", count_of(&client) >= limit_of_client(&client)))
		entered = false;
	if (entered && count < MOST)
		under_way[count++] = client;
	ldap_pvt_thread_mutex_unlock(&mutex);
	return entered;
}

void lk_pace_leave(const struct lk_origin *origin)
{
	struct lk_origin client = lk_origin_client(origin);

	ldap_pvt_thread_mutex_lock(&mutex);
	for (int i = 0; i < count; i++) {
		if (lk_origin_equal(&under_way[i], &client)) {
			under_way[i] = under_way[--count];
			break;
		}
	}
	ldap_pvt_thread_mutex_unlock(&mutex);
}

struct timespec lk_pace_begin(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now;
}

void lk_pace_wait(const struct timespec *began)
{
	struct timespec now = lk_pace_begin();
	long spent = (now.tv_sec - began->tv_sec) * 1000000000L + now.tv_nsec - began->tv_nsec;

	now = *began;
	now.tv_nsec += (spent / PACE_NANOSECONDS + 1) * PACE_NANOSECONDS;
	now.tv_sec += now.tv_nsec / 1000000000L;
	now.tv_nsec %= 1000000000L;
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &now, NULL) == EINTR)
		;
}
