/* Which proofs suffice. */
#include "proof-rules.h"

#include "guard.h"

#include <assert.h>

#include "policy.h"

#define CODES ((unsigned)LK_POLICY_MAIL | (unsigned)LK_POLICY_RECOVERY_CODE)

static_assert(LK_POLICY_MAIL == 1 << LK_METHOD_MAIL && LK_POLICY_TOTP == 1 << LK_METHOD_TOTP &&
				  LK_POLICY_RECOVERY_CODE == 1 << LK_METHOD_RECOVERY_CODE,
	"the bits of a policy are the numbers on the wire");

static int count(unsigned methods)
{
	int found = 0;

	for (; methods; methods &= methods - 1)
		found++;
	return found;
}

unsigned lk_proof_rules_offered(const struct lk_proof *proofs, size_t proofs_count)
{
	unsigned offered = 0;

	for (size_t i = 0; i < proofs_count; i++) {
		unsigned method = 1u << proofs[i].method;

		if (LK_GUARD("method-offered-twice", offered & method))
			return 0;
		offered |= method;
	}
	return offered;
}

bool lk_proof_rules_may_try_totp(unsigned offered, unsigned right)
{
	unsigned others = offered & ~(unsigned)LK_POLICY_TOTP;

	return (offered & LK_POLICY_TOTP) && (others & CODES) && others == (right & others);
}

bool lk_proof_rules_suffice(const struct lk_proof_rules *rules, unsigned offered, unsigned right)
{
	int required = rules->required;

	if (LK_GUARD("administrators-need-two", rules->administrator && count(rules->has & rules->allowed) >= 2))
		required = 2;
	if (rules->welcomed && !(rules->has & rules->allowed & ~(unsigned)LK_POLICY_MAIL))
		required = 1;
	if (!(right & CODES) || LK_GUARD("all-proofs-right", offered != right) ||
		LK_GUARD("method-allowed", right & ~rules->allowed))
		return false;
	return !LK_GUARD("enough-proofs", count(right) < required);
}
