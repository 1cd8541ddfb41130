/* cn=Monitor: an entry cn=Latchkey below the database's, with the counters of its instance. The beat makes it, so that
 * it does not matter which of the two came first; the backend keeps it and calls back whenever somebody reads it.
 *
 * It stays when the instance goes, without numbers, until there is another one: the backend's searches go from one
 * entry to the next without a lock, and while the pool is paused they stand wherever their client has stopped reading.
 * Of an entry that was taken away under one of them, the search finds what was freed; and taking away the one that it
 * is about to send never ends. */
#include "overlay.h"

#include "back-monitor/back-monitor.h"

/* What is shown beside the counters. */
enum { GAUGE_WAITING, GAUGE_WAITING_MOST, GAUGE_MESSAGES_DUE, GAUGES };
static const char *const gauge_names[GAUGES] = {
	"latchkeyMonitorRequestsWaiting", "latchkeyMonitorRequestsWaitingMost", "latchkeyMonitorMessagesDue"};

/* An entry, and whose numbers it shows. */
struct place {
	struct place *next;
	struct berval ndn;
	struct lk_instance *instance; /* NULL: there is none now */
};

static ldap_pvt_thread_mutex_t mutex; /* guards what follows; an instance's other locks are taken under it */
static struct place *places;

int lk_monitor_setup(void)
{
	return ldap_pvt_thread_mutex_init(&mutex) ? -1 : 0;
}

void lk_monitor_teardown(void)
{
	ldap_pvt_thread_mutex_destroy(&mutex);
}

static monitor_extra_t *monitor(void)
{
	BackendInfo *info = backend_info("monitor");
	monitor_extra_t *extra = info ? info->bi_extra : NULL;

	return extra && extra->is_configured() ? extra : NULL;
}

static void show(Entry *entry, const char *name, unsigned long number)
{
	AttributeDescription *ad = NULL;
	char text[24];
	struct berval value = {0, text};
	const char *problem;

	if (slap_str2ad(name, &ad, &problem) != LDAP_SUCCESS)
		return;
	value.bv_len = (ber_len_t)snprintf(text, sizeof text, "%lu", number);
	attr_delete(&entry->e_attrs, ad);
	attr_merge_normalize_one(entry, ad, &value, NULL);
}

static void hide(Entry *entry, const char *name)
{
	AttributeDescription *ad = NULL;
	const char *problem;

	if (slap_str2ad(name, &ad, &problem) == LDAP_SUCCESS)
		attr_delete(&entry->e_attrs, ad);
}

static unsigned long gauge(struct lk_instance *instance, int which)
{
	unsigned long number;

	if (which != GAUGE_MESSAGES_DUE)
		return which == GAUGE_WAITING ? lk_recovery_waiting() : LK_WISHES_MAX;
	ldap_pvt_thread_mutex_lock(&instance->due_mutex);
	number = lk_due_count(instance->due);
	ldap_pvt_thread_mutex_unlock(&instance->due_mutex);
	return number;
}

static void show_all(Entry *entry, struct lk_instance *instance, bool hidden)
{
	for (int i = 0; i < LK_COUNTERS; i++) {
		if (hidden)
			hide(entry, lk_counter_name(i));
		else
			show(entry, lk_counter_name(i), lk_counters_read(&instance->counters, i));
	}
	for (int i = 0; i < GAUGES; i++) {
		if (hidden)
			hide(entry, gauge_names[i]);
		else
			show(entry, gauge_names[i], gauge(instance, i));
	}
}

/* Whoever is not signed in sees no number: one that rises after a request would tell whether there is such a user. The
 * backend holds the entry's lock until it has been sent. */
static int update(Operation *op, SlapReply *rs, Entry *entry, void *private)
{
	struct place *place = private;
	bool hidden = LK_GUARD("hide-counters", BER_BVISEMPTY(&op->o_ndn));

	(void)rs;
	ldap_pvt_thread_mutex_lock(&mutex);
	show_all(entry, place->instance, hidden || !place->instance);
	ldap_pvt_thread_mutex_unlock(&mutex);
	return SLAP_CB_CONTINUE;
}

