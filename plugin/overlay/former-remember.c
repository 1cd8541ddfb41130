/* Giving up a name: it is remembered in an entry that is written before the name is free. */
#include "former-names.h"

#define REMEMBERED_MAX 16 /* renames of one account: more are refused */

static const char too_often_text[] =
	"this account was renamed too often: try again when the cool-down of the policy is over";

static Modifications *mods_of(Operation *op)
{
	return op->o_tag == LDAP_REQ_MODRDN ? op->orr_modlist : op->orm_modlist;
}

/* The values of a login attribute that MOD takes away. */
static const struct berval *taken_by(const Modifications *mod, const Entry *entry)
{
	Attribute *a = attr_find(entry->e_attrs, mod->sml_desc);

	if (!a || !lk_former_takes_away(mod))
		return NULL;
	return mod->sml_values && mod->sml_op != LDAP_MOD_REPLACE ? lk_former_normalized(mod) : a->a_nvals;
}

/* Login names that OP changes, but for those that it gives back. */
static void add_lost_logins(Operation *op, BerVarray *names, const struct lk_target *target)
{
	const struct lk_policy *policy = target->governance.policy;
	BerVarray taken = NULL, given = NULL;

	lk_former_add_given(op, &given, policy, mods_of(op));
	for (Modifications *mod = mods_of(op); mod; mod = mod->sml_next) {
		if (lk_former_is_login(policy, mod->sml_desc))
			lk_former_add_logins(op, &taken, policy, taken_by(mod, target->entry));
	}
	for (size_t i = 0; taken && !BER_BVISNULL(&taken[i]); i++) {
		if (!lk_former_is_among(given, &taken[i]) && !lk_former_is_among(*names, &taken[i]))
			ber_bvarray_add_x(names, &taken[i], op->o_tmpmemctx);
	}
}

/* What OP takes from the entry of TARGET. An entry without a login name and a password is nobody's account. */
static BerVarray names_lost(Operation *op, const struct lk_target *target)
{
	BerVarray names = NULL;

	if (op->o_tag != LDAP_REQ_DELETE) {
		add_lost_logins(op, &names, target);
		if (op->o_tag == LDAP_REQ_MODRDN)
			lk_former_add_name(op, &names, "below:", &op->o_req_ndn);
		return names;
	}
	lk_former_add_logins_of(op, &names, target->governance.policy, target->entry);
	if (names || attr_find(target->entry->e_attrs, slap_schema.si_ad_userPassword))
		lk_former_add_name(op, &names, "dn:", &op->o_req_ndn);
	return names;
}

/* Who may not do it causes no write. */
static bool may_try(Operation *op, Entry *entry)
{
	slap_access_t access = op->o_tag == LDAP_REQ_DELETE ? ACL_WDEL : ACL_WRITE;

	if (op->o_tag != LDAP_REQ_MODIFY)
		return access_allowed(op, entry, slap_schema.si_ad_entry, NULL, access, NULL);
	for (Modifications *mod = op->orm_modlist; mod; mod = mod->sml_next) {
		if (lk_former_takes_away(mod) && !access_allowed(op, entry, mod->sml_desc, NULL, ACL_WDEL, NULL))
			return false;
	}
	return true;
}

static bool copy_address(const struct berval *address, void *context)
{
	Attribute *a = attr_find(((Entry *)context)->e_attrs, lk_schema.former_address);

	if (a && lk_former_is_among(a->a_vals, address))
		return false;
	attr_merge_normalize_one(context, lk_schema.former_address, (struct berval *)address, NULL);
	return false;
}

static Entry *new_former(const struct lk_target *target, BerVarray names, const struct berval *until)
{
	struct berval uuid = lk_entry_value(target->entry, slap_schema.si_ad_entryUUID), dn, ndn, rdn, id;
	char text[sizeof "latchkeyFormerId=" + LK_ID_TEXT] = "latchkeyFormerId=";
	Entry *entry = entry_alloc();

	ber_str2bv(text + strlen(text), 0, 0, &id);
	lk_message_new_id(id.bv_val);
	id.bv_len = LK_ID_TEXT;
	ber_str2bv(text, 0, 0, &rdn);
	build_new_dn(&dn, &target->instance->container, &rdn, NULL);
	build_new_dn(&ndn, &target->instance->ncontainer, &rdn, NULL);
	entry->e_name = dn;
	entry->e_nname = ndn;
	attr_merge_normalize_one(entry, slap_schema.si_ad_objectClass, &lk_schema.oc_former->soc_cname, NULL);
	attr_merge_normalize_one(entry, slap_schema.si_ad_structuralObjectClass, &lk_schema.oc_former->soc_cname, NULL);
	attr_merge_normalize_one(entry, lk_schema.former_id, &id, NULL);
	attr_merge_normalize_one(entry, lk_schema.recovery_of, &uuid, NULL);
	attr_merge_normalize_one(entry, lk_schema.former_until, (struct berval *)until, NULL);
	for (size_t i = 0; !BER_BVISNULL(&names[i]); i++) {
		Attribute *a = attr_find(entry->e_attrs, lk_schema.former_name);

		if (!a || !lk_former_is_among(a->a_vals, &names[i]))
			attr_merge_normalize_one(entry, lk_schema.former_name, &names[i], NULL);
	}
	lk_target_each_address(target, copy_address, entry);
	return entry;
}

