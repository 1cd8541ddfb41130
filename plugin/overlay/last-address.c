/* At least one address is kept: users do not take away the last one at which they can recover, by whatever client. Who
 * may reset them, or writes for them by the access controls, may: so does somebody who leaves. Another address in its
 * place counts at once, as what users give themselves always does. */
#include "overlay.h"

static const char kept_text[] = "this is the last address at which this account can recover: add another one first";
static const char strict_text[] = "addresses are taken away without the permissive modify control";

/* --- whether it can be -------------------------------------------------------------------------------------------- */

static bool takes(const Modifications *mod)
{
	return mod->sml_op == LDAP_MOD_DELETE || mod->sml_op == SLAP_MOD_SOFTDEL || mod->sml_op == LDAP_MOD_REPLACE;
}

/* Most writes take no address, and know from what is in memory that they do not. */
static bool may_take_addresses(const Modifications *mods)
{
	struct lk_snapshot *snapshot = NULL;
	bool may = false;

	for (; mods && !may; mods = mods->sml_next) {
		if (!takes(mods) || is_at_operational(mods->sml_desc->ad_type))
			continue;
		if (!snapshot)
			snapshot = lk_snapshot_glance();
		may = !snapshot || lk_target_addresses_may_be_in(snapshot, mods->sml_desc);
	}
	lk_snapshot_put(snapshot);
	return may;
}

/* Also where another signs in for them: what a portal does in somebody's name they do. */
static bool is_own(Operation *op)
{
	return dn_match(&op->o_ndn, &op->o_req_ndn) && !be_isroot(op);
}

/* --- whether it is ------------------------------------------------------------------------------------------------ */

static int apply(Entry *entry, Modification *mod, bool permissive)
{
	char buffer[SLAP_TEXT_BUFLEN];
	const char *text;

	switch (mod->sm_op) {
	case LDAP_MOD_ADD:
	case SLAP_MOD_SOFTADD:
		return modify_add_values(
			entry, mod, permissive || mod->sm_op == SLAP_MOD_SOFTADD, &text, buffer, sizeof buffer);
	case LDAP_MOD_REPLACE:
		return modify_replace_values(entry, mod, 0, &text, buffer, sizeof buffer);
	default:
		return modify_delete_values(
			entry, mod, permissive || mod->sm_op == SLAP_MOD_SOFTDEL, &text, buffer, sizeof buffer);
	}
}

/* Writes into TARGET's copy of the entry what becomes of its addresses. False: the database will not do it either. */
static bool follow(const Operation *op, const struct lk_target *target)
{
	bool permissive = LK_GUARD("last-address-permissive", op->o_permissive_modify != SLAP_CONTROL_NONE);

	for (Modifications *mods = op->orm_modlist; mods; mods = mods->sml_next) {
		if (lk_target_keeps_addresses_in(target->governance.policy, mods->sml_desc) &&
			apply(target->entry, &mods->sml_mod, permissive) != LDAP_SUCCESS)
			return false;
	}
	return true;
}

/* --- two at once -------------------------------------------------------------------------------------------------- */

static int turn_response(Operation *op, SlapReply *rs)
{
	(void)op;
	if (rs->sr_err != LDAP_SUCCESS && rs->sr_text && strstr(rs->sr_text, lk_schema.serial->ad_cname.bv_val)) {
		rs->sr_err = LDAP_BUSY;
		rs->sr_text = lk_race_text;
	}
	return SLAP_CB_CONTINUE;
}

static int turn_cleanup(Operation *op, SlapReply *rs)
{
	slap_callback *sc = op->o_callback;

	(void)rs;
	op->o_callback = sc->sc_next;
	ch_free(sc);
	return SLAP_CB_CONTINUE;
}

/* Each of two writes at once would leave the address that the other takes. So who takes one raises the user's serial
 * number in the same write, and the later of the two finds the old number gone: to the permissive modify control that
 * would be no error, so slapd does without it, as it may with one that is not critical (RFC 4511 section 4.1.11). */
static int take_turns(Operation *op, SlapReply *rs, const struct lk_target *target)
{
	Modifications **tail = &op->orm_modlist;
	slap_callback *callback;

	if (LK_GUARD("no-permissive-turns", op->o_permissive_modify != SLAP_CONTROL_NONE)) {
		if (op->o_permissive_modify == SLAP_CONTROL_CRITICAL)
			return lk_refuse(op, rs, LDAP_UNAVAILABLE_CRITICAL_EXTENSION, strict_text);
		op->o_permissive_modify = SLAP_CONTROL_NONE; /* slapd takes "ignored" for heeded */
	}
	callback = ch_calloc(1, sizeof *callback);
	while (*tail)
		tail = &(*tail)->sml_next;
	lk_mod_append_serial(tail, target);
	callback->sc_response = turn_response;
	callback->sc_cleanup = turn_cleanup;
	callback->sc_next = op->o_callback;
	op->o_callback = callback;
	return LDAP_SUCCESS;
}

/* --- the decision ------------------------------------------------------------------------------------------------- */

static int judge(Operation *op, SlapReply *rs, const struct lk_target *target)
{
	const struct lk_governance *governance = &target->governance;
	struct lk_decision decision = {
		.verdict = {.result = LDAP_UNWILLING_TO_PERFORM, .rule = "last-address", .text = kept_text},
		.observe = governance->observe,
		.changes = LK_CHANGES_ADDRESS,
		.policy = governance->policy->dn,
	};

	if (!decision.observe)
		return lk_trail_refuse(op, rs, target->instance, &decision);
	lk_trail_pass(op, target->instance, &decision);
	return LDAP_SUCCESS;
}

static int check(Operation *op, SlapReply *rs, const struct lk_target *target)
{
	struct berval address;

	if (!lk_target_address(target, &address) || !follow(op, target))
		return LDAP_SUCCESS;
	if (LK_GUARD("last-address", !lk_target_address(target, &address)))
		return judge(op, rs, target);
	if (LK_GUARD("addresses-go-in-turn", op->o_tag == LDAP_REQ_MODIFY))
		return take_turns(op, rs, target);
	return LDAP_SUCCESS;
}

int lk_last_address_check(Operation *op, SlapReply *rs, struct lk_instance *instance)
{
	struct lk_target target = {.instance = instance, .now = op->o_time};
	int rc = LDAP_SUCCESS;

	/* A rename's modlist stands where a modify's does; those of an Add or Delete are none. */
	if (op->o_tag == LDAP_REQ_ADD || op->o_tag == LDAP_REQ_DELETE || !is_own(op) ||
		!may_take_addresses(op->orm_modlist))
		return LDAP_SUCCESS;
	target.snapshot = lk_snapshot_get(op);
	if (!target.snapshot)
		return lk_refuse(op, rs, LDAP_BUSY, lk_unread_text);
	target.governance = lk_snapshot_govern(target.snapshot, &op->o_req_ndn);
	if (target.governance.policy && target.governance.policy->methods & LK_POLICY_MAIL &&
		lk_backend_fetch(op, instance->be, &op->o_req_ndn, &target.entry) == LDAP_SUCCESS)
		rc = check(op, rs, &target);
	lk_target_release(&target);
	return rc;
}
