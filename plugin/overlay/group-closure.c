/* The closure of each role group: the groups found below it, by nesting. It is kept until any group is written, by a
 * client or by replication. Dynamic groups are not supported. */
#include "groups.h"

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
	changed = lk_backend_now();
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

/* Where the overlay is not, nothing guards who comes into a group. */
static bool is_guarded(const struct berval *ndn)
{
	BackendDB *be = select_backend((struct berval *)ndn, 0);

	if (!LK_GUARD("group-without-overlay", be && !lk_instance_of(be)))
		return true;
	lk_warn("the group \"%s\" gives no role: its database has no latchkey overlay", ndn->bv_val);
	return false;
}

static void closure_add(struct closure *closure, const struct berval *ndn)
{
	struct berval copy;

	if (closure->count >= CLOSURE_MAX || lk_dn_is_among(closure->groups, ndn) || !is_guarded(ndn))
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

/* Keeps CLOSURE, which OP has built, for others, and returns NULL; returns it where a group has changed since, or OP
 * reads what was before. Under the lock. */
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
BerVarray lk_groups_closure(Operation *op, const struct berval *group)
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
