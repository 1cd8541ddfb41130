/* Which messages wait for a mailer: noted as they are written, and looked for in the directory at the start and
 * wherever more wait than memory is spent on. */
#include "overlay.h"

#include <time.h>

/* Another provider's mailers come first, at the first try and at each later one, since both providers know when it is
 * due. */
static time_t due_here(const struct lk_message *message, time_t heard)
{
	if (!heard)
		return message->due;
	return (message->due > heard ? message->due : heard) + lk_takeover_seconds();
}

size_t lk_waiting_note(struct lk_instance *instance, const struct berval *ndn, BerVarray values, time_t heard)
{
	struct lk_message message;
	size_t fresh = 0;

	for (size_t i = 0; values && !BER_BVISNULL(&values[i]); i++) {
		if (lk_message_parse(&values[i], &message) != LK_OK) {
			lk_warn("a damaged value of latchkeyMessage on \"%s\" is passed over", ndn->bv_val);
			continue;
		}
		ldap_pvt_thread_mutex_lock(&instance->due_mutex);
		if (lk_message_is_open(&message))
			lk_due_put(instance->due, ndn, message.id, due_here(&message, heard));
		else
			lk_due_remove(instance->due, ndn, message.id);
		ldap_pvt_thread_mutex_unlock(&instance->due_mutex);
		fresh += lk_message_is_open(&message) && message.tries == 0;
	}
	return fresh;
}

/* Where another server queued them, it counts them. */
void lk_waiting_note_written(Operation *op, struct lk_instance *instance, const struct berval *ndn, BerVarray values)
{
	bool replicated = lk_backend_is_replicated(op);
	size_t fresh = lk_waiting_note(instance, ndn, values, replicated ? op->o_time : 0);

	for (size_t i = 0; i < fresh && !replicated; i++)
		lk_counters_add(&instance->counters, LK_COUNT_MESSAGES_QUEUED);
}

/* --- what is in the directory ------------------------------------------------------------------------------------- */

struct scan {
	const Operation *op; /* for which it is made */
	struct lk_instance *instance;
	bool enough; /* it ends where there is room for nothing else that is due */
	size_t found; /* that were not known */
	bool cut; /* whether it has ended before all was seen */
};

/* When another provider wrote ENTRY last, or this one began to listen, if that was later; 0: it is our own. */
static time_t heard_of(const struct lk_instance *instance, const Operation *op, const Entry *entry)
{
	Attribute *csn = attr_find(entry->e_attrs, slap_schema.si_ad_entryCSN);
	struct berval written = lk_entry_value(entry, slap_schema.si_ad_modifyTimestamp);
	time_t when;

	if (!csn || slap_parse_csn_sid(&csn->a_nvals[0]) == slap_serverID)
		return 0;
	if (lk_time_parse(&written, &when) != LK_OK || when > op->o_time)
		return op->o_time;
	return when > instance->opened ? when : instance->opened;
}

static bool is_known(struct lk_instance *instance, const struct berval *ndn, const struct lk_message *message)
{
	bool known;

	ldap_pvt_thread_mutex_lock(&instance->due_mutex);
	known = lk_due_has(instance->due, ndn, message->id);
	ldap_pvt_thread_mutex_unlock(&instance->due_mutex);
	return known;
}

/* What is known already stays as it is: on lease, or left to the provider where it came from. What is damaged is
 * reported once, at the start, and so is what cannot be sent. */
static void see_value(struct scan *scan, const Entry *entry, struct berval *value, time_t heard)
{
	struct berval one[] = {*value, BER_BVNULL};
	struct lk_message message;
	bool readable = lk_message_parse(value, &message) == LK_OK;

	if (readable && is_known(scan->instance, &entry->e_nname, &message))
		return;
	if (scan->enough && (!readable || !lk_message_is_open(&message) || !lk_outbox_sealed_of(entry, message.id)))
		return;
	scan->found++;
	lk_waiting_note(scan->instance, &entry->e_nname, one, heard);
}

/* Whether nobody waits for the answer to OP any more. */
static bool is_given_up(const Operation *op)
{
	return op->o_abandon || slapd_shutdown;
}

