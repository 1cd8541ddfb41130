/* What every extended operation of Latchkey passes before anything is looked up, so that a refusal here says nothing
 * about anybody: confidentiality, slapd's own restrictions, and whether this server takes writes at all. */
#include "overlay.h"

static int refer(Operation *op, SlapReply *rs, BackendDB *be)
{
	BerVarray referral = be->be_update_refs ? be->be_update_refs : default_referral;

	(void)op;
	if (!referral) {
		rs->sr_text = "shadow context; no update referral";
		return rs->sr_err = LDAP_UNWILLING_TO_PERFORM;
	}
	rs->sr_ref = referral_rewrite(referral, NULL, NULL, LDAP_SCOPE_DEFAULT);
	if (rs->sr_ref)
		rs->sr_flags |= REP_REF_MUSTBEFREED;
	else
		rs->sr_ref = default_referral;
	return rs->sr_err = LDAP_REFERRAL;
}

/* slapd refuses every anonymous update. Our anonymous operations prove who asks in another way, so the restrictions
 * (SSF, read-only, what the administrator closed) are asked with a placeholder for a name; "require authc" is
 * honoured. */
static int check_restrictions(Operation *op, SlapReply *rs, BackendDB *be)
{
	struct berval placeholder = BER_BVC("cn=anonymous");
	struct berval dn = op->o_dn, ndn = op->o_ndn;
	BackendDB *bd = op->o_bd;
	int rc;

	op->o_bd = be;
	if (BER_BVISEMPTY(&op->o_ndn)) {
		if (LK_GUARD("require-authc", (frontendDB->be_requires | be->be_requires) & SLAP_REQUIRE_AUTHC)) {
			op->o_bd = bd;
			rs->sr_text = "authentication required";
			return rs->sr_err = LDAP_UNWILLING_TO_PERFORM;
		}
		op->o_dn = placeholder;
		op->o_ndn = placeholder;
	}
	rc = backend_check_restrictions(op, rs, (struct berval *)&slap_EXOP_MODIFY_PASSWD);
	op->o_dn = dn;
	op->o_ndn = ndn;
	op->o_bd = bd;
	return rc;
}

/* One operation may end in any database, so the strictest one's demand holds. */
static unsigned min_ssf(void)
{
	unsigned most = 0;

	for (const struct lk_instance *instance = lk_instances; instance; instance = instance->next) {
		if (instance->open && instance->min_ssf > most)
			most = instance->min_ssf;
	}
	return most;
}

bool lk_check_ssf(const Operation *op, SlapReply *rs)
{
	if (!LK_GUARD("unprotected-connection", op->o_ssf < min_ssf()))
		return true;
	rs->sr_text = "passwords and codes are taken over a protected connection only";
	rs->sr_err = LDAP_CONFIDENTIALITY_REQUIRED;
	return false;
}

int lk_check_request(Operation *op, SlapReply *rs, const struct lk_instance *instance, bool anonymous_may)
{
	if (!instance || !instance->open) {
		rs->sr_text = "no database of this server uses Latchkey";
		return rs->sr_err = LDAP_UNWILLING_TO_PERFORM;
	}
	if (!lk_check_ssf(op, rs))
		return rs->sr_err;
	if (LK_GUARD("signed-in", !anonymous_may && BER_BVISEMPTY(&op->o_ndn))) {
		rs->sr_text = "sign in first";
		return rs->sr_err = LDAP_STRONG_AUTH_REQUIRED;
	}
	if (LK_GUARD("restrictions", check_restrictions(op, rs, instance->be) != LDAP_SUCCESS))
		return rs->sr_err;
	if (LK_GUARD("shadow", SLAP_SINGLE_SHADOW(instance->be)))
		return refer(op, rs, instance->be);
	return rs->sr_err = LDAP_SUCCESS;
}
