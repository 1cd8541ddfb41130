/* An account that is deleted and added again, or renamed while another takes its name, would be a reset in steps: whoever has the
 * name has the rights that hang on it. So the names of an account are remembered for the cool-down of its policy when somebody
 * takes them away who may not reset its password. An entry that is added under such a name can have no credentials, and its
 * addresses count after the cool-down, but for those that counted before; one that has credentials already does not get the
 * name. The same account may have it back.
 *
 * What is remembered stands in an entry of its own beside the recovery entries, hidden and replicated as they are, and is written
 * before the name is free: what a crash leaves behind remembers too much. Values of latchkeyFormerName are
 *
 *   dn:     and the normalized DN of an entry that was deleted
 *   below:  and that of an entry that was renamed: what stood below it was renamed too
 *   login:  and the normalized DN of the policy, a colon, and the normalized value of a login attribute */
#include "overlay.h"

#define REMEMBERED_MAX 16 /* renames of one account: more are refused */

static const char taken_text[] =
	"another account had this name until lately: it is free again when the cool-down of the policy is over";
static const char too_often_text[] =
	"this account was renamed too often: try again when the cool-down of the policy is over";

/* --- names ------------------------------------------------------------------------------------------------------------- */

/* Appends KIND, and what it is of, in op's memory. */
static void add_name(Operation *op, BerVarray *names, const char *kind, const struct berval *of)
{
	struct berval name;

	name.bv_len = strlen(kind) + of->bv_len;
	name.bv_val = op->o_tmpalloc(name.bv_len + 1, op->o_tmpmemctx);
	memcpy(name.bv_val, kind, strlen(kind));
	memcpy(name.bv_val + strlen(kind), of->bv_val, of->bv_len);
	name.bv_val[name.bv_len] = '\0';
	ber_bvarray_add_x(names, &name, op->o_tmpmemctx);
}

static void add_logins(Operation *op, BerVarray *names, const struct lk_policy *policy, const struct berval *values)
{
	for (; values && !BER_BVISNULL(values); values++) {
		struct berval login;

		login.bv_len = policy->dn.bv_len + 1 + values->bv_len;
		login.bv_val = op->o_tmpalloc(login.bv_len + 1, op->o_tmpmemctx);
		memcpy(login.bv_val, policy->dn.bv_val, policy->dn.bv_len);
		login.bv_val[policy->dn.bv_len] = ':';
		memcpy(login.bv_val + policy->dn.bv_len + 1, values->bv_val, values->bv_len);
		add_name(op, names, "login:", &login);
	}
}

static bool is_login(const struct lk_policy *policy, const AttributeDescription *ad)
{
	for (size_t i = 0; policy->login_attributes && policy->login_attributes[i].bv_val; i++) {
		if (lk_schema_is_called(ad->ad_type, &policy->login_attributes[i]))
			return true;
	}
	return false;
}

static void add_logins_of(Operation *op, BerVarray *names, const struct lk_policy *policy, const Entry *entry)
{
	for (Attribute *a = entry->e_attrs; a; a = a->a_next) {
		if (is_login(policy, a->a_desc))
			add_logins(op, names, policy, a->a_nvals);
	}
}

static bool takes_away(const Modifications *mod)
{
	return mod->sml_op == LDAP_MOD_DELETE || mod->sml_op == SLAP_MOD_SOFTDEL || mod->sml_op == LDAP_MOD_REPLACE;
}

static bool puts_in(const Modifications *mod)
{
	return mod->sml_values && mod->sml_op != LDAP_MOD_DELETE && mod->sml_op != SLAP_MOD_SOFTDEL;
}

static const struct berval *normalized(const Modifications *mod)
{
	return mod->sml_nvalues ? mod->sml_nvalues : mod->sml_values;
}

static bool is_among(const BerVarray names, const struct berval *name)
{
	for (size_t i = 0; names && !BER_BVISNULL(&names[i]); i++) {
		if (bvmatch(&names[i], name))
			return true;
	}
	return false;
}

