/* Taking a name: whether somebody else had it until lately. */
#include "former-names.h"

static const char taken_text[] =
	"another account had this name until lately: it is free again when the cool-down of the policy is over";

/* The DN, and whatever it stands below. */
static void add_place(Operation *op, BerVarray *names, const struct berval *ndn)
{
	struct berval at = *ndn;

	lk_former_add_name(op, names, "dn:", ndn);
	while (!BER_BVISEMPTY(&at)) {
		lk_former_add_name(op, names, "below:", &at);
		dnParent(&at, &at);
	}
}

void lk_former_find(Operation *op, const struct lk_governance *governance, struct lk_former *ret_former)
{
	struct lk_former_search search = {.op = op};

	add_place(op, &search.names, &op->o_req_ndn);
	lk_former_add_logins_of(op, &search.names, governance->policy, op->ora_e);
	lk_former_search(&search);
	ret_former->is_former = search.found > 0;
	ret_former->addresses = search.addresses;
}

static void copy_uuid(void *context, const Entry *stored)
{
	struct lk_former_search *search = context;
	struct berval uuid = lk_entry_value(stored, slap_schema.si_ad_entryUUID);

	ber_dupbv_x(&search->uuid, &uuid, search->op->o_tmpmemctx);
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
	lk_former_add_logins_of(arriving->op, arriving->names, arriving->policy, entry);
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
	const struct berval *place, struct lk_former_search *search)
{
	if (op->o_tag == LDAP_REQ_ADD) {
		lk_former_add_logins_of(op, &search->names, policy, op->ora_e);
		add_place(op, &search->names, place);
		return true;
	}
	lk_former_add_given(op, &search->names, policy, op->o_tag == LDAP_REQ_MODRDN ? op->orr_modlist : op->orm_modlist);
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
	struct lk_former_search search = {.op = op, .arrives = arrives};
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
	lk_former_search(&search);
	if (!search.found || lk_former_verdict(op, instance, governance, place).allowed)
		return LDAP_SUCCESS;
	if (!governance->observe)
		return lk_trail_refuse(op, rs, instance, &decision);
	lk_trail_pass(op, instance, &decision);
	return LDAP_SUCCESS;
}

static bool is_login_somewhere(const struct lk_snapshot *snapshot, const AttributeDescription *ad)
{
	for (size_t i = 0; i < snapshot->count; i++) {
		if (lk_former_is_login(snapshot->policies[i], ad))
			return true;
	}
	return false;
}

/* Most modifies give no login name, and know from what is in memory that they do not; a transaction may have changed
 * that. */
static bool may_give_logins(const Modifications *mods)
{
	struct lk_snapshot *snapshot = NULL;
	bool may = false;

	for (; mods && !may; mods = mods->sml_next) {
		if (!lk_former_puts_in(mods) || is_at_operational(mods->sml_desc->ad_type))
			continue;
		if (!snapshot)
			snapshot = lk_snapshot_glance();
		may = !snapshot || is_login_somewhere(snapshot, mods->sml_desc);
	}
	lk_snapshot_put(snapshot);
	return may;
}

static bool may_take_names(const Operation *op, const struct lk_instance *instance)
{
	switch (op->o_tag) {
	case LDAP_REQ_ADD:
		return has_credentials(instance, op->ora_e);
	case LDAP_REQ_MODIFY:
		return op->o_txnSpec || may_give_logins(op->orm_modlist);
	default:
		return op->o_tag == LDAP_REQ_MODRDN;
	}
}

int lk_former_check(Operation *op, SlapReply *rs, struct lk_instance *instance)
{
	struct lk_snapshot *snapshot;
	struct lk_governance governance, before;
	struct berval place;
	int rc = LDAP_SUCCESS;

	if (!may_take_names(op, instance))
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
