/* Who is in a role: membership of a group, nested groups included. The closure of each role group (the groups found below
 * it) is kept until any group is written, by a client or by replication. Dynamic groups are not supported. */
#include "overlay.h"

#define CLOSURE_MAX 4096 /* groups below one role */

struct closure {
	struct closure *next;
	struct berval group; /* normalized DN, owned */
	BerVarray groups; /* itself and all below it, normalized, owned */
	size_t count;
	unsigned long generation;
};

static ldap_pvt_thread_mutex_t mutex; /* guards all below */
static struct closure *closures;
static unsigned long generation = 1;
static time_t changed; /* when that was last raised */
static unsigned changing; /* writes under way that may change a group: until they are over, nothing is known */

int lk_groups_setup(void)
{
	return ldap_pvt_thread_mutex_init(&mutex) ? -1 : 0;
}

void lk_groups_teardown(void)
{
	lk_groups_invalidate();
	ldap_pvt_thread_mutex_destroy(&mutex);
}

static void closure_free(struct closure *closure)
{
	if (!closure)
		return;
	ch_free(closure->group.bv_val);
	ber_bvarray_free(closure->groups);
	ch_free(closure);
}

void lk_groups_invalidate(void)
{
	ldap_pvt_thread_mutex_lock(&mutex);
	generation++;
	changed = slap_get_time();
	while (closures) {
		struct closure *next = closures->next;

		closure_free(closures);
		closures = next;
	}
	ldap_pvt_thread_mutex_unlock(&mutex);
}

void lk_groups_change(bool begins)
{
	ldap_pvt_thread_mutex_lock(&mutex);
	if (begins)
		changing++;
	else
		changing--;
	ldap_pvt_thread_mutex_unlock(&mutex);
}

static bool closure_has(const struct closure *closure, const struct berval *ndn)
{
	for (size_t i = 0; i < closure->count; i++) {
		if (dn_match(&closure->groups[i], ndn))
			return true;
	}
	return false;
}

static void closure_add(struct closure *closure, const struct berval *ndn)
{
	struct berval copy;

	if (closure->count >= CLOSURE_MAX || closure_has(closure, ndn))
		return;
	ber_dupbv(&copy, (struct berval *)ndn);
	ber_bvarray_add(&closure->groups, &copy);
	closure->count++;
}

static void see_group(void *context, const Entry *stored)
{
	*(bool *)context = (lk_schema.member && attr_find(stored->e_attrs, lk_schema.member)) ||
					   (lk_schema.unique_member && attr_find(stored->e_attrs, lk_schema.unique_member));
}

static bool is_group(Operation *op, const struct berval *ndn)
{
	BackendDB *be = select_backend((struct berval *)ndn, 0);
	bool group = false;

	return be && lk_backend_look(op, be, ndn, see_group, &group) == LDAP_SUCCESS && group;
}

/* A uniqueMember may carry a "#'0101'B" after the DN; such a value names nobody here. */
static void add_groups_among(Operation *op, struct closure *closure, const Entry *group, AttributeDescription *ad)
{
	Attribute *a = ad ? attr_find(group->e_attrs, ad) : NULL;

	for (size_t i = 0; a && i < a->a_numvals; i++) {
		if (is_group(op, &a->a_nvals[i]))
			closure_add(closure, &a->a_nvals[i]);
	}
}

/* Breadth first; a group that is there already is not visited again, so loops end. */
static struct closure *closure_build(Operation *op, const struct berval *group)
{
	struct closure *closure = ch_calloc(1, sizeof *closure);

	ber_dupbv(&closure->group, (struct berval *)group);
	closure_add(closure, group);
	for (size_t i = 0; i < closure->count; i++) {
		BackendDB *be = select_backend(&closure->groups[i], 0);
		Entry *entry = NULL;

		if (!be || lk_backend_fetch(op, be, &closure->groups[i], &entry) != LDAP_SUCCESS)
			continue;
		add_groups_among(op, closure, entry, lk_schema.member);
		add_groups_among(op, closure, entry, lk_schema.unique_member);
		entry_free(entry);
	}
	if (closure->count >= CLOSURE_MAX)
		lk_warn("role group \"%s\" has more than %d groups below it; the others are not counted", group->bv_val,
			CLOSURE_MAX);
	return closure;
}

/* A copy of the closure's groups, ended by BER_BVNULL, in op's memory. */
static BerVarray closure_copy(Operation *op, const struct closure *closure)
{
	BerVarray copy = op->o_tmpcalloc(closure->count + 1, sizeof *copy, op->o_tmpmemctx);

	for (size_t i = 0; i < closure->count; i++)
		ber_dupbv_x(&copy[i], &closure->groups[i], op->o_tmpmemctx);
	return copy;
}

static BerVarray closure_known(Operation *op, const struct berval *group, unsigned long *ret_generation)
{
	BerVarray copy = NULL;

	ldap_pvt_thread_mutex_lock(&mutex);
	*ret_generation = generation;
	for (struct closure *closure = changing ? NULL : closures; closure && !copy; closure = closure->next) {
		if (dn_match(&closure->group, group))
			copy = closure_copy(op, closure);
	}
	ldap_pvt_thread_mutex_unlock(&mutex);
	return copy;
}

