/* Whether a database takes what Latchkey writes by itself, and what the log says where it does not: when that begins, again
 * every ten minutes and for each other reason, and when it ends. */
#include "overlay.h"

#define AGAIN_SECONDS 600
/* Without a refusal, before a write that was taken counts as the end: while a disk is nearly full, some are. */
#define CALM_SECONDS 5

void lk_writable_refused(struct lk_instance *instance, int result, const char *why)
{
	struct lk_refusal *refusal = &instance->refusal;
	time_t now = slap_get_time();
	bool is_news;

	ldap_pvt_thread_mutex_lock(&instance->due_mutex);
	is_news = atomic_load(&refusal->result) != result || refusal->said + AGAIN_SECONDS <= now;
	atomic_store(&refusal->result, result);
	refusal->is_taken_since = false;
	refusal->last = now;
	if (is_news)
		refusal->said = now;
	ldap_pvt_thread_mutex_unlock(&instance->due_mutex);
	if (is_news)
		lk_warn("\"%s\" takes nothing that Latchkey writes: %s", instance->suffix.bv_val, why);
}

static void took(struct lk_instance *instance)
{
	if (atomic_load(&instance->refusal.result) == LDAP_SUCCESS)
		return;
	ldap_pvt_thread_mutex_lock(&instance->due_mutex);
	instance->refusal.is_taken_since = true;
	ldap_pvt_thread_mutex_unlock(&instance->due_mutex);
}

void lk_writable_settle(struct lk_instance *instance)
{
	struct lk_refusal *refusal = &instance->refusal;
	bool is_over;

	if (atomic_load(&refusal->result) == LDAP_SUCCESS)
		return;
	ldap_pvt_thread_mutex_lock(&instance->due_mutex);
	is_over = refusal->is_taken_since && refusal->last + CALM_SECONDS <= slap_get_time();
	if (is_over)
		atomic_store(&refusal->result, LDAP_SUCCESS);
	ldap_pvt_thread_mutex_unlock(&instance->due_mutex);
	if (is_over)
		lk_warn("\"%s\" takes again what Latchkey writes", instance->suffix.bv_val);
}

void lk_writable_note(const Operation *op, const BackendDB *be, const SlapReply *rs)
{
	struct lk_instance *instance = lk_instance_of(be);
	char why[256];

	if (!instance)
		return;
	if (rs->sr_err == LDAP_SUCCESS && !lk_transaction_has(op))
		took(instance);
	if (rs->sr_err != LDAP_OTHER) /* which back-mdb says of all that its files do not take */
		return;
	snprintf(why, sizeof why, "result %d, %s", rs->sr_err, rs->sr_text ? rs->sr_text : "without a reason");
	lk_writable_refused(instance, rs->sr_err, why);
}

/* One operation may end in another database than the one that lk_check_request() asked about. */
int lk_writable_check(Operation *op, BackendDB *be, const char **ret_text)
{
	struct lk_instance *instance = lk_instance_of(be);
	bool is_closed =
		(frontendDB->be_restrictops | be->be_restrictops) & (SLAP_RESTRICT_OP_WRITES | SLAP_RESTRICT_READONLY);

	if (LK_GUARD("writable-database", SLAP_SINGLE_SHADOW(be) || is_closed)) {
		if (instance && !SLAP_SINGLE_SHADOW(be))
			lk_writable_refused(instance, LDAP_UNWILLING_TO_PERFORM, "it is read-only (olcReadOnly, olcRestrict)");
		*ret_text = "this server takes no writes to the database of this user";
		return LDAP_UNWILLING_TO_PERFORM;
	}
	if (instance && !lk_instance_has_suffix(instance)) {
		lk_writable_refused(instance, LDAP_UNAVAILABLE, "olcSuffix has been changed, and slapd not started since");
		*ret_text = "the suffix of the database has been changed: slapd has to be started again";
		return LDAP_UNAVAILABLE;
	}
	if (LK_GUARD("numbered-types", instance && !lk_numbers_ensure(op, instance))) {
		*ret_text = "the database was full, or could not be written: slapd has to be started again when it can";
		return LDAP_UNAVAILABLE;
	}
	return LDAP_SUCCESS;
}
