/* What signed-in users do for their own ways back in: what the operations have in common. Each acts on the entry of
 * whoever asks and on no other. */
#include "overlay.h"

static struct lk_instance *instance_of_user(const Operation *op)
{
	BackendDB *be = BER_BVISEMPTY(&op->o_ndn) ? NULL : select_backend((struct berval *)&op->o_ndn, 0);
	struct lk_instance *instance = be ? lk_instance_of(be) : NULL;

	return instance ? instance : lk_instance_first_open();
}

static bool must_change(const Entry *entry)
{
	struct berval reset = lk_entry_value(entry, lk_schema.pwd_reset);

	return reset.bv_len == 4 && !memcmp(reset.bv_val, "TRUE", 4);
}

/* A right to act as somebody is no right to choose how they get back in. */
static bool acts_for_another(const Operation *op)
{
	struct berval actor = lk_actor(op);

	return op->o_proxy_authz || !dn_match(&actor, &op->o_ndn);
}

static int check_user(const Operation *op, SlapReply *rs, const struct lk_target *target, unsigned method)
{
	if (LK_GUARD("enrol-must-change", must_change(target->entry)))
		return lk_fail(rs, LDAP_INSUFFICIENT_ACCESS, "change your own password first");
	if (LK_GUARD("enrol-closed", lk_target_is_closed(target, op->o_time)))
		return lk_fail(rs, LDAP_INSUFFICIENT_ACCESS, "this account is closed");
	if (LK_GUARD("enrol-method", method && !(target->governance.policy->methods & method)))
		return lk_fail(
			rs, LDAP_UNWILLING_TO_PERFORM, "the policy of this account does not use this method of recovery");
	return LDAP_SUCCESS;
}

int lk_enrol_begin(Operation *op, SlapReply *rs, unsigned method, struct lk_target *ret_target)
{
	memset(ret_target, 0, sizeof *ret_target);
	if (lk_check_request(op, rs, instance_of_user(op), false) != LDAP_SUCCESS)
		return rs->sr_err;
	if (LK_GUARD("enrol-for-another", acts_for_another(op)))
		return lk_fail(rs, LDAP_INSUFFICIENT_ACCESS, "sign in as yourself: nobody does this for another");
	switch (lk_target_find(op, &op->o_ndn, ret_target)) {
	case LDAP_SUCCESS:
		return check_user(op, rs, ret_target, method);
	case LDAP_BUSY:
		return lk_fail(rs, LDAP_BUSY, lk_unread_text);
	default:
		return lk_fail(rs, LDAP_UNWILLING_TO_PERFORM, "no policy of recovery governs this account");
	}
}

bool lk_enrol_may_prove(Operation *op, bool right)
{
	struct lk_origin user;
	enum lk_throttle_verdict verdict;

	lk_origin_of_identity(&op->o_ndn, &user);
	verdict = lk_limits_take(LK_LIMITED_PROOFS, &user);
	if (LK_GUARD("throttle-enrolment", verdict != LK_THROTTLE_PASSES))
		return false;
	if (right)
		lk_limits_return(LK_LIMITED_PROOFS, &user);
	return right;
}

int lk_enrol_write(Operation *op, SlapReply *rs, const struct lk_target *target, Modifications *mods, const char *name,
	enum lk_event_kind what)
{
	struct lk_happening happening = {.what = what, .rule = name};
	Modifications **tail = &mods;
	struct lk_modify modify = {
		.be = target->instance->be,
		.dn = target->entry->e_name,
		.ndn = target->entry->e_nname,
		.as_dn = target->entry->e_name,
		.as_ndn = target->entry->e_nname,
		.mods = mods,
		.assertion = lk_entry_unchanged(op, target->entry),
		.name = name,
	};
	int rc;

	while (*tail)
		tail = &(*tail)->sml_next;
	if (what != LK_EVENT_COUNT)
		lk_events_append(op, tail, target->entry, &happening);
	rc = lk_backend_modify(op, &modify, &rs->sr_text);

	happening.rule = NULL;
	lk_events_log(op, name, target, &happening, rc, NULL);
	if (rc == LDAP_ASSERTION_FAILED)
		return lk_fail(rs, LDAP_BUSY, lk_race_text);
	return rs->sr_err = rc;
}
