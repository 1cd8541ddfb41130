/* Moves and new names: by them an entry comes under another policy, as does what is below it, a scope, a policy or a
 * group; or under the name of somebody in a role. */
#include "guard-undo.h"

static bool is_self_service(const struct lk_governance *governance)
{
	return governance->policy && governance->mode == LK_MODE_SELF_SERVICE_ONLY && !governance->observe;
}

/* Of the subtrees SCOPES (ended by bv_val NULL, or NULL) those that move along with the entry. */
static int check_moved(struct lk_undo *undo, const struct berval *scopes)
{
	int rc = LDAP_SUCCESS;

	for (size_t i = 0; scopes && scopes[i].bv_val && rc == LDAP_SUCCESS; i++) {
		struct lk_governance under = lk_snapshot_govern(undo->snapshot, &scopes[i]);

		if (LK_GUARD("scope-moved", under.policy && lk_dn_is_within(&scopes[i], &undo->op->o_req_ndn)))
			rc = lk_undo_ask(undo, &under, LK_ACTION_MOVE, LK_CHANGES_PLACE);
	}
	return rc;
}

/* The users of a scope that moves would be governed by another policy, or by none. */
static int check_moved_scopes(struct lk_undo *undo)
{
	int rc = LDAP_SUCCESS;

	for (size_t i = 0; i < undo->snapshot->count && rc == LDAP_SUCCESS; i++)
		rc = check_moved(undo, undo->snapshot->policies[i]->scopes);
	for (struct lk_instance *instance = lk_instances; instance && rc == LDAP_SUCCESS; instance = instance->next)
		rc = check_moved(undo, instance->nself_service_only);
	return rc;
}

static bool has_below(const struct berval *scopes, const struct berval *ndn)
{
	for (; scopes && scopes->bv_val; scopes++) {
		if (!dn_match(scopes, ndn) && lk_dn_is_within(scopes, ndn))
			return true;
	}
	return false;
}

/* Whether NDN is above a scope: what stands below it there is governed otherwise than it is itself. */
static bool is_above_a_scope(const struct lk_undo *undo, const struct berval *ndn)
{
	for (size_t i = 0; i < undo->snapshot->count; i++) {
		if (has_below(undo->snapshot->policies[i]->scopes, ndn))
			return true;
	}
	return false;
}

static int check_place(struct lk_undo *undo, const struct berval *new_ndn)
{
	struct lk_governance before = lk_snapshot_govern(undo->snapshot, &undo->op->o_req_ndn);
	struct lk_governance after = lk_snapshot_govern(undo->snapshot, new_ndn);

	if (!before.policy)
		return LDAP_SUCCESS;
	if (LK_GUARD("scope-awaits", !dn_match(new_ndn, &undo->op->o_req_ndn) && is_above_a_scope(undo, new_ndn)))
		return lk_undo_ask(undo, &before, LK_ACTION_MOVE, LK_CHANGES_PLACE);
	if (before.policy == after.policy && before.mode == after.mode)
		return LDAP_SUCCESS;
	if (is_self_service(&before) && is_self_service(&after))
		return LDAP_SUCCESS;
	return lk_undo_ask(undo, &before, LK_ACTION_MOVE, LK_CHANGES_PLACE);
}

static bool is_above_a_base(const struct berval *ndn)
{
	for (struct lk_instance *instance = lk_instances; instance; instance = instance->next) {
		if (!BER_BVISNULL(&instance->policy_nbase) && lk_dn_is_within(&instance->policy_nbase, ndn))
			return true;
	}
	return false;
}

/* What comes below a policy base, or takes its name, may hold policies; it is not looked through. What had its place
 * there has been looked at, and a new name can give it scopes. */
static int check_policies_at(struct lk_undo *undo, const struct berval *new_ndn)
{
	Operation *op = undo->op;
	bool there = lk_undo_is_below_a_base(new_ndn), again = dn_match(new_ndn, &op->o_req_ndn);
	int rc = lk_undo_check_policies(undo, &op->o_req_ndn, true);

	if (LK_GUARD("scope-by-name", rc == LDAP_SUCCESS && there))
		rc = lk_undo_check_given(undo, op->orr_modlist);
	if (LK_GUARD("policies-moved-in",
			rc == LDAP_SUCCESS && ((there && op->orr_nnewSup) || (is_above_a_base(new_ndn) && !again))))
		rc = lk_undo_ask_each_policy(undo, LK_CHANGES_POLICY);
	return rc;
}

/* Who comes under the name of a member takes their role, and so do those below. */
static int check_groups_at(struct lk_undo *undo, const struct berval *new_ndn)
{
	bool again = dn_match(new_ndn, &undo->op->o_req_ndn);
	int rc = lk_undo_check_groups(undo, &undo->op->o_req_ndn, LK_CONCERN_GROUP_BELOW);

	if (rc == LDAP_SUCCESS)
		rc = lk_undo_check_groups(undo, new_ndn, again ? LK_CONCERN_GROUP_OR_MEMBER : LK_CONCERN_GROUP_OR_MEMBER_BELOW);
	return rc;
}

int lk_undo_check_move(struct lk_undo *undo)
{
	Operation *op = undo->op;
	struct berval parent, new_ndn;
	int rc;

	if (op->orr_nnewSup)
		parent = *op->orr_nnewSup;
	else
		dnParent(&op->o_req_ndn, &parent);
	build_new_dn(&new_ndn, &parent, &op->orr_nnewrdn, op->o_tmpmemctx);
	rc = check_moved_scopes(undo);
	if (LK_GUARD("entry-moved", rc == LDAP_SUCCESS))
		rc = check_place(undo, &new_ndn);
	if (rc == LDAP_SUCCESS)
		rc = check_policies_at(undo, &new_ndn);
	if (rc == LDAP_SUCCESS)
		rc = check_groups_at(undo, &new_ndn);
	op->o_tmpfree(new_ndn.bv_val, op->o_tmpmemctx);
	return rc;
}