/* An lk_backend_found. */
static int found_due(void *context, Operation *op, Entry *entry)
{
	struct scan *scan = context;
	Attribute *a = attr_find(entry->e_attrs, lk_schema.message);
	time_t heard = heard_of(scan->instance, op, entry);

	for (unsigned i = 0; a && i < a->a_numvals; i++)
		see_value(scan, entry, &a->a_vals[i], heard);
	ldap_pvt_thread_mutex_lock(&scan->instance->due_mutex);
	scan->cut = is_given_up(scan->op) || (scan->enough && lk_due_is_full(scan->instance->due, op->o_time));
	ldap_pvt_thread_mutex_unlock(&scan->instance->due_mutex);
	return scan->cut;
}

/* False where nobody waits any more: another one's scan may take as long as the directory is large. */
static bool wait_for_turn(const Operation *op, struct lk_instance *instance)
{
	static const struct timespec moment = {.tv_nsec = 5000000};

	while (ldap_pvt_thread_mutex_trylock(&instance->scan_mutex)) {
		if (is_given_up(op))
			return false;
		nanosleep(&moment, NULL);
	}
	return true;
}

/* Of two at once the other would take what this one has just found for news, so each waits for its turn. What is to be
 * looked for again from now on is not for this one. */
static size_t look_through(Operation *op, struct scan *scan)
{
	struct lk_instance *instance = scan->instance;
	Filter due = {.f_choice = LDAP_FILTER_PRESENT, .f_desc = lk_schema.due};
	int rc;

	lk_kill_point("scan", "begins");
	ldap_pvt_thread_mutex_lock(&instance->due_mutex);
	instance->scanned = true;
	lk_due_begin(instance->due);
	ldap_pvt_thread_mutex_unlock(&instance->due_mutex);
	rc = lk_backend_search(op, instance->be, &instance->nsuffix, LDAP_SCOPE_SUBTREE, &due, 0, found_due, scan);
	ldap_pvt_thread_mutex_lock(&instance->due_mutex);
	lk_due_end(instance->due, rc == LDAP_SUCCESS && !scan->cut);
	if (scan->cut && !scan->enough)
		instance->scanned = false; /* so that the beat looks again */
	ldap_pvt_thread_mutex_unlock(&instance->due_mutex);
	return scan->found;
}

static bool is_scanned(struct lk_instance *instance)
{
	bool scanned;

	ldap_pvt_thread_mutex_lock(&instance->due_mutex);
	scanned = instance->scanned;
	ldap_pvt_thread_mutex_unlock(&instance->due_mutex);
	return scanned;
}

void lk_waiting_scan(Operation *op, struct lk_instance *instance)
{
	struct scan scan = {.op = op, .instance = instance};

	if (is_scanned(instance))
		return;
	if (!wait_for_turn(op, instance))
		return;
	if (!is_scanned(instance))
		look_through(op, &scan);
	ldap_pvt_thread_mutex_unlock(&instance->scan_mutex);
}

/* While somebody looks through the directory, too: what waits may not have been seen yet. */
static bool is_wanting(struct lk_instance *instance, time_t now)
{
	bool wanting;

	ldap_pvt_thread_mutex_lock(&instance->due_mutex);
	wanting = LK_GUARD("empty-when-scanned", !instance->scanned || lk_due_is_looked_for(instance->due)) ||
			  lk_due_is_wanting(instance->due, now);
	ldap_pvt_thread_mutex_unlock(&instance->due_mutex);
	return wanting;
}

bool lk_waiting_refill(Operation *op, struct lk_instance *instance)
{
	struct scan scan = {.op = op, .instance = instance};
	bool found = true;

	if (!is_wanting(instance, op->o_time))
		return false;
	if (!wait_for_turn(op, instance))
		return false;
	scan.enough = is_scanned(instance);
	if (is_wanting(instance, op->o_time)) /* else it has been done meanwhile, for another mailer or by the beat */
		found = look_through(op, &scan) > 0 && !is_given_up(op);
	ldap_pvt_thread_mutex_unlock(&instance->scan_mutex);
	return found;
}

void lk_waiting_rescan(struct lk_instance *instance, const struct berval *within)
{
	ldap_pvt_thread_mutex_lock(&instance->due_mutex);
	if (!within || lk_due_has_within(instance->due, within))
		instance->scanned = false;
	ldap_pvt_thread_mutex_unlock(&instance->due_mutex);
}