/* The backend lets the entry go, with the database cn=Monitor. */
static int forget(Entry *entry, void **private)
{
	struct place *place = *private, **at = &places;

	(void)entry;
	ldap_pvt_thread_mutex_lock(&mutex);
	while (*at != place)
		at = &(*at)->next;
	*at = place->next;
	if (place->instance)
		place->instance->monitored = false;
	ldap_pvt_thread_mutex_unlock(&mutex);
	ch_free(place->ndn.bv_val);
	ch_free(place);
	*private = NULL;
	return SLAP_CB_CONTINUE;
}

/* The name of the entry below the database's; its parts are the caller's. */
static bool name_entry(
	struct lk_instance *instance, monitor_extra_t *extra, struct berval *ret_parent, struct berval *ret_ndn)
{
	struct berval parent = BER_BVNULL, rdn = BER_BVC("cn=latchkey");

	if (extra->register_database(instance->be, &parent) || BER_BVISNULL(&parent))
		return false;
	*ret_parent = parent;
	build_new_dn(ret_ndn, &parent, &rdn, NULL);
	return true;
}

static Entry *make_entry(monitor_extra_t *extra, struct berval *parent)
{
	struct berval rdn = BER_BVC("cn=Latchkey"), name = BER_BVC("monitoredObject");
	ObjectClass *monitored = oc_bvfind(&name);
	Entry *entry = monitored ? extra->entry_stub(parent, parent, &rdn, monitored, NULL, NULL) : NULL;

	if (entry)
		attr_merge_normalize_one(entry, slap_schema.si_ad_objectClass, &lk_schema.oc_monitor->soc_cname, NULL);
	return entry;
}

/* The entry that an instance before this one has left. */
static bool take_over(struct lk_instance *instance, const struct berval *ndn)
{
	struct place *place;

	ldap_pvt_thread_mutex_lock(&mutex);
	for (place = places; place && !dn_match(&place->ndn, ndn);)
		place = place->next;
	if (place)
		place->instance = instance;
	ldap_pvt_thread_mutex_unlock(&mutex);
	return place != NULL;
}

/* Takes over NDN. */
static struct place *make_place(struct lk_instance *instance, const struct berval *ndn)
{
	struct place *place = ch_calloc(1, sizeof *place);

	place->ndn = *ndn;
	place->instance = instance;
	ldap_pvt_thread_mutex_lock(&mutex);
	place->next = places;
	places = place;
	ldap_pvt_thread_mutex_unlock(&mutex);
	return place;
}

/* Whether there is an entry for the instance now. */
static bool add_entry(struct lk_instance *instance, monitor_extra_t *extra, struct berval *parent, struct berval *ndn)
{
	Entry *entry = make_entry(extra, parent);
	monitor_callback_t *callback;
	bool added;

	if (!entry) {
		ch_free(ndn->bv_val);
		return false;
	}
	callback = ch_calloc(1, sizeof *callback);
	callback->mc_update = update;
	callback->mc_free = forget;
	callback->mc_private = make_place(instance, ndn);
	added = extra->register_entry(entry, callback, NULL, 0) == 0;
	if (!added) {
		forget(entry, &callback->mc_private);
		ch_free(callback);
	}
	entry_free(entry);
	return added;
}

void lk_monitor_appear(struct lk_instance *instance)
{
	monitor_extra_t *extra = instance->monitored ? NULL : monitor();
	struct berval parent, ndn;

	if (!extra || !name_entry(instance, extra, &parent, &ndn))
		return;
	instance->monitored = take_over(instance, &ndn);
	if (instance->monitored)
		ch_free(ndn.bv_val);
	else
		instance->monitored = add_entry(instance, extra, &parent, &ndn);
}

void lk_monitor_disappear(struct lk_instance *instance)
{
	ldap_pvt_thread_mutex_lock(&mutex);
	for (struct place *place = places; place; place = place->next) {
		if (place->instance == instance)
			place->instance = NULL;
	}
	instance->monitored = false;
	ldap_pvt_thread_mutex_unlock(&mutex);
}
