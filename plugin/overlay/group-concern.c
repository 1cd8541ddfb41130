/* What would change who is in a role: a write to one of its groups, or one by which an entry takes the name of a member
 * or of somebody whom the configuration trusts. */
#include "groups.h"

static bool group_is_concerned(
	Operation *op, const struct berval *group, const struct berval *ndn, enum lk_concern concern)
{
	if (dn_match(group, ndn))
		return true;
	if (concern == LK_CONCERN_GROUP_BELOW)
		return lk_dn_is_within(group, ndn);
	if (LK_GUARD("role-of-what-is-below", concern == LK_CONCERN_GROUP_OR_MEMBER_BELOW))
		return lk_dn_is_within(group, ndn) || lk_groups_list(op, group, ndn, true);
	return concern == LK_CONCERN_GROUP_OR_MEMBER && lk_groups_list(op, group, ndn, false);
}

static bool role_is_concerned(Operation *op, lk_strings groups, const struct berval *ndn, enum lk_concern concern)
{
	bool concerned = false;

	for (size_t g = 0; groups && groups[g].bv_val && !concerned; g++) {
		BerVarray closure = lk_groups_closure(op, &groups[g]);

		for (size_t i = 0; closure[i].bv_val && !concerned; i++)
			concerned = group_is_concerned(op, &closure[i], ndn, concern);
		ber_bvarray_free_x(closure, op->o_tmpmemctx);
	}
	return concerned;
}

static bool is_or_is_below(const struct berval *name, const struct berval *ndn, bool below)
{
	return !BER_BVISEMPTY(name) && (dn_match(name, ndn) || (below && lk_dn_is_within(name, ndn)));
}

static bool is_among(const struct berval *names, const struct berval *ndn, bool below)
{
	for (; names && names->bv_val; names++) {
		if (is_or_is_below(names, ndn, below))
			return true;
	}
	return false;
}

/* A reader reads every password's hash, a mailer settles messages, and a portal says whose requests are whose. */
static bool is_service(const struct lk_instance *instance, const struct berval *ndn, bool below)
{
	return is_among(instance->nreaders, ndn, below) || is_among(instance->nmailers, ndn, below) ||
		   is_among(instance->nportals, ndn, below);
}

bool lk_groups_name_trusted(const struct berval *ndn, bool below)
{
	for (const struct lk_instance *instance = lk_instances; instance; instance = instance->next) {
		if (is_or_is_below(&instance->be->be_rootndn, ndn, below) ||
			LK_GUARD("name-of-a-service", is_service(instance, ndn, below)))
			return true;
	}
	return false;
}

/* Whether NDN is a name that the configuration trusts, or is to be above one. */
static bool is_trusted_name(const struct berval *ndn, enum lk_concern concern)
{
	bool below = concern == LK_CONCERN_GROUP_OR_MEMBER_BELOW;

	return (below || concern == LK_CONCERN_GROUP_OR_MEMBER) && lk_groups_name_trusted(ndn, below);
}

bool lk_groups_concern(Operation *op, const struct lk_policy *policy, const struct berval *ndn, enum lk_concern concern)
{
	return LK_GUARD("name-of-the-rootdn", is_trusted_name(ndn, concern)) ||
		   role_is_concerned(op, policy->global_admins, ndn, concern) ||
		   role_is_concerned(op, policy->password_admins, ndn, concern) ||
		   role_is_concerned(op, policy->auditors, ndn, concern);
}
