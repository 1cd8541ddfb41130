/* What is remembered of former names: how a name is written, and how one is found again. */
#include "former-names.h"

/* --- names -------------------------------------------------------------------------------------------------------- */

/* Appends KIND, and what it is of, in op's memory. */
void lk_former_add_name(Operation *op, BerVarray *names, const char *kind, const struct berval *of)
{
	struct berval name;

	name.bv_len = strlen(kind) + of->bv_len;
	name.bv_val = op->o_tmpalloc(name.bv_len + 1, op->o_tmpmemctx);
	memcpy(name.bv_val, kind, strlen(kind));
	memcpy(name.bv_val + strlen(kind), of->bv_val, of->bv_len);
	name.bv_val[name.bv_len] = '\0';
	ber_bvarray_add_x(names, &name, op->o_tmpmemctx);
}

void lk_former_add_logins(Operation *op, BerVarray *names, const struct lk_policy *policy, const struct berval *values)
{
	for (; values && !BER_BVISNULL(values); values++) {
		struct berval login;

		login.bv_len = policy->dn.bv_len + 1 + values->bv_len;
		login.bv_val = op->o_tmpalloc(login.bv_len + 1, op->o_tmpmemctx);
		memcpy(login.bv_val, policy->dn.bv_val, policy->dn.bv_len);
		login.bv_val[policy->dn.bv_len] = ':';
		memcpy(login.bv_val + policy->dn.bv_len + 1, values->bv_val, values->bv_len);
		lk_former_add_name(op, names, "login:", &login);
	}
}

bool lk_former_is_login(const struct lk_policy *policy, const AttributeDescription *ad)
{
	for (size_t i = 0; policy->login_attributes && policy->login_attributes[i].bv_val; i++) {
		if (lk_schema_is_called(ad->ad_type, &policy->login_attributes[i]))
			return true;
	}
	return false;
}

void lk_former_add_logins_of(Operation *op, BerVarray *names, const struct lk_policy *policy, const Entry *entry)
{
	for (Attribute *a = entry->e_attrs; a; a = a->a_next) {
		if (lk_former_is_login(policy, a->a_desc))
			lk_former_add_logins(op, names, policy, a->a_nvals);
	}
}

bool lk_former_takes_away(const Modifications *mod)
{
	return mod->sml_op == LDAP_MOD_DELETE || mod->sml_op == SLAP_MOD_SOFTDEL || mod->sml_op == LDAP_MOD_REPLACE;
}

bool lk_former_puts_in(const Modifications *mod)
{
	return mod->sml_values && mod->sml_op != LDAP_MOD_DELETE && mod->sml_op != SLAP_MOD_SOFTDEL;
}

const struct berval *lk_former_normalized(const Modifications *mod)
{
	return mod->sml_nvalues ? mod->sml_nvalues : mod->sml_values;
}

void lk_former_add_given(Operation *op, BerVarray *names, const struct lk_policy *policy, const Modifications *mods)
{
	for (; mods; mods = mods->sml_next) {
		if (lk_former_puts_in(mods) && lk_former_is_login(policy, mods->sml_desc))
			lk_former_add_logins(op, names, policy, lk_former_normalized(mods));
	}
}

bool lk_former_is_among(const BerVarray names, const struct berval *name)
{
	for (size_t i = 0; names && !BER_BVISNULL(&names[i]); i++) {
		if (bvmatch(&names[i], name))
			return true;
	}
	return false;
}

/* --- what is remembered ------------------------------------------------------------------------------------------- */

static bool is_wanted(const struct lk_former_search *search, const struct berval *name)
{
	struct berval dn;

	if (lk_former_is_among(search->names, name))
		return true;
	if (BER_BVISNULL(&search->tree) || name->bv_len < 3 || memcmp(name->bv_val, "dn:", 3) != 0)
		return false;
	dn.bv_val = name->bv_val + 3;
	dn.bv_len = name->bv_len - 3;
	return lk_dn_is_within(&dn, &search->tree);
}

static bool has_wanted(const struct lk_former_search *search, const Attribute *names)
{
	for (unsigned i = 0; names && i < names->a_numvals; i++) {
		if (is_wanted(search, &names->a_vals[i]))
			return true;
	}
	return false;
}

/* Where several had the names, only what all of them had counts. */
static void keep_common(struct lk_former_search *search, const Attribute *addresses)
{
	BerVarray common = NULL;

	for (unsigned i = 0; addresses && i < addresses->a_numvals; i++) {
		struct berval copy;

		if (search->found && !lk_former_is_among(search->addresses, &addresses->a_vals[i]))
			continue;
		ber_dupbv_x(&copy, &addresses->a_vals[i], search->op->o_tmpmemctx);
		ber_bvarray_add_x(&common, &copy, search->op->o_tmpmemctx);
	}
	search->addresses = common;
}

/* An lk_backend_found. */
static int found_former(void *context, Operation *op, Entry *entry)
{
	struct lk_former_search *search = context;
	struct berval until = lk_entry_value(entry, lk_schema.former_until);
	struct berval uuid = lk_entry_value(entry, lk_schema.recovery_of);
	bool is_own = !BER_BVISEMPTY(&search->uuid) && bvmatch(&uuid, &search->uuid);
	time_t when;

	if (is_own != search->own || lk_time_parse(&until, &when) != LK_OK || when <= op->o_time)
		return 0;
	if (search->names && !has_wanted(search, attr_find(entry->e_attrs, lk_schema.former_name)))
		return 0;
	keep_common(search, attr_find(entry->e_attrs, lk_schema.former_address));
	ber_dupbv_x(&search->dn, &entry->e_name, search->op->o_tmpmemctx);
	ber_dupbv_x(&search->ndn, &entry->e_nname, search->op->o_tmpmemctx);
	search->found++;
	return 0;
}

/* In each database, since a policy may govern several. The names are in the filter for the index; what stands below a
 * DN is told here. */
void lk_former_search(struct lk_former_search *search)
{
	Operation *op = search->op;
	struct berval class = lk_schema.oc_former->soc_cname;
	Filter *is_former = lk_filter_equals(op, slap_schema.si_ad_objectClass, &class);
	Filter any = {.f_choice = LDAP_FILTER_OR}, both = {.f_choice = LDAP_FILTER_AND, .f_and = is_former};

	for (size_t i = 0; search->names && !BER_BVISNULL(&search->names[i]); i++) {
		Filter *name = lk_filter_equals(op, lk_schema.former_name, &search->names[i]);

		name->f_next = any.f_or;
		any.f_or = name;
	}
	if (any.f_or && BER_BVISNULL(&search->tree))
		is_former->f_next = &any;
	for (struct lk_instance *instance = lk_instances; instance; instance = instance->next) {
		if (instance->open)
			lk_backend_search(
				op, instance->be, &instance->ncontainer, LDAP_SCOPE_ONELEVEL, &both, 0, found_former, search);
	}
}

/* Whether the actor may reset the password of whoever has that name: then it is no way around anything. */
struct lk_verdict lk_former_verdict(
	Operation *op, const struct lk_instance *instance, const struct lk_governance *governance, const struct berval *ndn)
{
	struct berval actor = lk_actor(op);
	struct lk_question question = {
		.action = LK_ACTION_RESET,
		.mode = governance->mode,
		.actor_roles = lk_groups_roles(op, governance->policy, instance->be, &actor),
		.target_roles = lk_groups_roles(op, governance->policy, instance->be, ndn),
	};

	return lk_rules_decide(&question);
}
