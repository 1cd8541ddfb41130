/* What would undo a rule is guarded like the rule: the policies, the role groups and every group in them, and the place of an
 * entry in the tree. Whoever changes these must be a global administrator under the policy concerned, or the rootdn; out of a
 * self-service-only subtree nobody moves anything. What cn=config says is beyond all of them. */
#include "overlay.h"

struct lk_undo {
	Operation *op;
	SlapReply *rs;
	struct lk_instance *instance;
	struct lk_snapshot *snapshot;
	const char *what; /* for the log */
};

/* UNDER is what governs now what would change. */
static int ask(struct lk_undo *undo, const struct lk_governance *under, enum lk_action action)
{
	struct berval actor = lk_actor(undo->op);
	struct lk_question question = {
		.action = action,
		.mode = under->mode,
		.actor_roles = lk_groups_roles(undo->op, under->policy, undo->instance->be, &actor),
	};
	struct lk_verdict verdict = lk_rules_decide(&question);

	lk_log_event(undo->op, undo->what, "verdict=%s rule=%s actor=%s target=%s policy=%s",
		lk_verdict_name(&verdict, under->observe), verdict.rule, lk_log_value(undo->op, &actor),
		lk_log_value(undo->op, &undo->op->o_req_ndn), lk_log_value(undo->op, &under->policy->dn));
	if (verdict.allowed || under->observe)
		return LDAP_SUCCESS;
	send_ldap_error(undo->op, undo->rs, verdict.result, verdict.text);
	return undo->rs->sr_err;
}

static int ask_policy(struct lk_undo *undo, const struct lk_policy *policy)
{
	struct lk_governance under = {.policy = policy, .mode = policy->mode, .observe = policy->observe};

	return ask(undo, &under, LK_ACTION_CHANGE_RULES);
}

/* A scope that VALUES add takes users away from the policy that has governed them so far. */
static int check_scopes(struct lk_undo *undo, const struct berval *policy_ndn, const struct berval *values)
{
	int rc = LDAP_SUCCESS;

	for (size_t i = 0; values && !BER_BVISNULL(&values[i]) && rc == LDAP_SUCCESS; i++) {
		const struct lk_policy *now = lk_snapshot_govern(undo->snapshot, &values[i]).policy;

		if (now && !dn_match(&now->dn, policy_ndn))
			rc = ask_policy(undo, now);
	}
	return rc;
}

static bool is_below_a_base(const struct berval *ndn)
{
	for (struct lk_instance *instance = lk_instances; instance; instance = instance->next) {
		if (!BER_BVISNULL(&instance->policy_nbase) && lk_dn_is_within(ndn, &instance->policy_nbase))
			return true;
	}
	return false;
}

/* The policies at NDN, and with BELOW under it. */
static int check_policies(struct lk_undo *undo, const struct berval *ndn, bool below)
{
	int rc = LDAP_SUCCESS;

	for (size_t i = 0; i < undo->snapshot->count && rc == LDAP_SUCCESS; i++) {
		const struct lk_policy *policy = undo->snapshot->policies[i];

		if (dn_match(&policy->dn, ndn) || (below && lk_dn_is_within(&policy->dn, ndn)))
			rc = ask_policy(undo, policy);
	}
	return rc;
}

static int check_groups(struct lk_undo *undo, const struct berval *ndn, enum lk_concern concern)
{
	int rc = LDAP_SUCCESS;

	for (size_t i = 0; i < undo->snapshot->count && rc == LDAP_SUCCESS; i++) {
		if (lk_groups_concern(undo->op, undo->snapshot->policies[i], ndn, concern))
			rc = ask_policy(undo, undo->snapshot->policies[i]);
	}
	return rc;
}

/* Most writes concern no rule, and need not know the policies. */
static bool may_concern_rules(const Operation *op)
{
	if (op->o_tag != LDAP_REQ_MODIFY || is_below_a_base(&op->o_req_ndn))
		return true;
	for (Modifications *mod = op->orm_modlist; mod; mod = mod->sml_next) {
		if (lk_groups_are_in(mod->sml_desc))
			return true;
	}
	return false;
}

