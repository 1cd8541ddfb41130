/* Which proofs suffice to get back into an account: pure, given what was right. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "../protocol/wire.h"

/* What decides for one user. Methods are bits of enum lk_policy_method. */
struct lk_proof_rules {
	unsigned allowed; /* by the policy */
	unsigned has; /* what the user could prove at all */
	int required; /* by the policy: 1 or 2 */
	bool administrator; /* has an administrator's role under that policy */
	bool welcomed; /* was welcomed with a code, and has had no password yet */
};

/* The methods of PROOFS; 0 where one method comes twice, since two proofs of one method prove no more than one. */
unsigned lk_proof_rules_offered(const struct lk_proof *proofs, size_t count);

/* Whether OFFERED are all of them RIGHT, but for the one-time password, which is looked at only then: its six digits
 * can be guessed, so they mean nothing without a code that cannot. */
bool lk_proof_rules_may_try_totp(unsigned offered, unsigned right);

/* Whether the RIGHT methods let the user back in, where these and no others were OFFERED:
 *   - every proof that was offered is right, of a method that the policy allows;
 *   - one of them is a mailed or a printed code;
 *   - there are as many as the policy requires, and two for an administrator who has two. Somebody new, who can enrol nothing
 *     before they have signed in, chooses the first password with what they have: the mailed code. */
bool lk_proof_rules_suffice(const struct lk_proof_rules *rules, unsigned offered, unsigned right);
