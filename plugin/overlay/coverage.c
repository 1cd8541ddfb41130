/* A database in a policy's scope that has no instance of the overlay is a hole: the rules do not hold there. slapd does
 * not start so, the overlay is not added so, and no client makes it so; what is left to cn=config and to replication,
 * which are trusted, is logged whenever the policies are read. */
#include "overlay.h"

static bool has_users(BackendDB *be)
{
	return be->be_nsuffix && !SLAP_CONFIG(be) && !SLAP_MONITOR(be);
}

const char *lk_coverage_gap(const struct berval *scope)
{
	BackendDB *be = select_backend((struct berval *)scope, 0);

	if (be && has_users(be) && !lk_instance_of(be))
		return be->be_suffix[0].bv_val;
	LDAP_STAILQ_FOREACH(be, &backendDB, be_next)
	{
		for (size_t i = 0; has_users(be) && !BER_BVISNULL(&be->be_nsuffix[i]); i++) {
			if (lk_dn_is_within(&be->be_nsuffix[i], scope) && !lk_instance_of(be))
				return be->be_suffix[i].bv_val;
		}
	}
	return NULL;
}

static bool is_anywhere(const struct berval *scope)
{
	BackendDB *be;

	LDAP_STAILQ_FOREACH(be, &backendDB, be_next)
	{
		for (size_t i = 0; has_users(be) && !BER_BVISNULL(&be->be_nsuffix[i]); i++) {
			if (lk_dn_is_within(&be->be_nsuffix[i], scope) || lk_dn_is_within(scope, &be->be_nsuffix[i]))
				return true;
		}
	}
	return false;
}

static bool check_scope(const struct lk_policy *policy, const struct berval *scope, bool opening)
{
	const char *gap = lk_coverage_gap(scope);

	if (gap)
		lk_warn("policy \"%s\" governs \"%s\", but the database \"%s\" there has no latchkey overlay: its rules do not "
				"hold there",
			policy->dn.bv_val, scope->bv_val, gap);
	else if (!opening && !is_anywhere(scope))
		lk_warn("policy \"%s\" governs \"%s\", but no database here holds that: its rules do not hold there",
			policy->dn.bv_val, scope->bv_val);
	return !gap;
}

bool lk_coverage_check(const struct lk_snapshot *snapshot)
{
	bool whole = true;

	for (size_t i = 0; i < snapshot->count; i++) {
		const struct lk_policy *policy = snapshot->policies[i];

		for (size_t s = 0; policy->scopes && policy->scopes[s].bv_val; s++)
			whole = check_scope(policy, &policy->scopes[s], snapshot->opening) && whole;
	}
	return whole;
}

/* slapd opens its databases one after the other; each policy is checked when the one that holds it opens. */
bool lk_coverage_opens(const struct lk_instance *instance)
{
	Connection conn = {0};
	OperationBuffer buffer;
	struct lk_snapshot *snapshot;
	bool whole;

	connection_fake_init2(&conn, &buffer, ldap_pvt_thread_pool_context(), 0);
	buffer.ob_op.o_bd = instance->be;
	snapshot = lk_snapshot_of(&buffer.ob_op, instance);
	whole = !snapshot || lk_coverage_check(snapshot);
	lk_snapshot_put(snapshot);
	return !LK_GUARD("covered-scopes", !whole);
}
