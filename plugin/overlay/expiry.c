/* What time does to a password. It stops working by itself: a temporary one by its own lifetime, any other by
 * slapo-ppolicy's pwdMaxAge; and where ppolicy has pwdMustChange, one that was reset has to be changed at once.
 * (ppolicy's Account Usability control does not tell an expired password from a locked account.) */
#include "overlay.h"

static slap_overinst *ppolicy_of(const struct lk_instance *instance)
{
	slap_overinst *on = lk_instance_overlays(instance);

	while (on && strcmp(on->on_bi.bi_type, "ppolicy"))
		on = on->on_next;
	return on;
}

/* The value of olcPPolicyDefault, asked the way cn=config asks. */
struct berval lk_password_default_policy(const struct lk_instance *instance)
{
	slap_overinst *on = ppolicy_of(instance);
	struct berval policy = BER_BVNULL;
	ConfigArgs args = {0};
	ConfigTable *table = on && on->on_bi.bi_cf_ocs ? on->on_bi.bi_cf_ocs->co_table : NULL;

	while (table && table->name && strcmp(table->name, "ppolicy_default"))
		table++;
	if (!table || !table->name)
		return policy;
	args.bi = (BackendInfo *)on;
	args.be = instance->be;
	args.op = SLAP_CONFIG_EMIT;
	if (config_get_vals(table, &args) == LDAP_SUCCESS && args.rvalue_nvals)
		ber_dupbv(&policy, &args.rvalue_nvals[0]);
	else if (args.rvalue_vals)
		dnNormalize(0, NULL, NULL, &args.rvalue_vals[0], &policy, NULL);
	ber_bvarray_free(args.rvalue_vals);
	ber_bvarray_free(args.rvalue_nvals);
	return policy;
}

/* What the user's password policy says. */
struct aging {
	long max_age; /* seconds; 0: no limit */
	bool must_change;
};

static void see_aging(void *context, const Entry *stored)
{
	struct aging *aging = context;
	struct berval age = lk_entry_value(stored, lk_schema.pwd_max_age);
	struct berval must_change = lk_entry_value(stored, lk_schema.pwd_must_change);

	aging->max_age = BER_BVISEMPTY(&age) ? 0 : strtol(age.bv_val, NULL, 10);
	aging->must_change = must_change.bv_len == 4 && !memcmp(must_change.bv_val, "TRUE", 4);
}

static struct aging aging_of(Operation *op, const struct lk_target *target)
{
	Attribute *a =
		lk_schema.pwd_policy_subentry ? attr_find(target->entry->e_attrs, lk_schema.pwd_policy_subentry) : NULL;
	struct berval by_default = a ? (struct berval)BER_BVNULL : lk_password_default_policy(target->instance);
	struct berval *policy = a ? &a->a_nvals[0] : &by_default;
	BackendDB *be = BER_BVISEMPTY(policy) ? NULL : select_backend(policy, 0);
	struct aging aging = {0};

	if (be)
		lk_backend_look(op, be, policy, see_aging, &aging);
	ch_free(by_default.bv_val);
	return aging;
}

bool lk_password_change_is_demanded(Operation *op, const struct lk_target *target)
{
	return ppolicy_of(target->instance) && aging_of(op, target).must_change;
}

bool lk_password_is_temporary(const struct berval *stored)
{
	return !strncasecmp(stored->bv_val, LK_TEMPORARY_SCHEME, sizeof LK_TEMPORARY_SCHEME - 1);
}

static bool is_temporary_and_over(const struct berval *stored, time_t now)
{
	struct berval hash;
	time_t until;

	if (!lk_password_is_temporary(stored))
		return false;
	return lk_temporary_parse(stored, &until, &hash) != LK_OK || now >= until;
}

bool lk_password_expires(Operation *op, const struct lk_target *target, time_t *ret_when, long *ret_max_age)
{
	struct berval changed = lk_entry_value(target->entry, lk_schema.pwd_changed);
	time_t when;
	long age;

	if (!lk_schema.pwd_max_age || lk_time_parse(&changed, &when) != LK_OK)
		return false;
	age = aging_of(op, target).max_age;
	if (age <= 0)
		return false;
	*ret_when = when + age;
	*ret_max_age = age;
	return true;
}

bool lk_password_is_expired(Operation *op, const struct lk_target *target)
{
	struct berval stored = lk_entry_value(target->entry, slap_schema.si_ad_userPassword);
	time_t when;
	long age;

	if (is_temporary_and_over(&stored, op->o_time))
		return true;
	return lk_password_expires(op, target, &when, &age) && op->o_time >= when;
}
