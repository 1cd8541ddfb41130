/* Who comes into a group and who leaves it by a Modify. */
#include "overlay.h"

static int compare(const void *a, const void *b)
{
	const struct berval *one = a, *other = b;

	return ber_bvcmp(one, other);
}

/* A sorted copy of the array, not of the strings. */
static struct berval *sorted(const struct berval *values, size_t count)
{
	struct berval *copy = ch_malloc((count + 1) * sizeof *copy);

	if (count)
		memcpy(copy, values, count * sizeof *copy);
	qsort(copy, count, sizeof *copy, compare);
	return copy;
}

struct set {
	const struct berval *values;
	size_t count;
};

/* Counts those of ALL that are not among OTHERS, and names the first of them. */
static void add_missing(const struct set *all, const struct set *others, struct lk_member_list *list)
{
	struct berval *known = sorted(others->values, others->count);

	for (size_t i = 0; i < all->count; i++) {
		if (bsearch(&all->values[i], known, others->count, sizeof *known, compare))
			continue;
		if (list->count < LK_MEMBERS_NAMED)
			ber_dupbv(&list->named[list->count], (struct berval *)&all->values[i]);
		list->count++;
	}
	ch_free(known);
}

static void differ(const Entry *group, const Modifications *mod, struct lk_members *members)
{
	Attribute *a = attr_find(group->e_attrs, mod->sml_desc);
	struct set before = {a ? a->a_nvals : NULL, a ? a->a_numvals : 0};
	struct set given = {mod->sml_nvalues ? mod->sml_nvalues : mod->sml_values, mod->sml_numvals}, none = {NULL, 0};

	switch (mod->sml_op) {
	case LDAP_MOD_ADD:
	case SLAP_MOD_SOFTADD:
		add_missing(&given, &before, &members->added);
		break;
	case LDAP_MOD_DELETE:
	case SLAP_MOD_SOFTDEL:
		add_missing(given.count ? &given : &before, &none, &members->removed);
		break;
	case LDAP_MOD_REPLACE:
		add_missing(&given, &before, &members->added);
		add_missing(&before, &given, &members->removed);
		break;
	}
}

struct look {
	Operation *op;
	struct lk_members *members;
};

static void see_group(void *context, const Entry *stored)
{
	struct look *look = context;

	for (const Modifications *mod = look->op->orm_modlist; mod; mod = mod->sml_next) {
		if (lk_groups_are_in(mod->sml_desc))
			differ(stored, mod, look->members);
	}
}

struct lk_members *lk_members_differ(Operation *op, struct lk_instance *instance)
{
	struct lk_members *members = ch_calloc(1, sizeof *members);
	struct look look = {op, members};

	lk_backend_look(op, instance->be, &op->o_req_ndn, see_group, &look);
	return members;
}

static void free_named(struct lk_member_list *list)
{
	for (size_t i = 0; i < list->count && i < LK_MEMBERS_NAMED; i++)
		ch_free(list->named[i].bv_val);
}

void lk_members_free(struct lk_members *members)
{
	if (!members)
		return;
	free_named(&members->added);
	free_named(&members->removed);
	ch_free(members);
}
