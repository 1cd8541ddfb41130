/* An address that somebody else gave an account counts for recovery only after a cool-down, unless they might reset the
 * password as well. So what is written is followed: of each mail address that another puts into an entry, in whatever
 * attribute (policies change which of them hold recovery addresses), it is noted in the same write since when it is
 * there. What nobody noted counts: addresses of before, and those that the user has given or proven. A note goes when
 * its time is over and not with its address, since of two writes at once one would take away the note that the other
 * relies on. */
#include "overlay.h"

#include "../protocol/address-since.h"
#include "../protocol/address.h"

bool lk_address_is_cooling(const struct lk_target *target, const struct berval *address)
{
	Attribute *a = attr_find(target->entry->e_attrs, lk_schema.address_since);

	for (unsigned i = 0; a && i < a->a_numvals; i++) {
		struct lk_address_since since;
		struct berval to;

		if (lk_address_since_parse(&a->a_vals[i], &since) != LK_OK) {
			lk_warn("a damaged value of latchkeyAddressSince on \"%s\" is passed over", target->entry->e_name.bv_val);
			continue;
		}
		ber_str2bv(since.to, 0, 0, &to);
		if (lk_address_equal(&to, address) && since.since + target->governance.cooldown > target->now)
			return true;
	}
	return false;
}

/* --- a write that gives addresses --------------------------------------------------------------------------------- */

struct giving {
	Operation *op;
	struct lk_target target; /* its entry is the one written to, as it is stored; of an Add, the new one */
	bool counts; /* what is given counts at once */
	BerVarray known; /* but for these, which count: who had the name before had them */
	bool rename;
	time_t longest;
	Modifications *mods, **tail; /* what is to be added to the write */
};

static bool is_address(const struct berval *value)
{
	return value->bv_len <= LK_ADDRESS_MAX && memchr(value->bv_val, '@', value->bv_len) &&
		   lk_address_check(value) == LK_OK;
}

static bool gives(const Modifications *mod)
{
	return mod->sml_values && mod->sml_op != LDAP_MOD_DELETE && mod->sml_op != SLAP_MOD_SOFTDEL &&
		   mod->sml_op != LDAP_MOD_INCREMENT && !lk_schema_is_ours(mod->sml_desc);
}

static bool has_address(const struct berval *values)
{
	for (; values && !BER_BVISNULL(values); values++) {
		if (is_address(values))
			return true;
	}
	return false;
}

/* Most writes hold no address, and need not know the policies. */
static bool holds_address(const Operation *op)
{
	if (op->o_tag == LDAP_REQ_ADD) {
		for (Attribute *a = op->ora_e->e_attrs; a; a = a->a_next) {
			if (has_address(a->a_vals))
				return true;
		}
		return false;
	}
	for (Modifications *mod = op->o_tag == LDAP_REQ_MODRDN ? op->orr_modlist : op->orm_modlist; mod;
		 mod = mod->sml_next) {
		if (gives(mod) && has_address(mod->sml_values))
			return true;
	}
	return false;
}

static bool is_in(const Attribute *a, const struct berval *address)
{
	for (unsigned i = 0; a && i < a->a_numvals; i++) {
		if (lk_address_equal(&a->a_vals[i], address))
			return true;
	}
	return false;
}

/* In this attribute, or in one that holds recovery addresses: then it is as it was, and so is what is noted of it. */
static bool is_there(const struct giving *giving, AttributeDescription *ad, const struct berval *address)
{
	const struct lk_policy *policy = giving->target.governance.policy;
	const Entry *entry = giving->target.entry;

	if (is_in(attr_find(entry->e_attrs, ad), address))
		return true;
	for (size_t i = 0; policy->address_attributes && policy->address_attributes[i].bv_val; i++) {
		AttributeDescription *holder = lk_attribute_named(&policy->address_attributes[i]);

		if (holder && is_in(attr_find(entry->e_attrs, holder), address))
			return true;
	}
	return false;
}

Modifications **lk_address_forgive(Modifications **tail, const Entry *entry, const struct berval *address)
{
	Attribute *a = attr_find(entry->e_attrs, lk_schema.address_since);

	for (unsigned i = 0; a && i < a->a_numvals; i++) {
		struct lk_address_since since;
		struct berval to;

		if (lk_address_since_parse(&a->a_vals[i], &since) != LK_OK)
			continue;
		ber_str2bv(since.to, 0, 0, &to);
		if (lk_address_equal(&to, address))
			tail = lk_mod_append(tail, lk_schema.address_since, SLAP_MOD_SOFTDEL, &a->a_vals[i], 1);
	}
	return tail;
}

static bool is_noted(const Modifications *mods, const struct berval *value)
{
	for (; mods; mods = mods->sml_next) {
		if (bvmatch(&mods->sml_values[0], value))
			return true;
	}
	return false;
}

/* Two writes at once may note the same; but slapo-accesslog leaves such values of a rename out. */
static void note(struct giving *giving, const struct berval *address)
{
	struct lk_address_since since = {.since = giving->target.now};
	Attribute *a = attr_find(giving->target.entry->e_attrs, lk_schema.address_since);
	struct berval value;

	memcpy(since.to, address->bv_val, address->bv_len);
	if (lk_address_since_format(&since, &value) != LK_OK)
		return;
	if (!is_noted(giving->mods, &value) && !is_in(a, &value))
		giving->tail = lk_mod_append(
			giving->tail, lk_schema.address_since, giving->rename ? LDAP_MOD_ADD : SLAP_MOD_SOFTADD, &value, 1);
	ber_memfree(value.bv_val);
}

