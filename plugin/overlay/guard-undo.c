/* What would undo a rule is guarded like the rule: the policies, the role groups and every group in them, and the place
 * of an entry in the tree. Whoever changes these must be a global administrator under the policy concerned, or the
 * rootdn; out of a self-service-only subtree nobody moves anything. What cn=config says is beyond all of them. */
#include "guard-undo.h"

int lk_undo_note(struct lk_undo *undo, const struct lk_decision *decision)
{
	bool refuses = !decision->verdict.allowed && !decision->observe;

	if (!undo->decided || refuses || (undo->decision.verdict.allowed && !decision->verdict.allowed))
		undo->decision = *decision;
	undo->decided = true;
	return refuses ? decision->verdict.result : LDAP_SUCCESS;
}

int lk_undo_ask(struct lk_undo *undo, const struct lk_governance *under, enum lk_action action, enum lk_changes changes)
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

	return lk_undo_note(undo, &decision);
}

int lk_undo_ask_policy(struct lk_undo *undo, const struct lk_policy *policy, enum lk_changes changes)
{
	struct lk_governance under = {.policy = policy, .mode = policy->mode, .observe = policy->observe};

	return lk_undo_ask(undo, &under, LK_ACTION_CHANGE_RULES, changes);
}

int lk_undo_ask_each_policy(struct lk_undo *undo, enum lk_changes changes)
{
	int rc = LDAP_SUCCESS;

	for (size_t i = 0; i < undo->snapshot->count && rc == LDAP_SUCCESS; i++)
		rc = lk_undo_ask_policy(undo, undo->snapshot->policies[i], changes);
	return rc;
}

int lk_undo_check_groups(struct lk_undo *undo, const struct berval *ndn, enum lk_concern concern)
{
	int rc = LDAP_SUCCESS;

	for (size_t i = 0; i < undo->snapshot->count && rc == LDAP_SUCCESS; i++) {
		if (LK_GUARD("role-groups", lk_groups_concern(undo->op, undo->snapshot->policies[i], ndn, concern)))
			rc = lk_undo_ask_policy(undo, undo->snapshot->policies[i], LK_CHANGES_GROUP);
	}
	return rc;
}

/* Most writes concern no rule, and need not know the policies. */
static bool may_concern_rules(const Operation *op)
{
	if (op->o_tag != LDAP_REQ_MODIFY || lk_undo_is_below_a_base(&op->o_req_ndn) ||
		lk_groups_name_trusted(&op->o_req_ndn, false))
		return true;
	for (Modifications *mod = op->orm_modlist; mod; mod = mod->sml_next) {
		if (lk_groups_are_in(mod->sml_desc))
			return true;
	}
	return false;
}

/* The entries of the rootdn and of services may be under no policy, but their passwords are ones to all of them.
 * Services change their own. */
static bool opens_everything(const struct lk_undo *undo)
{
	struct berval actor = lk_actor(undo->op);

	if (!lk_groups_name_trusted(&undo->op->o_req_ndn, false) || dn_match(&actor, &undo->op->o_req_ndn))
		return false;
	for (const Modifications *mod = undo->op->orm_modlist; mod; mod = mod->sml_next) {
		if (lk_schema_is_credential(undo->instance, mod->sml_desc))
			return true;
	}
	return false;
}

static int check_modify(struct lk_undo *undo)
{
	Operation *op = undo->op;
	bool members = false;
	int rc = lk_undo_check_policies(undo, &op->o_req_ndn, false);

	if (rc == LDAP_SUCCESS && lk_undo_is_below_a_base(&op->o_req_ndn))
		rc = lk_undo_check_given(undo, op->orm_modlist);
	for (Modifications *mod = op->orm_modlist; mod; mod = mod->sml_next)
		members = members || lk_groups_are_in(mod->sml_desc);
	if (rc == LDAP_SUCCESS && members)
		rc = lk_undo_check_groups(undo, &op->o_req_ndn, LK_CONCERN_GROUP_OR_MEMBER);
	if (LK_GUARD("password-of-the-rootdn", rc == LDAP_SUCCESS && opens_everything(undo)))
		rc = lk_undo_ask_each_policy(undo, LK_CHANGES_CREDENTIAL);
	return rc;
}

/* An entry that takes the name of a member takes their role. */
static int check_add(struct lk_undo *undo)
{
	int rc = lk_undo_check_added(undo);

	return rc == LDAP_SUCCESS ? lk_undo_check_groups(undo, &undo->op->o_req_ndn, LK_CONCERN_GROUP_OR_MEMBER) : rc;
}

static int check_delete(struct lk_undo *undo)
{
	int rc = lk_undo_check_policies(undo, &undo->op->o_req_ndn, true);

	return rc == LDAP_SUCCESS ? lk_undo_check_groups(undo, &undo->op->o_req_ndn, LK_CONCERN_GROUP) : rc;
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
		rc = lk_undo_check_move(&undo);
		break;
	}
	if (rc != LDAP_SUCCESS)
		lk_trail_refuse(op, rs, instance, &undo.decision);
	else if (undo.decided)
		lk_trail_pass(op, instance, &undo.decision);
	lk_snapshot_put(undo.snapshot);
	return rc;
}
