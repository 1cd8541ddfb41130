/* latchkeyResetVerdict: a dry run of a reset, for the identity that asks. It is computed only when asked for by name, so that
 * a list can explain instead of fail, and costs nothing elsewhere. */
#include "overlay.h"

static bool is_asked_for(const SlapReply *rs)
{
	if (!rs->sr_attrs)
		return false;
	for (const AttributeName *name = rs->sr_attrs; !BER_BVISNULL(&name->an_name); name++) {
		if (name->an_desc == lk_schema.verdict)
			return true;
	}
	return false;
}

/* Strangers are told nothing, not even of themselves. */
static const char *verdict_for(Operation *op, const struct berval *ndn)
{
	struct lk_target target;
	const char *rule = NULL;

	if (lk_target_find(op, ndn, &target) == LDAP_SUCCESS) {
		struct lk_verdict verdict = lk_authority_verdict(op, &target, LK_ACTION_RESET);

		rule = verdict.allowed ? "allowed" : verdict.rule;
	}
	lk_target_release(&target);
	return rule;
}

int lk_verdict_attribute(Operation *op, SlapReply *rs)
{
	struct berval value;
	const char *rule;
	Attribute **tail = &rs->sr_operational_attrs;

	if (!is_asked_for(rs) || !rs->sr_entry || LK_GUARD("no-verdict-for-strangers", BER_BVISEMPTY(&op->o_ndn)))
		return SLAP_CB_CONTINUE;
	rule = verdict_for(op, &rs->sr_entry->e_nname);
	if (!rule)
		return SLAP_CB_CONTINUE;
	ber_str2bv(rule, 0, 0, &value);
	while (*tail)
		tail = &(*tail)->a_next;
	*tail = attr_alloc(lk_schema.verdict);
	attr_valadd(*tail, &value, NULL, 1);
	return SLAP_CB_CONTINUE;
}
