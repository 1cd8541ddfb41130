/* How much strangers may ask, and how often be wrong: the tables of throttle.h with their locks, clock and limits. */
#include "overlay.h"

#include <sodium.h>
#include <time.h>

#define CLIENTS_REMEMBERED 8192 /* of each kind, 16 octets a client */

static struct {
	ldap_pvt_thread_mutex_t mutex; /* guards throttle */
	struct lk_throttle *throttle;
} tables[LK_LIMITED_KINDS];

const char *const lk_limits_defaults[LK_LIMITED_KINDS][2] = {{"60/600", "6000/60"}, {"120/600", "6000/60"}};

int lk_limits_setup(void)
{
	unsigned char key[LK_THROTTLE_KEY];
	bool complete = true;

	for (int i = 0; i < LK_LIMITED_KINDS; i++) {
		randombytes_buf(key, sizeof key);
		tables[i].throttle = lk_throttle_new(CLIENTS_REMEMBERED, key);
		complete = tables[i].throttle && !ldap_pvt_thread_mutex_init(&tables[i].mutex) && complete;
	}
	sodium_memzero(key, sizeof key);
	return complete ? 0 : -1;
}

void lk_limits_teardown(void)
{
	for (int i = 0; i < LK_LIMITED_KINDS; i++) {
		lk_throttle_free(tables[i].throttle);
		tables[i].throttle = NULL;
		ldap_pvt_thread_mutex_destroy(&tables[i].mutex);
	}
}

/* One request may end in any database, so the strictest one's limits hold. */
static struct lk_throttle_limits limits_of(enum lk_limited what)
{
	struct lk_throttle_limits limits = {{0, 0}, {0, 0}};

	for (const struct lk_instance *instance = lk_instances; instance; instance = instance->next) {
		if (!instance->open)
			continue;
		limits.client = lk_rate_stricter(limits.client, instance->limits[what].client);
		limits.all = lk_rate_stricter(limits.all, instance->limits[what].all);
	}
	return limits;
}

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

enum lk_throttle_verdict lk_limits_take(enum lk_limited what, const struct lk_origin *origin)
{
	struct lk_throttle_limits limits = limits_of(what);
	enum lk_throttle_verdict verdict;

	ldap_pvt_thread_mutex_lock(&tables[what].mutex);
	verdict = lk_throttle_take(tables[what].throttle, &limits, origin, now());
	ldap_pvt_thread_mutex_unlock(&tables[what].mutex);
	return verdict;
}

void lk_limits_return(enum lk_limited what, const struct lk_origin *origin)
{
	struct lk_throttle_limits limits = limits_of(what);

	ldap_pvt_thread_mutex_lock(&tables[what].mutex);
	lk_throttle_return(tables[what].throttle, &limits, origin, now());
	ldap_pvt_thread_mutex_unlock(&tables[what].mutex);
}