/* --- what is remembered ------------------------------------------------------------------------------------------------- */

struct search {
	Operation *op;
	BerVarray names; /* that are to be taken */
	struct berval tree; /* or any below it; or BER_BVNULL */
	struct berval uuid; /* of who takes them; or empty */
	bool own; /* look for what is remembered of UUID, else of others */
	size_t found;
	struct berval dn, ndn; /* of the last that was found */
	BerVarray addresses; /* of all that were found */
	bool arrives; /* who takes them was governed by another policy */
};

static bool is_wanted(const struct search *search, const struct berval *name)
{
	struct berval dn;

	if (is_among(search->names, name))
		return true;
	if (BER_BVISNULL(&search->tree) || name->bv_len < 3 || memcmp(name->bv_val, "dn:", 3) != 0)
		return false;
	dn.bv_val = name->bv_val + 3;
	dn.bv_len = name->bv_len - 3;
	return lk_dn_is_within(&dn, &search->tree);
}

static bool has_wanted(const struct search *search, const Attribute *names)
{
	for (unsigned i = 0; names && i < names->a_numvals; i++) {
		if (is_wanted(search, &names->a_vals[i]))
			return true;
	}
	return false;
}

/* Where several had the names, only what all of them had counts. */
static void keep_common(struct search *search, const Attribute *addresses)
{
	BerVarray common = NULL;

	for (unsigned i = 0; addresses && i < addresses->a_numvals; i++) {
		struct berval copy;

		if (search->found && !is_among(search->addresses, &addresses->a_vals[i]))
			continue;
		ber_dupbv_x(&copy, &addresses->a_vals[i], search->op->o_tmpmemctx);
		ber_bvarray_add_x(&common, &copy, search->op->o_tmpmemctx);
	}
	search->addresses = common;
}

