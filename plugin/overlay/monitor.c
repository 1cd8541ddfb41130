/* cn=Monitor: an entry cn=Latchkey below the database's, with the counters of its instance. The beat makes it, so that it does
 * not matter which of the two came first; the backend keeps it and calls back whenever somebody reads it. */
#include "overlay.h"

#include "back-monitor/back-monitor.h"

/* What is shown beside the counters. */
enum { GAUGE_WAITING, GAUGE_WAITING_MOST, GAUGE_MESSAGES_DUE, GAUGES };
static const char *const gauge_names[GAUGES] = {
	"latchkeyMonitorRequestsWaiting", "latchkeyMonitorRequestsWaitingMost", "latchkeyMonitorMessagesDue"};

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

/* Whoever is not signed in sees no number: one that rises after a request would tell whether there is such a user. The
 * backend holds the entry's lock until it has been sent. */
static int update(Operation *op, SlapReply *rs, Entry *entry, void *private)
{
	struct lk_instance *instance = private;
	bool hidden = LK_GUARD("hide-counters", BER_BVISEMPTY(&op->o_ndn));

	(void)rs;
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
	return SLAP_CB_CONTINUE;
}

/* The backend lets the entry go: with the instance, or with the database cn=Monitor. When slapd ends the instance is gone. */
static int forget(Entry *entry, void **private)
{
	(void)entry;
	if (!slapd_shutdown)
		((struct lk_instance *)*private)->monitored = false;
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

void lk_monitor_appear(struct lk_instance *instance)
{
	monitor_extra_t *extra = instance->monitored ? NULL : monitor();
	struct berval parent, ndn;
	monitor_callback_t *callback;
	Entry *entry;

	if (!extra || !name_entry(instance, extra, &parent, &ndn))
		return;
	ch_free(ndn.bv_val);
	entry = make_entry(extra, &parent);
	if (!entry)
		return;
	callback = ch_calloc(1, sizeof *callback);
	callback->mc_update = update;
	callback->mc_free = forget;
	callback->mc_private = instance;
	instance->monitored = extra->register_entry(entry, callback, NULL, 0) == 0;
	if (!instance->monitored)
		ch_free(callback);
	entry_free(entry);
}

void lk_monitor_disappear(struct lk_instance *instance)
{
	monitor_extra_t *extra = instance->monitored ? monitor() : NULL;
	struct berval parent, ndn;

	if (!extra || slapd_shutdown || !name_entry(instance, extra, &parent, &ndn))
		return;
	extra->unregister_entry(&ndn);
	ch_free(ndn.bv_val);
}