/* Keeps CLOSURE, which OP has built, for others, and returns NULL; returns it where a group has changed since, or OP reads what
 * was before. Under the lock. */
static struct closure *closure_keep(const Operation *op, struct closure *closure, unsigned long as_of)
{
	if (generation != as_of || changing)
		return closure;
	if (LK_GUARD("groups-of-an-earlier-view", !lk_backend_reads_since(op, changed)))
		return closure;
	closure->next = closures;
	closures = closure;
	return NULL;
}

/* Within a transaction one sees what it has changed so far; that may never be, so it is not kept. */
static BerVarray closure_of(Operation *op, const struct berval *group)
{
	unsigned long as_of = 0;
	bool apart = LK_GUARD("groups-of-a-transaction", op->o_txnSpec);
	BerVarray copy = apart ? NULL : closure_known(op, group, &as_of);
	struct closure *closure;

	if (copy)
		return copy;
	closure = closure_build(op, group);
	copy = closure_copy(op, closure);
	ldap_pvt_thread_mutex_lock(&mutex);
	closure = closure_keep(op, closure, as_of);
	ldap_pvt_thread_mutex_unlock(&mutex);
	closure_free(closure);
	return copy;
}

struct question {
	const struct berval *member;
	bool found;
};

static bool lists(const Entry *group, AttributeDescription *ad, const struct berval *member)
{
	Attribute *a = ad ? attr_find(group->e_attrs, ad) : NULL;
	unsigned flags = SLAP_MR_EQUALITY | SLAP_MR_VALUE_OF_ASSERTION_SYNTAX | SLAP_MR_ASSERTED_VALUE_NORMALIZED_MATCH |
					 SLAP_MR_ATTRIBUTE_VALUE_NORMALIZED_MATCH;

	return a && attr_valfind(a, flags, (struct berval *)member, NULL, NULL) == LDAP_SUCCESS;
}

static void see_members(void *context, const Entry *stored)
{
	struct question *question = context;

	question->found =
		lists(stored, lk_schema.member, question->member) || lists(stored, lk_schema.unique_member, question->member);
}

static bool group_lists(Operation *op, const struct berval *group, const struct berval *member)
{
	BackendDB *be = select_backend((struct berval *)group, 0);
	struct question question = {.member = member};

	return be && lk_backend_look(op, be, group, see_members, &question) == LDAP_SUCCESS && question.found;
}

static bool is_in_role(Operation *op, lk_strings groups, const struct berval *member)
{
	bool found = false;

	for (size_t g = 0; groups && groups[g].bv_val && !found; g++) {
		BerVarray closure = closure_of(op, &groups[g]);

		for (size_t i = 0; closure[i].bv_val && !found; i++)
			found = group_lists(op, &closure[i], member);
		ber_bvarray_free_x(closure, op->o_tmpmemctx);
	}
	return found;
}

struct walk {
	bool (*visit)(Operation *op, const struct berval *member, void *context);
	void *context;
	BerVarray groups; /* which are no members of their own */
};

static bool is_listed(BerVarray list, const struct berval *ndn)
{
	for (size_t i = 0; list[i].bv_val; i++) {
		if (dn_match(&list[i], ndn))
			return true;
	}
	return false;
}

static bool visit_values(Operation *op, const struct walk *walk, const Entry *group, AttributeDescription *ad)
{
	Attribute *a = ad ? attr_find(group->e_attrs, ad) : NULL;

	for (size_t i = 0; a && i < a->a_numvals; i++) {
		if (!is_listed(walk->groups, &a->a_nvals[i]) && walk->visit(op, &a->a_nvals[i], walk->context))
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
		struct walk walk = {visit, context, closure_of(op, &groups[g])};

		for (size_t i = 0; walk.groups[i].bv_val && !ended; i++)
			ended = visit_group(op, &walk, &walk.groups[i]);
		ber_bvarray_free_x(walk.groups, op->o_tmpmemctx);
	}
}

bool lk_groups_are_in(const AttributeDescription *ad)
{
	return ad && (ad == lk_schema.member || ad == lk_schema.unique_member);
}

static bool group_is_concerned(
	Operation *op, const struct berval *group, const struct berval *ndn, enum lk_concern concern)
{
	if (dn_match(group, ndn))
		return true;
	if (concern == LK_CONCERN_GROUP_BELOW)
		return lk_dn_is_within(group, ndn);
	return concern == LK_CONCERN_GROUP_OR_MEMBER && group_lists(op, group, ndn);
}

static bool role_is_concerned(Operation *op, lk_strings groups, const struct berval *ndn, enum lk_concern concern)
{
	bool concerned = false;

	for (size_t g = 0; groups && groups[g].bv_val && !concerned; g++) {
		BerVarray closure = closure_of(op, &groups[g]);

		for (size_t i = 0; closure[i].bv_val && !concerned; i++)
			concerned = group_is_concerned(op, &closure[i], ndn, concern);
		ber_bvarray_free_x(closure, op->o_tmpmemctx);
	}
	return concerned;
}

bool lk_groups_concern(Operation *op, const struct lk_policy *policy, const struct berval *ndn, enum lk_concern concern)
{
	return role_is_concerned(op, policy->global_admins, ndn, concern) ||
		   role_is_concerned(op, policy->password_admins, ndn, concern) ||
		   role_is_concerned(op, policy->auditors, ndn, concern);
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
