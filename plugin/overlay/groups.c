/* Who is in a role: membership of a group, nested groups included. */
#include "groups.h"

bool lk_groups_are_in(const AttributeDescription *ad)
{
	return ad && (ad == lk_schema.member || ad == lk_schema.unique_member);
}

struct question {
	const struct berval *ndn;
	bool below; /* an entry below it will do */
	bool found;
};

static bool has_value(Attribute *a, const struct berval *ndn)
{
	unsigned flags = SLAP_MR_EQUALITY | SLAP_MR_VALUE_OF_ASSERTION_SYNTAX | SLAP_MR_ASSERTED_VALUE_NORMALIZED_MATCH |
					 SLAP_MR_ATTRIBUTE_VALUE_NORMALIZED_MATCH;

	return attr_valfind(a, flags, (struct berval *)ndn, NULL, NULL) == LDAP_SUCCESS;
}

static bool has_value_within(const Attribute *a, const struct berval *ancestor)
{
	for (size_t i = 0; i < a->a_numvals; i++) {
		if (lk_dn_is_within(&a->a_nvals[i], ancestor))
			return true;
	}
	return false;
}

static bool lists(const Entry *group, AttributeDescription *ad, const struct question *question)
{
	Attribute *a = ad ? attr_find(group->e_attrs, ad) : NULL;

	return a && (question->below ? has_value_within(a, question->ndn) : has_value(a, question->ndn));
}

static void see_members(void *context, const Entry *stored)
{
	struct question *question = context;

	question->found = lists(stored, lk_schema.member, question) || lists(stored, lk_schema.unique_member, question);
}

bool lk_groups_list(Operation *op, const struct berval *group, const struct berval *ndn, bool below)
{
	BackendDB *be = select_backend((struct berval *)group, 0);
	struct question question = {.ndn = ndn, .below = below};

	return be && lk_backend_look(op, be, group, see_members, &question) == LDAP_SUCCESS && question.found;
}

static bool is_in_role(Operation *op, lk_strings groups, const struct berval *member)
{
	bool found = false;

	for (size_t g = 0; groups && groups[g].bv_val && !found; g++) {
		BerVarray closure = lk_groups_closure(op, &groups[g]);

		for (size_t i = 0; closure[i].bv_val && !found; i++)
			found = lk_groups_list(op, &closure[i], member, false);
		ber_bvarray_free_x(closure, op->o_tmpmemctx);
	}
	return found;
}

struct walk {
	bool (*visit)(Operation *op, const struct berval *member, void *context);
	void *context;
	BerVarray groups; /* which are no members of their own */
};

static bool visit_values(Operation *op, const struct walk *walk, const Entry *group, AttributeDescription *ad)
{
	Attribute *a = ad ? attr_find(group->e_attrs, ad) : NULL;

	for (size_t i = 0; a && i < a->a_numvals; i++) {
		if (!lk_dn_is_among(walk->groups, &a->a_nvals[i]) && walk->visit(op, &a->a_nvals[i], walk->context))
			return true;
	}
	return false;
}

static bool visit_group(Operation *op, const struct walk *walk, const struct berval *group)
{
	BackendDB *be = select_backend((struct berval *)group, 0);
	Entry *entry = NULL;
	bool ended;

	if (!be || lk_backend_fetch(op, be, group, &entry) != LDAP_SUCCESS)
		return false;
	ended = visit_values(op, walk, entry, lk_schema.member) || visit_values(op, walk, entry, lk_schema.unique_member);
	entry_free(entry);
	return ended;
}

void lk_groups_each_member(Operation *op, lk_strings groups,
	bool (*visit)(Operation *op, const struct berval *member, void *context), void *context)
{
	bool ended = false;

	for (size_t g = 0; groups && groups[g].bv_val && !ended; g++) {
		struct walk walk = {visit, context, lk_groups_closure(op, &groups[g])};

		for (size_t i = 0; walk.groups[i].bv_val && !ended; i++)
			ended = visit_group(op, &walk, &walk.groups[i]);
		ber_bvarray_free_x(walk.groups, op->o_tmpmemctx);
	}
}

unsigned lk_groups_roles(Operation *op, const struct lk_policy *policy, BackendDB *be, const struct berval *member)
{
	unsigned roles = LK_ROLE_NONE;

	if (BER_BVISEMPTY(member))
		return roles;
	if (be_isroot_dn(be, (struct berval *)member))
		roles |= LK_ROLE_ROOT;
	if (!policy)
		return roles;
	if (is_in_role(op, policy->global_admins, member))
		roles |= LK_ROLE_GLOBAL_ADMIN;
	if (is_in_role(op, policy->password_admins, member))
		roles |= LK_ROLE_PASSWORD_ADMIN;
	if (is_in_role(op, policy->auditors, member))
		roles |= LK_ROLE_AUDITOR;
	return roles;
}

unsigned lk_groups_roles_anywhere(Operation *op, BackendDB *be, const struct berval *member)
{
	struct lk_snapshot *snapshot = lk_snapshot_get(op);
	unsigned roles = LK_ROLE_NONE;

	for (size_t i = 0; snapshot && i < snapshot->count; i++)
		roles |= lk_groups_roles(op, snapshot->policies[i], be, member);
	lk_snapshot_put(snapshot);
	return roles;
}
