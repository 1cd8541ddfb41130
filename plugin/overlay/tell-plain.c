/* What a plain write of a client's is told of: a password, or what counts as one, that it changes, and addresses at
 * which the user can recover. What came by replication was told of where it entered; under a policy that observes, a
 * directory works as it did before Latchkey, and nobody is told of what comes by a plain write. */
#include "overlay.h"

#include "../protocol/address.h"

/* --- whether it concerns anybody -------------------------------------------------------------------------------- */

/* Most writes hold no address, and know from what is in memory that they do not. */
static bool may_change_addresses(const Modifications *mods)
{
	struct lk_snapshot *snapshot = NULL;
	bool may = false;

	for (; mods && !may; mods = mods->sml_next) {
		if (is_at_operational(mods->sml_desc->ad_type))
			continue;
		if (!snapshot)
			snapshot = lk_snapshot_glance();
		may = !snapshot || lk_target_addresses_may_be_in(snapshot, mods->sml_desc);
	}
	lk_snapshot_put(snapshot);
	return may;
}

/* --- addresses --------------------------------------------------------------------------------------------------- */

static bool is_among(const struct berval *values, const struct berval *address)
{
	for (; values && !BER_BVISNULL(values); values++) {
		if (lk_address_equal(values, address))
			return true;
	}
	return false;
}

/* Whether one of VALUES, at which the user can recover, is not among OTHERS. */
static bool has_other(const struct lk_target *target, const struct berval *values, const struct berval *others)
{
	for (; values && !BER_BVISNULL(values); values++) {
		if (lk_address_check_reachable(values) == LK_OK && !lk_target_is_inside(target, values) &&
			!is_among(others, values))
			return true;
	}
	return false;
}

/* A directory that is filled from another writes the same addresses again and again: that is no news. */
static bool changes_addresses(const struct lk_target *target, const Modifications *mod)
{
	Attribute *a;
	const struct berval *old;

	if (!lk_target_keeps_addresses_in(target->governance.policy, mod->sml_desc))
		return false;
	a = attr_find(target->entry->e_attrs, mod->sml_desc);
	old = a ? a->a_vals : NULL;
	switch (mod->sml_op) {
	case LDAP_MOD_DELETE:
	case SLAP_MOD_SOFTDEL:
		return has_other(target, mod->sml_values ? mod->sml_values : old, NULL);
	case LDAP_MOD_REPLACE:
		return has_other(target, mod->sml_values, old) || has_other(target, old, mod->sml_values);
	default:
		return has_other(target, mod->sml_values, old);
	}
}

/* --- the news ----------------------------------------------------------------------------------------------------- */

static void tell_of_addresses(const struct lk_target *target, const Modifications *mods, struct lk_news news,
	Operation *op, struct lk_outbox *outbox)
{
	bool changed = false;

	for (; mods && !changed; mods = mods->sml_next)
		changed = changes_addresses(target, mods);
	if (!changed)
		return;
	news.kind = LK_KIND_ADDRESS_CHANGED;
	lk_tell(op, target, &news, outbox);
}

/* The password itself comes first: of one write, that is what people have to know. */
static void tell_of_credentials(const struct lk_target *target, const Modifications *mods, struct lk_news news,
	Operation *op, struct lk_outbox *outbox)
{
	const AttributeDescription *changed = NULL;

	for (; mods; mods = mods->sml_next) {
		if (!lk_schema_is_credential(target->instance, mods->sml_desc))
			continue;
		if (!changed || mods->sml_desc->ad_type == slap_schema.si_ad_userPassword->ad_type)
			changed = mods->sml_desc;
	}
	news.kind = LK_KIND_PASSWORD_CHANGED;
	news.is_reset = !BER_BVISEMPTY(&news.actor);
	if (changed && changed->ad_type != slap_schema.si_ad_userPassword->ad_type) {
		news.kind = LK_KIND_CREDENTIAL_CHANGED;
		news.about = changed->ad_type->sat_cname;
	}
	lk_tell(op, target, &news, outbox);
}

static bool tell_of_changes(Operation *op, const struct lk_target *target, Modifications **mods, bool password)
{
	struct lk_outbox *outbox = lk_outbox_new(target->entry);
	struct lk_news news = {.actor = lk_actor(op)};
	Modifications **tail = mods;
	bool told;

	if (dn_match(&news.actor, &target->entry->e_nname))
		BER_BVZERO(&news.actor);
	if (password)
		tell_of_credentials(target, *mods, news, op, outbox);
	tell_of_addresses(target, *mods, news, op, outbox);
	while (*tail)
		tail = &(*tail)->sml_next;
	lk_outbox_store(tail, outbox, op->o_time);
	told = !lk_outbox_is_empty(outbox);
	lk_outbox_free(outbox);
	return told;
}

bool lk_tell_of_write(Operation *op, struct lk_instance *instance, Modifications **mods, bool password)
{
	struct lk_target target = {.instance = instance, .now = op->o_time};
	bool told = false;

	if (!instance->mailer_keys || (!password && !may_change_addresses(*mods)))
		return false;
	target.snapshot = lk_snapshot_get(op);
	if (!target.snapshot)
		return false; /* a password would have been refused */
	target.governance = lk_snapshot_govern(target.snapshot, &op->o_req_ndn);
	if (target.governance.policy && !target.governance.observe &&
		lk_backend_fetch(op, instance->be, &op->o_req_ndn, &target.entry) == LDAP_SUCCESS)
		told = tell_of_changes(op, &target, mods, password);
	lk_target_release(&target);
	return told;
}
