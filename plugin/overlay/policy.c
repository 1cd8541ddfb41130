#include "policy.h"

#include "guard.h"

#include <stdlib.h>
#include <string.h>

/* Normalization writes a comma inside a value as \2C, so a bare one always separates. */
bool lk_dn_is_within(const struct berval *dn, const struct berval *ancestor)
{
	if (ancestor->bv_len == 0)
		return true;
	if (dn->bv_len < ancestor->bv_len)
		return false;
	size_t above = dn->bv_len - ancestor->bv_len;
	if (memcmp(dn->bv_val + above, ancestor->bv_val, ancestor->bv_len) != 0)
		return false;
	return above == 0 || dn->bv_val[above - 1] == ',';
}

bool lk_dn_is_among(const struct berval *dns, const struct berval *dn)
{
	for (; dns != NULL && dns->bv_val != NULL; dns++) {
		if (dns->bv_len == dn->bv_len && (dn->bv_len == 0 || memcmp(dns->bv_val, dn->bv_val, dn->bv_len) == 0))
			return true;
	}
	return false;
}

/* The nearest scope is the longest, as all that match are suffixes of one DN. */
static const struct berval *nearest_scope(const struct lk_policy *policy, const struct berval *dn)
{
	const struct berval *nearest = NULL;
	if (policy->scopes == NULL)
		return NULL;
	for (const struct berval *scope = policy->scopes; scope->bv_val != NULL; scope++) {
		if (lk_dn_is_within(dn, scope) && (nearest == NULL || scope->bv_len > nearest->bv_len))
			nearest = scope;
	}
	return nearest;
}

static bool dn_is_less(const struct berval *a, const struct berval *b)
{
	size_t common = a->bv_len < b->bv_len ? a->bv_len : b->bv_len;
	int order = common == 0 ? 0 : memcmp(a->bv_val, b->bv_val, common);
	return order != 0 ? order < 0 : a->bv_len < b->bv_len;
}

static bool is_stricter(const struct lk_policy *a, const struct lk_policy *b)
{
	if (a->mode != b->mode)
		return a->mode == LK_MODE_SELF_SERVICE_ONLY;
	if (a->observe != b->observe)
		return !a->observe;
	return dn_is_less(&a->dn, &b->dn);
}

const struct lk_policy *lk_policy_for(struct lk_policy *const *policies, size_t count, const struct berval *dn)
{
	const struct lk_policy *best = NULL;
	size_t best_length = 0;
	for (size_t i = 0; i < count; i++) {
		const struct berval *scope = nearest_scope(policies[i], dn);
		if (scope == NULL)
			continue;
		bool nearer = best == NULL || scope->bv_len > best_length;
		if (nearer || LK_GUARD("stricter-of-two", scope->bv_len == best_length && is_stricter(policies[i], best))) {
			best = policies[i];
			best_length = scope->bv_len;
		}
	}
	return best;
}