/* An lk_backend_found. */
static int found_former(void *context, Operation *op, Entry *entry)
{
	struct search *search = context;
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

/* In each database, since a policy may govern several. The names are in the filter for the index; what stands below a DN is
 * told here. */
static void find(struct search *search)
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

/* --- taking a name ------------------------------------------------------------------------------------------------------ */

/* The DN, and whatever it stands below. */
static void add_place(Operation *op, BerVarray *names, const struct berval *ndn)
{
	struct berval at = *ndn;

	add_name(op, names, "dn:", ndn);
	while (!BER_BVISEMPTY(&at)) {
		add_name(op, names, "below:", &at);
		dnParent(&at, &at);
	}
}

void lk_former_find(Operation *op, const struct lk_governance *governance, struct lk_former *ret_former)
{
	struct search search = {.op = op};

	add_place(op, &search.names, &op->o_req_ndn);
	add_logins_of(op, &search.names, governance->policy, op->ora_e);
	find(&search);
	ret_former->is_former = search.found > 0;
	ret_former->addresses = search.addresses;
}

/* Whether the actor may reset the password of whoever has that name: then it is no way around anything. */
static struct lk_verdict verdict_on(
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

static void copy_uuid(void *context, const Entry *stored)
{
	struct search *search = context;
	struct berval uuid = lk_entry_value(stored, slap_schema.si_ad_entryUUID);

	ber_dupbv_x(&search->uuid, &uuid, search->op->o_tmpmemctx);
}

static void add_given(Operation *op, BerVarray *names, const struct lk_policy *policy, const Modifications *mods)
{
	for (; mods; mods = mods->sml_next) {
		if (puts_in(mods) && is_login(policy, mods->sml_desc))
			add_logins(op, names, policy, normalized(mods));
	}
}

static bool has_credentials(const struct lk_instance *instance, const Entry *entry)
{
	for (Attribute *a = entry->e_attrs; a; a = a->a_next) {
		if (lk_schema_is_credential(instance, a->a_desc))
			return true;
	}
	return false;
}

/* Where the entry will be. In op's memory. */
static struct berval place_of(Operation *op)
{
	struct berval parent, ndn;

	if (op->o_tag != LDAP_REQ_MODRDN)
		return op->o_req_ndn;
	if (op->orr_nnewSup)
		parent = *op->orr_nnewSup;
	else
		dnParent(&op->o_req_ndn, &parent);
	build_new_dn(&ndn, &parent, &op->orr_nnewrdn, op->o_tmpmemctx);
	return ndn;
}

struct arriving {
	Operation *op;
	const struct lk_policy *policy;
	BerVarray *names;
};

/* An lk_backend_found. */
static int found_arriving(void *context, Operation *op, Entry *entry)
{
	struct arriving *arriving = context;

	(void)op;
	add_logins_of(arriving->op, arriving->names, arriving->policy, entry);
	return 0;
}

/* Who comes under POLICY by a move brings all their login names. */
static void add_arriving(
	Operation *op, const struct lk_instance *instance, const struct lk_policy *policy, BerVarray *names)
{
	struct arriving arriving = {op, policy, names};
	Filter all = {.f_choice = LDAP_FILTER_PRESENT, .f_desc = slap_schema.si_ad_objectClass};

	lk_backend_search(op, instance->be, &op->o_req_ndn, LDAP_SCOPE_SUBTREE, &all, 0, found_arriving, &arriving);
}

/* Fills what OP would take; false where that is nothing. */
static bool takes_names(Operation *op, const struct lk_instance *instance, const struct lk_policy *policy,
	const struct berval *place, struct search *search)
{
	if (op->o_tag == LDAP_REQ_ADD) {
		if (!has_credentials(instance, op->ora_e))
			return false;
		add_logins_of(op, &search->names, policy, op->ora_e);
		add_place(op, &search->names, place);
		return true;
	}
	add_given(op, &search->names, policy, op->o_tag == LDAP_REQ_MODRDN ? op->orr_modlist : op->orm_modlist);
	if (op->o_tag == LDAP_REQ_MODRDN) {
		add_place(op, &search->names, place);
		if (search->arrives)
			add_arriving(op, instance, policy, &search->names);
		search->tree = *place;
	}
	return search->names != NULL;
}

static int judge_taking(Operation *op, SlapReply *rs, struct lk_instance *instance,
	const struct lk_governance *governance, const struct berval *place, bool arrives)
{
	struct search search = {.op = op, .arrives = arrives};
	struct lk_decision decision = {
		.verdict = {.result = LDAP_UNWILLING_TO_PERFORM, .rule = "former-name", .text = taken_text},
		.observe = governance->observe,
		.changes = LK_CHANGES_NAME,
		.policy = governance->policy->dn,
	};

	if (!takes_names(op, instance, governance->policy, place, &search))
		return LDAP_SUCCESS;
	if (op->o_tag != LDAP_REQ_ADD)
		lk_backend_look(op, instance->be, &op->o_req_ndn, copy_uuid, &search);
	find(&search);
	if (!search.found || verdict_on(op, instance, governance, place).allowed)
		return LDAP_SUCCESS;
	if (!governance->observe)
		return lk_trail_refuse(op, rs, instance, &decision);
	lk_trail_pass(op, instance, &decision);
	return LDAP_SUCCESS;
}

int lk_former_check(Operation *op, SlapReply *rs, struct lk_instance *instance)
{
	struct lk_snapshot *snapshot;
	struct lk_governance governance, before;
	struct berval place;
	int rc = LDAP_SUCCESS;

	if (op->o_tag == LDAP_REQ_DELETE)
		return LDAP_SUCCESS;
	snapshot = lk_snapshot_get(op);
	if (!snapshot)
		return lk_refuse(op, rs, LDAP_BUSY, lk_unread_text);
	place = place_of(op);
	governance = lk_snapshot_govern(snapshot, &place);
	before = lk_snapshot_govern(snapshot, &op->o_req_ndn);
	if (LK_GUARD("former-name", governance.policy != NULL))
		rc = judge_taking(op, rs, instance, &governance, &place, before.policy != governance.policy);
	lk_snapshot_put(snapshot);
	return rc;
}

/* --- giving up a name --------------------------------------------------------------------------------------------------- */

static Modifications *mods_of(Operation *op)
{
	return op->o_tag == LDAP_REQ_MODRDN ? op->orr_modlist : op->orm_modlist;
}

/* The values of a login attribute that MOD takes away. */
static const struct berval *taken_by(const Modifications *mod, const Entry *entry)
{
	Attribute *a = attr_find(entry->e_attrs, mod->sml_desc);

	if (!a || !takes_away(mod))
		return NULL;
	return mod->sml_values && mod->sml_op != LDAP_MOD_REPLACE ? normalized(mod) : a->a_nvals;
}

/* Login names that OP changes, but for those that it gives back. */
static void add_lost_logins(Operation *op, BerVarray *names, const struct lk_target *target)
{
	const struct lk_policy *policy = target->governance.policy;
	BerVarray taken = NULL, given = NULL;

	add_given(op, &given, policy, mods_of(op));
	for (Modifications *mod = mods_of(op); mod; mod = mod->sml_next) {
		if (is_login(policy, mod->sml_desc))
			add_logins(op, &taken, policy, taken_by(mod, target->entry));
	}
	for (size_t i = 0; taken && !BER_BVISNULL(&taken[i]); i++) {
		if (!is_among(given, &taken[i]) && !is_among(*names, &taken[i]))
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
			add_name(op, &names, "below:", &op->o_req_ndn);
		return names;
	}
	add_logins_of(op, &names, target->governance.policy, target->entry);
	if (names || attr_find(target->entry->e_attrs, slap_schema.si_ad_userPassword))
		add_name(op, &names, "dn:", &op->o_req_ndn);
	return names;
}

/* Who may not do it causes no write. */
static bool may_try(Operation *op, Entry *entry)
{
	slap_access_t access = op->o_tag == LDAP_REQ_DELETE ? ACL_WDEL : ACL_WRITE;

	if (op->o_tag != LDAP_REQ_MODIFY)
		return access_allowed(op, entry, slap_schema.si_ad_entry, NULL, access, NULL);
	for (Modifications *mod = op->orm_modlist; mod; mod = mod->sml_next) {
		if (takes_away(mod) && !access_allowed(op, entry, mod->sml_desc, NULL, ACL_WDEL, NULL))
			return false;
	}
	return true;
}

static bool copy_address(const struct berval *address, void *context)
{
	Attribute *a = attr_find(((Entry *)context)->e_attrs, lk_schema.former_address);

	if (a && is_among(a->a_vals, address))
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

		if (!a || !is_among(a->a_vals, &names[i]))
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
	struct search search = {.op = op, .own = true, .uuid = lk_entry_value(target->entry, slap_schema.si_ad_entryUUID)};
	BerVarray names = names_lost(op, target);
	char text[LK_TIME_TEXT + 1];
	struct berval until = {LK_TIME_TEXT, text};
	int rc;

	if (!names || BER_BVISEMPTY(&search.uuid) || !may_try(op, target->entry))
		return LDAP_SUCCESS;
	if (op->o_tag != LDAP_REQ_DELETE) {
		find(&search);
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
		if (takes_away(mod) && is_login(policy, mod->sml_desc))
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
		if (takes_away(mod))
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
	if (is_followed(op, &target.governance) && !verdict_on(op, instance, &target.governance, &op->o_req_ndn).allowed &&
		lk_backend_fetch(op, instance->be, &op->o_req_ndn, &target.entry) == LDAP_SUCCESS)
		rc = remember(op, rs, &target);
	lk_target_release(&target);
	return rc;
}
