/* latchkeyResetVerdict: a dry run of a reset, for the identity that asks. It is computed only when asked for by name,
 * so that a list can explain instead of fail, and costs nothing elsewhere. */
#include "overlay.h"

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

Attribute *lk_verdict_attribute(Operation *op, const Entry *entry)
{
	struct berval value;
	const char *rule;
	Attribute *attribute;

	if (LK_GUARD("no-verdict-for-strangers", BER_BVISEMPTY(&op->o_ndn)))
		return NULL;
	rule = verdict_for(op, &entry->e_nname);
	if (!rule)
		return NULL;
	ber_str2bv(rule, 0, 0, &value);
	attribute = attr_alloc(lk_schema.verdict);
	attr_valadd(attribute, &value, NULL, 1);
	return attribute;
}