static int check_modify(struct lk_undo *undo)
{
	Operation *op = undo->op;
	bool members = false;
	int rc = check_policies(undo, &op->o_req_ndn, false);

	for (Modifications *mod = op->orm_modlist; mod && rc == LDAP_SUCCESS; mod = mod->sml_next) {
		if (mod->sml_desc == lk_schema.scope && mod->sml_op != LDAP_MOD_DELETE && is_below_a_base(&op->o_req_ndn))
			rc = check_scopes(undo, &op->o_req_ndn, mod->sml_nvalues);
		members = members || lk_groups_are_in(mod->sml_desc);
	}
	if (rc == LDAP_SUCCESS && members)
		rc = check_groups(undo, &op->o_req_ndn, LK_CONCERN_GROUP_OR_MEMBER);
	return rc;
}

/* An entry that takes the name of a member takes their role. */
static int check_add(struct lk_undo *undo)
{
	Operation *op = undo->op;
	Attribute *scope = attr_find(op->ora_e->e_attrs, lk_schema.scope);
	int rc = LDAP_SUCCESS;

	if (scope && is_below_a_base(&op->o_req_ndn))
		rc = check_scopes(undo, &op->o_req_ndn, scope->a_nvals);
	if (rc == LDAP_SUCCESS)
		rc = check_groups(undo, &op->o_req_ndn, LK_CONCERN_GROUP_OR_MEMBER);
	return rc;
}

static int check_delete(struct lk_undo *undo)
{
	int rc = check_policies(undo, &undo->op->o_req_ndn, true);

	return rc == LDAP_SUCCESS ? check_groups(undo, &undo->op->o_req_ndn, LK_CONCERN_GROUP) : rc;
}

/* --- moves ---------------------------------------------------------------------------------------------------- */

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

		if (under.policy && lk_dn_is_within(&scopes[i], &undo->op->o_req_ndn))
			rc = ask(undo, &under, LK_ACTION_MOVE);
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

static int check_place(struct lk_undo *undo, const struct berval *new_ndn)
{
	struct lk_governance before = lk_snapshot_govern(undo->snapshot, &undo->op->o_req_ndn);
	struct lk_governance after = lk_snapshot_govern(undo->snapshot, new_ndn);

	if (!before.policy || (before.policy == after.policy && before.mode == after.mode))
		return LDAP_SUCCESS;
	if (is_self_service(&before) && is_self_service(&after))
		return LDAP_SUCCESS;
	return ask(undo, &before, LK_ACTION_MOVE);
}

static int check_modrdn(struct lk_undo *undo)
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
	if (rc == LDAP_SUCCESS)
		rc = check_place(undo, &new_ndn);
	if (rc == LDAP_SUCCESS)
		rc = check_policies(undo, &op->o_req_ndn, true);
	/* What is moved below a policy base may hold policies; it is not looked through. */
	if (rc == LDAP_SUCCESS && is_below_a_base(&new_ndn) && op->orr_nnewSup)
		rc = check_policies(undo, &slap_empty_bv, true);
	if (rc == LDAP_SUCCESS)
		rc = check_groups(undo, &op->o_req_ndn, LK_CONCERN_GROUP_BELOW);
	if (rc == LDAP_SUCCESS)
		rc = check_groups(undo, &new_ndn, LK_CONCERN_GROUP_OR_MEMBER);
	op->o_tmpfree(new_ndn.bv_val, op->o_tmpmemctx);
	return rc;
}

int lk_guard_undo(Operation *op, SlapReply *rs, struct lk_instance *instance)
{
	struct lk_undo undo = {.op = op, .rs = rs, .instance = instance};
	int rc = LDAP_SUCCESS;

	if (!may_concern_rules(op))
		return LDAP_SUCCESS;
	undo.snapshot = lk_snapshot_get(op);
	if (!undo.snapshot) {
		send_ldap_error(op, rs, LDAP_BUSY, "the policies of this directory cannot be read now");
		return rs->sr_err;
	}
	switch (op->o_tag) {
	case LDAP_REQ_MODIFY:
		undo.what = "modify";
		rc = check_modify(&undo);
		break;
	case LDAP_REQ_ADD:
		undo.what = "add";
		rc = check_add(&undo);
		break;
	case LDAP_REQ_DELETE:
		undo.what = "delete";
		rc = check_delete(&undo);
		break;
	case LDAP_REQ_MODRDN:
		undo.what = "rename";
		rc = check_modrdn(&undo);
		break;
	}
	lk_snapshot_put(undo.snapshot);
	return rc;
}