static int add_former(Operation *op, const struct lk_target *target, BerVarray names, const struct berval *until)
{
	const char *text;
	int rc = lk_backend_add(op, target->instance->be, new_former(target, names, until), &text);

	if (rc != LDAP_NO_SUCH_OBJECT && rc != LDAP_REFERRAL)
		return rc;
	rc = lk_recovery_add_container(op, target->instance);
	if (rc != LDAP_SUCCESS && rc != LDAP_ALREADY_EXISTS)
		return rc;
	return lk_backend_add(op, target->instance->be, new_former(target, names, until), &text);
}

static int remember(Operation *op, SlapReply *rs, const struct lk_target *target)
{
	struct lk_former_search search = {
		.op = op, .own = true, .uuid = lk_entry_value(target->entry, slap_schema.si_ad_entryUUID)};
	BerVarray names = names_lost(op, target);
	char text[LK_TIME_TEXT + 1];
	struct berval until = {LK_TIME_TEXT, text};
	int rc;

	if (!names || BER_BVISEMPTY(&search.uuid) || !may_try(op, target->entry))
		return LDAP_SUCCESS;
	if (op->o_tag != LDAP_REQ_DELETE) {
		lk_former_search(&search);
		if (search.found >= REMEMBERED_MAX)
			return lk_refuse(op, rs, LDAP_ADMINLIMIT_EXCEEDED, too_often_text);
	}
	lk_time_format(op->o_time + target->governance.cooldown, text);
	rc = add_former(op, target, names, &until);
	return rc == LDAP_SUCCESS ? rc : lk_refuse(op, rs, LDAP_BUSY, "the names of this account cannot be remembered now");
}

static bool touches_logins(Operation *op, const struct lk_policy *policy)
{
	for (Modifications *mod = mods_of(op); mod; mod = mod->sml_next) {
		if (lk_former_takes_away(mod) && lk_former_is_login(policy, mod->sml_desc))
			return true;
	}
	return false;
}

static bool is_followed(Operation *op, const struct lk_governance *governance)
{
	if (!governance->policy || governance->observe || !governance->cooldown)
		return false;
	return op->o_tag != LDAP_REQ_MODIFY || touches_logins(op, governance->policy);
}

/* Most writes take no name away, and need not know the policies. */
static bool may_take_names(const Operation *op)
{
	if (op->o_noop > SLAP_CONTROL_IGNORED)
		return false;
	if (op->o_tag != LDAP_REQ_MODIFY)
		return op->o_tag != LDAP_REQ_ADD;
	for (Modifications *mod = op->orm_modlist; mod; mod = mod->sml_next) {
		if (lk_former_takes_away(mod))
			return true;
	}
	return false;
}

int lk_former_remember(Operation *op, SlapReply *rs, struct lk_instance *instance)
{
	struct lk_target target = {.instance = instance, .now = op->o_time};
	int rc = LDAP_SUCCESS;

	if (!may_take_names(op))
		return LDAP_SUCCESS;
	target.snapshot = lk_snapshot_get(op);
	if (!target.snapshot)
		return lk_refuse(op, rs, LDAP_BUSY, lk_unread_text);
	target.governance = lk_snapshot_govern(target.snapshot, &op->o_req_ndn);
	if (is_followed(op, &target.governance) &&
		!lk_former_verdict(op, instance, &target.governance, &op->o_req_ndn).allowed &&
		lk_backend_fetch(op, instance->be, &op->o_req_ndn, &target.entry) == LDAP_SUCCESS)
		rc = remember(op, rs, &target);
	lk_target_release(&target);
	return rc;
}
