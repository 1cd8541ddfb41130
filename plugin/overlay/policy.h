/* Which policy governs an entry. Pure. */
#pragma once

#include "../protocol/policy-entry.h"

/* The policy whose scope is the nearest one at or above DN (normalized), or NULL. Of two policies with the same scope
 * the stricter one wins: self-service only before administrators may reset, enforcing before observing, then the lesser
 * DN. */
const struct lk_policy *lk_policy_for(struct lk_policy *const *policies, size_t count, const struct berval *dn);

/* Whether normalized DN is ANCESTOR or lies below it. */
bool lk_dn_is_within(const struct berval *dn, const struct berval *ancestor);

/* Whether normalized DN is one of DNS, normalized too and ended by bv_val NULL; NULL has none. */
bool lk_dn_is_among(const struct berval *dns, const struct berval *dn);
