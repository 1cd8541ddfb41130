/* NotificationOverview: how the messages stand that a mailer serves. It is the overlay that answers, so that no access
 * control has to let the mailer search, and none that does not makes an answer look good. */
#include "overlay.h"

#include "../protocol/wire-overview.h"

/* An lk_backend_found. */
static int found_failed(void *context, Operation *op, Entry *entry)
{
	Attribute *a = attr_find(entry->e_attrs, lk_schema.failed_message);

	(void)op;
	*(size_t *)context += a ? a->a_numvals : 0;
	return slapd_shutdown;
}

static size_t count_failed(Operation *op, struct lk_instance *instance)
{
	Filter failed = {.f_choice = LDAP_FILTER_PRESENT, .f_desc = lk_schema.failed_message};
	size_t count = 0;

	lk_backend_search(op, instance->be, &instance->nsuffix, LDAP_SCOPE_SUBTREE, &failed, 0, found_failed, &count);
	return count;
}

static size_t count_open(struct lk_instance *instance)
{
	size_t count;

	ldap_pvt_thread_mutex_lock(&instance->due_mutex);
	count = lk_due_count(instance->due);
	ldap_pvt_thread_mutex_unlock(&instance->due_mutex);
	return count;
}

static int within_bounds(size_t count)
{
	return count < LK_OVERVIEW_MOST ? (int)count : LK_OVERVIEW_MOST;
}

int lk_notification_overview(Operation *op, SlapReply *rs)
{
	struct lk_wire_overview overview = {.durable = true};
	size_t failed = 0, open = 0;

	if (op->ore_reqdata)
		return lk_fail(rs, LDAP_PROTOCOL_ERROR, "the request has no value");
	if (lk_notification_check(op, rs) != LDAP_SUCCESS)
		return rs->sr_err;
	for (struct lk_instance *instance = lk_instances; instance; instance = instance->next) {
		if (!lk_notification_is_mailer(instance, op))
			continue;
		failed += count_failed(op, instance);
		open += count_open(instance);
		overview.durable = overview.durable && lk_surroundings_are_durable(instance);
	}
	overview.failed = within_bounds(failed);
	overview.open = within_bounds(open);
	return rs->sr_err = lk_wire_encode_overview(&overview, &rs->sr_rspdata) == LK_OK ? LDAP_SUCCESS : LDAP_OTHER;
}
