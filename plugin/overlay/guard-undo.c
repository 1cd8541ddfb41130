/* What would undo a rule is guarded like the rule: the policies, the role groups and every group in them, and the place of an
 * entry in the tree. Whoever changes these must be a global administrator under the policy concerned, or the rootdn; out of a
 * self-service-only subtree nobody moves anything. What cn=config says is beyond all of them. */
#include "overlay.h"

struct lk_undo {
	Operation *op;
	SlapReply *rs;
	struct lk_instance *instance;
	struct lk_snapshot *snapshot;
	bool decided;
	struct lk_decision decision; /* the first that refuses, or would if its policy did not observe; else the first */
};

static int note(struct lk_undo *undo, const struct lk_decision *decision)
{
	bool refuses = !decision->verdict.allowed && !decision->observe;

	if (!undo->decided || refuses || (undo->decision.verdict.allowed && !decision->verdict.allowed))
		undo->decision = *decision;
	undo->decided = true;
	return refuses ? decision->verdict.result : LDAP_SUCCESS;
}

/* UNDER is what governs now what would change. */
static int ask(struct lk_undo *undo, const struct lk_governance *under, enum lk_action action, enum lk_changes changes)
{
	struct berval actor = lk_actor(undo->op);
	struct lk_question question = {
		.action = action,
		.mode = under->mode,
		.actor_roles = lk_groups_roles(undo->op, under->policy, undo->instance->be, &actor),
	};
	struct lk_decision decision = {
		.verdict = lk_rules_decide(&question),
		.observe = under->observe,
		.changes = changes,
		.policy = under->policy->dn,
	};

	return note(undo, &decision);
}

static int ask_policy(struct lk_undo *undo, const struct lk_policy *policy, enum lk_changes changes)
{
	struct lk_governance under = {.policy = policy, .mode = policy->mode, .observe = policy->observe};

	return ask(undo, &under, LK_ACTION_CHANGE_RULES, changes);
}

/* That a policy begins, or that an entry becomes one, is told even where no rule forbids it to anybody. */
static void note_policy(struct lk_undo *undo)
{
	struct lk_decision decision = {
		.verdict = {.allowed = true, .rule = "left-to-access-control"},
		.changes = LK_CHANGES_POLICY,
	};

	note(undo, &decision);
}

/* A scope that VALUES add takes users away from the policy that has governed them so far. */
static int check_scopes(struct lk_undo *undo, const struct berval *policy_ndn, const struct berval *values)
{
	int rc = LDAP_SUCCESS;

	for (size_t i = 0; values && !BER_BVISNULL(&values[i]) && rc == LDAP_SUCCESS; i++) {
		const struct lk_policy *now = lk_snapshot_govern(undo->snapshot, &values[i]).policy;

		if (LK_GUARD("covered-scope", lk_coverage_gap(&values[i]) != NULL))
			return lk_refuse(undo->op, undo->rs, LDAP_UNWILLING_TO_PERFORM,
				"a database of this scope has no latchkey overlay: the policy's rules would not hold there");
		if (LK_GUARD("scope-of-another", now && !dn_match(&now->dn, policy_ndn)))
			rc = ask_policy(undo, now, LK_CHANGES_POLICY);
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

		if (LK_GUARD("policy-itself", dn_match(&policy->dn, ndn) || (below && lk_dn_is_within(&policy->dn, ndn))))
			rc = ask_policy(undo, policy, LK_CHANGES_POLICY);
	}
	return rc;
}

static int check_groups(struct lk_undo *undo, const struct berval *ndn, enum lk_concern concern)
{
	int rc = LDAP_SUCCESS;

	for (size_t i = 0; i < undo->snapshot->count && rc == LDAP_SUCCESS; i++) {
		if (LK_GUARD("role-groups", lk_groups_concern(undo->op, undo->snapshot->policies[i], ndn, concern)))
			rc = ask_policy(undo, undo->snapshot->policies[i], LK_CHANGES_GROUP);
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
		if (mod->sml_desc == lk_schema.scope && mod->sml_op != LDAP_MOD_DELETE && is_below_a_base(&op->o_req_ndn)) {
			rc = check_scopes(undo, &op->o_req_ndn, mod->sml_nvalues);
			note_policy(undo);
		}
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

	if (scope && is_below_a_base(&op->o_req_ndn)) {
		rc = check_scopes(undo, &op->o_req_ndn, scope->a_nvals);
		note_policy(undo);
	}
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

		if (LK_GUARD("scope-moved", under.policy && lk_dn_is_within(&scopes[i], &undo->op->o_req_ndn)))
			rc = ask(undo, &under, LK_ACTION_MOVE, LK_CHANGES_PLACE);
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
	return ask(undo, &before, LK_ACTION_MOVE, LK_CHANGES_PLACE);
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
	if (LK_GUARD("entry-moved", rc == LDAP_SUCCESS))
		rc = check_place(undo, &new_ndn);
	if (rc == LDAP_SUCCESS)
		rc = check_policies(undo, &op->o_req_ndn, true);
	/* What is moved below a policy base may hold policies; it is not looked through. */
	if (LK_GUARD("policies-moved-in", rc == LDAP_SUCCESS && is_below_a_base(&new_ndn) && op->orr_nnewSup))
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
	if (!undo.snapshot)
		return lk_refuse(op, rs, LDAP_BUSY, lk_unread_text);
	switch (op->o_tag) {
	case LDAP_REQ_MODIFY:
		rc = check_modify(&undo);
		break;
	case LDAP_REQ_ADD:
		rc = check_add(&undo);
		break;
	case LDAP_REQ_DELETE:
		rc = check_delete(&undo);
		break;
	case LDAP_REQ_MODRDN:
		rc = check_modrdn(&undo);
		break;
	}
	if (rc != LDAP_SUCCESS)
		lk_trail_refuse(op, rs, instance, &undo.decision);
	else if (undo.decided)
		lk_trail_pass(op, instance, &undo.decision);
	lk_snapshot_put(undo.snapshot);
	return rc;
}
