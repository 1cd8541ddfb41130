/* The policies that a write changes, takes away or gives: one that is there is asked about itself, and about a new scope
 * the one that has governed it so far. */
#include "guard-undo.h"

/* That a policy begins, or that an entry becomes one, is told even where no rule forbids it to anybody. */
static void note_policy(struct lk_undo *undo)
{
	struct lk_decision decision = {
		.verdict = {.allowed = true, .rule = "left-to-access-control"},
		.changes = LK_CHANGES_POLICY,
	};

	lk_undo_note(undo, &decision);
}

static const struct lk_decision uncovered = {
	.verdict = {.result = LDAP_UNWILLING_TO_PERFORM,
		.rule = "uncovered-scope",
		.text = "a database of this scope has no latchkey overlay: the policy's rules would not hold there"},
	.changes = LK_CHANGES_POLICY,
};

/* A scope that VALUES add takes users away from the policy that has governed them so far. */
static int check_scopes(struct lk_undo *undo, const struct berval *policy_ndn, const struct berval *values)
{
	int rc = LDAP_SUCCESS;

	for (size_t i = 0; values && !BER_BVISNULL(&values[i]) && rc == LDAP_SUCCESS; i++) {
		const struct lk_policy *now = lk_snapshot_govern(undo->snapshot, &values[i]).policy;

		if (LK_GUARD("covered-scope", lk_coverage_gap(&values[i]) != NULL))
			return lk_undo_note(undo, &uncovered);
		if (LK_GUARD("scope-of-another", now && !dn_match(&now->dn, policy_ndn)))
			rc = lk_undo_ask_policy(undo, now, LK_CHANGES_POLICY);
	}
	return rc;
}

bool lk_undo_is_below_a_base(const struct berval *ndn)
{
	for (struct lk_instance *instance = lk_instances; instance; instance = instance->next) {
		if (!BER_BVISNULL(&instance->policy_nbase) && lk_dn_is_within(ndn, &instance->policy_nbase))
			return true;
	}
	return false;
}

int lk_undo_check_policies(struct lk_undo *undo, const struct berval *ndn, bool below)
{
	int rc = LDAP_SUCCESS;

	for (size_t i = 0; i < undo->snapshot->count && rc == LDAP_SUCCESS; i++) {
		const struct lk_policy *policy = undo->snapshot->policies[i];

		if (LK_GUARD("policy-itself", dn_match(&policy->dn, ndn) || (below && lk_dn_is_within(&policy->dn, ndn))))
			rc = lk_undo_ask_policy(undo, policy, LK_CHANGES_POLICY);
	}
	return rc;
}

static bool is_policy(const struct lk_undo *undo)
{
	for (size_t i = 0; i < undo->snapshot->count; i++) {
		if (dn_match(&undo->snapshot->policies[i]->dn, &undo->op->o_req_ndn))
			return true;
	}
	return false;
}

static void copy_scopes(void *context, const Entry *stored)
{
	Attribute *a = attr_find(stored->e_attrs, lk_schema.scope);

	if (a)
		ber_bvarray_dup_x(context, a->a_nvals, NULL);
}

/* An entry of another class had its scopes before, and they count as soon as it is a policy. */
static int check_new_class(struct lk_undo *undo)
{
	BerVarray scopes = NULL;
	int rc;

	if (is_policy(undo))
		return LDAP_SUCCESS;
	lk_backend_look(undo->op, undo->instance->be, &undo->op->o_req_ndn, copy_scopes, &scopes);
	rc = check_scopes(undo, &undo->op->o_req_ndn, scopes);
	if (scopes)
		note_policy(undo);
	ber_bvarray_free(scopes);
	return rc;
}

int lk_undo_check_given(struct lk_undo *undo, const Modifications *mods)
{
	int rc = LDAP_SUCCESS;

	for (; mods && rc == LDAP_SUCCESS; mods = mods->sml_next) {
		if (mods->sml_op == LDAP_MOD_DELETE)
			continue;
		if (mods->sml_desc == lk_schema.scope) {
			rc = check_scopes(undo, &undo->op->o_req_ndn, mods->sml_nvalues);
			note_policy(undo);
		} else if (LK_GUARD("policy-by-class", mods->sml_desc == slap_schema.si_ad_objectClass)) {
			rc = check_new_class(undo);
		}
	}
	return rc;
}

int lk_undo_check_added(struct lk_undo *undo)
{
	Operation *op = undo->op;
	Attribute *scope = attr_find(op->ora_e->e_attrs, lk_schema.scope);
	int rc;

	if (!scope || !lk_undo_is_below_a_base(&op->o_req_ndn))
		return LDAP_SUCCESS;
	rc = check_scopes(undo, &op->o_req_ndn, scope->a_nvals);
	note_policy(undo);
	return rc;
}
