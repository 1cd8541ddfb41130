/* RecoveryRequest: "send me a code". The request is answered at once, always with the same bytes, and becomes a wish;
 * once a second the beat looks the people up and writes codes and mails into their recovery entries. So neither the
 * answer, nor its time, nor what the server does next tells a stranger whether such a user exists, or whether they have
 * asked too often: what is dropped takes the same steps, and is logged by the beat. */
#include "overlay.h"

#include <sodium.h>

#include "drops.h"

static struct lk_wishes *wishes;
static struct lk_drops drops;
static ldap_pvt_thread_mutex_t wishes_mutex; /* guards wishes and drops */

int lk_recovery_setup(void)
{
	unsigned char key[LK_WISHES_KEY];

	randombytes_buf(key, sizeof key);
	wishes = lk_wishes_new(LK_WISHES_MAX, key);
	sodium_memzero(key, sizeof key);
	return !wishes || ldap_pvt_thread_mutex_init(&wishes_mutex) ? -1 : 0;
}

void lk_recovery_teardown(void)
{
	lk_wishes_free(wishes);
	wishes = NULL;
	lk_drops_clear(&drops);
	ldap_pvt_thread_mutex_destroy(&wishes_mutex);
}

/* Takes WISH over. */
static void put(struct lk_counters *counters, struct lk_wish *wish, enum lk_throttle_verdict verdict)
{
	enum lk_wish_result result = LK_WISH_KNOWN;
	bool dropped = true;

	ldap_pvt_thread_mutex_lock(&wishes_mutex);
	if (LK_GUARD("throttle-requests", verdict != LK_THROTTLE_PASSES))
		lk_drops_add(&drops, wish, verdict == LK_THROTTLE_CLIENT ? LK_DROP_CLIENT : LK_DROP_ALL);
	else if ((result = lk_wishes_put(wishes, wish)) == LK_WISH_FULL)
		lk_drops_add(&drops, wish, LK_DROP_QUEUE);
	else
		dropped = false;
	ldap_pvt_thread_mutex_unlock(&wishes_mutex);
	if (!dropped && result == LK_WISH_KNOWN)
		lk_wish_free(wish);
	lk_counters_add(counters, LK_COUNT_REQUESTS);
	if (dropped)
		lk_counters_add(counters, LK_COUNT_REQUESTS_DROPPED);
}

int lk_recovery_request(Operation *op, SlapReply *rs)
{
	struct lk_instance *instance = lk_instance_first_open();
	struct lk_recovery_request request;
	struct lk_client client;
	struct lk_wish *wish;

	if (!op->ore_reqdata || lk_wire_decode_recovery_request(op->ore_reqdata, &request) != LK_OK) {
		rs->sr_text = "the request is not in its documented form";
		return rs->sr_err = LDAP_PROTOCOL_ERROR;
	}
	if (lk_check_request(op, rs, instance, true) != LDAP_SUCCESS)
		return rs->sr_err;
	client = lk_client_see(op);
	wish = lk_wish_copy(&(struct lk_wish){request.user, request.locale, client.name, client.via});
	if (wish)
		put(&instance->counters, wish, lk_limits_take(LK_LIMITED_REQUESTS, &client.origin));
	return rs->sr_err = LDAP_SUCCESS;
}

unsigned long lk_recovery_waiting(void)
{
	unsigned long count;

	ldap_pvt_thread_mutex_lock(&wishes_mutex);
	count = lk_wishes_count(wishes);
	ldap_pvt_thread_mutex_unlock(&wishes_mutex);
	return count;
}

/* --- the beat ----------------------------------------------------------------------------------------------------- */

static struct lk_drops take_drops(void)
{
	struct lk_drops taken;

	ldap_pvt_thread_mutex_lock(&wishes_mutex);
	taken = drops;
	memset(&drops, 0, sizeof drops);
	ldap_pvt_thread_mutex_unlock(&wishes_mutex);
	return taken;
}

void lk_recovery_log_drops(Operation *op)
{
	struct lk_drops taken = take_drops();

	for (size_t i = 0; i < LK_DROPS_ROWS && taken.rows[i].wish; i++) {
		const struct lk_drop *row = &taken.rows[i];

		lk_log_event(op, "request", "verdict=dropped rule=%s count=%lu%s", lk_drop_rule_name(row->rule), row->count,
			lk_log_client(op, &row->wish->client, &row->wish->via));
	}
	if (taken.more)
		lk_log_event(op, "request", "verdict=dropped rule=many count=%lu", taken.more);
	lk_drops_clear(&taken);
}

struct lk_wish *lk_recovery_take(void)
{
	struct lk_wish *wish;

	ldap_pvt_thread_mutex_lock(&wishes_mutex);
	wish = lk_wishes_take(wishes);
	ldap_pvt_thread_mutex_unlock(&wishes_mutex);
	return wish;
}

void lk_recovery_put_back(struct lk_wish *wish)
{
	enum lk_wish_result result;

	ldap_pvt_thread_mutex_lock(&wishes_mutex);
	result = lk_wishes_put(wishes, wish);
	ldap_pvt_thread_mutex_unlock(&wishes_mutex);
	if (result != LK_WISH_TAKEN)
		lk_wish_free(wish);
}