static bool is_known(const struct giving *giving, const struct berval *address)
{
	for (size_t i = 0; giving->known && !BER_BVISNULL(&giving->known[i]); i++) {
		if (lk_address_equal(&giving->known[i], address))
			return true;
	}
	return false;
}

static void give(struct giving *giving, AttributeDescription *ad, const struct berval *values)
{
	for (; values && !BER_BVISNULL(values); values++) {
		if (!is_address(values) || is_there(giving, ad, values) || is_known(giving, values))
			continue;
		if (giving->counts)
			giving->tail = lk_address_forgive(giving->tail, giving->target.entry, values);
		else
			note(giving, values);
	}
}

/* What no policy can ask for any more. */
static void drop_old(struct giving *giving)
{
	Attribute *a = attr_find(giving->target.entry->e_attrs, lk_schema.address_since);

	for (unsigned i = 0; a && i < a->a_numvals; i++) {
		struct lk_address_since since;

		if (lk_address_since_parse(&a->a_vals[i], &since) == LK_OK &&
			since.since + giving->longest <= giving->target.now)
			giving->tail = lk_mod_append(giving->tail, lk_schema.address_since, SLAP_MOD_SOFTDEL, &a->a_vals[i], 1);
	}
}

/* --- whose write it is -------------------------------------------------------------------------------------------- */

static bool is_in_standing(Operation *op)
{
	struct lk_authority authority = {0};
	SlapReply unsaid = {REP_RESULT};
	int rc = lk_authority_standing(op, &unsaid, &authority);

	lk_authority_release(&authority);
	return rc == LDAP_SUCCESS;
}

/* Users give themselves what they like, and who may reset the password needs no address to get in. Whoever may welcome
 * new users gives them their first one. */
static bool counts_at_once(const struct giving *giving, struct lk_instance *instance)
{
	Operation *op = giving->op;
	const struct lk_governance *governance = &giving->target.governance;
	struct berval actor = lk_actor(op);
	struct lk_question question = {
		.action = op->o_tag == LDAP_REQ_ADD ? LK_ACTION_WELCOME : LK_ACTION_RESET,
		.mode = governance->mode,
		.self = dn_match(&actor, &op->o_req_ndn),
		.actor_roles = lk_groups_roles(op, governance->policy, instance->be, &actor),
		.target_roles = lk_groups_roles(op, governance->policy, instance->be, &op->o_req_ndn),
	};

	return lk_rules_decide(&question).allowed && (question.self || is_in_standing(op));
}

static void note_new_entry(struct giving *giving)
{
	Entry *entry = giving->op->ora_e;
	Entry nothing = {.e_id = NOID};
	struct lk_former former;

	lk_former_find(giving->op, &giving->target.governance, &former);
	if (LK_GUARD("former-address", former.is_former)) {
		giving->counts = false;
		giving->known = former.addresses;
	}
	giving->target.entry = &nothing;
	for (Attribute *a = giving->counts ? NULL : entry->e_attrs; a; a = a->a_next)
		give(giving, a->a_desc, a->a_vals);
	for (Modifications *mod = giving->mods; mod; mod = mod->sml_next)
		attr_merge_normalize_one(entry, lk_schema.address_since, &mod->sml_values[0], NULL);
	slap_mods_free(giving->mods, 1);
	giving->target.entry = NULL;
}

static void note_change(struct giving *giving, Modifications **mods)
{
	for (Modifications *mod = *mods; mod; mod = mod->sml_next) {
		if (gives(mod))
			give(giving, mod->sml_desc, mod->sml_values);
	}
	drop_old(giving);
	while (*mods)
		mods = &(*mods)->sml_next;
	*mods = giving->mods;
}

int lk_address_note(Operation *op, SlapReply *rs, struct lk_instance *instance)
{
	struct giving giving = {.op = op, .rename = op->o_tag == LDAP_REQ_MODRDN, .target.now = op->o_time};
	struct lk_target *target = &giving.target;

	if (!holds_address(op))
		return LDAP_SUCCESS;
	target->snapshot = lk_snapshot_get(op);
	if (!target->snapshot)
		return lk_refuse(op, rs, LDAP_BUSY, lk_unread_text);
	giving.tail = &giving.mods;
	giving.longest = lk_snapshot_longest_cooldown(target->snapshot);
	target->governance = lk_snapshot_govern(target->snapshot, &op->o_req_ndn);
	if (target->governance.policy && giving.longest) {
		giving.counts = counts_at_once(&giving, instance);
		if (op->o_tag == LDAP_REQ_ADD)
			note_new_entry(&giving);
		else if (lk_backend_fetch(op, instance->be, &op->o_req_ndn, &target->entry) == LDAP_SUCCESS)
			note_change(&giving, giving.rename ? &op->orr_modlist : &op->orm_modlist);
	}
	lk_target_release(target);
	return LDAP_SUCCESS;
}
