/* Who comes into a group and who leaves it by a Modify. */
#include "overlay.h"

static int compare(const void *a, const void *b)
{
	const struct berval *one = a, *other = b;

	return ber_bvcmp(one, other);
}

/* A sorted copy of the array, not of the strings. */
static struct berval *sorted(Operation *op, const struct berval *values, size_t count)
{
	struct berval *copy = op->o_tmpalloc((count + 1) * sizeof *copy, op->o_tmpmemctx);

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
static void add_missing(Operation *op, const struct set *all, const struct set *others, struct lk_member_list *list)
{
	struct berval *known = sorted(op, others->values, others->count);

	for (size_t i = 0; i < all->count; i++) {
		if (bsearch(&all->values[i], known, others->count, sizeof *known, compare))
			continue;
		if (list->count < LK_MEMBERS_NAMED)
			ber_dupbv_x(&list->named[list->count], (struct berval *)&all->values[i], op->o_tmpmemctx);
		list->count++;
	}
	op->o_tmpfree(known, op->o_tmpmemctx);
}

static void differ(Operation *op, const Entry *group, const Modifications *mod, struct lk_members *members)
{
	Attribute *a = attr_find(group->e_attrs, mod->sml_desc);
	struct set before = {a ? a->a_nvals : NULL, a ? a->a_numvals : 0};
	struct set given = {mod->sml_nvalues ? mod->sml_nvalues : mod->sml_values, mod->sml_numvals}, none = {NULL, 0};

	switch (mod->sml_op) {
	case LDAP_MOD_ADD:
	case SLAP_MOD_SOFTADD:
		add_missing(op, &given, &before, &members->added);
		break;
	case LDAP_MOD_DELETE:
	case SLAP_MOD_SOFTDEL:
		add_missing(op, given.count ? &given : &before, &none, &members->removed);
		break;
	case LDAP_MOD_REPLACE:
		add_missing(op, &given, &before, &members->added);
		add_missing(op, &before, &given, &members->removed);
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
			differ(look->op, stored, mod, look->members);
	}
}

struct lk_members *lk_members_differ(Operation *op, struct lk_instance *instance)
{
	struct lk_members *members = op->o_tmpcalloc(1, sizeof *members, op->o_tmpmemctx);
	struct look look = {op, members};

	lk_backend_look(op, instance->be, &op->o_req_ndn, see_group, &look);
	return members;
}
