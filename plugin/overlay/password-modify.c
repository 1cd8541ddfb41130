/* Password Modify (RFC 3062), in place of slapd's own, which knows neither names that are no DN nor codes. What is no
 * business of Latchkey's goes on to slapd's. */
#include "overlay.h"

#include <sodium.h>

extern int passwd_extop(Operation *op, SlapReply *rs);

struct request {
	struct berval user, old, new; /* point into the request */
};

static int parse(Operation *op, SlapReply *rs, struct request *ret_request)
{
	return rs->sr_err = slap_passwd_parse(
			   op->ore_reqdata, &ret_request->user, &ret_request->old, &ret_request->new, &rs->sr_text);
}

enum reach { REACH_NOT, REACH_OBSERVES, REACH_ENFORCES };

/* Whether Latchkey answers for this user at all: told from the name alone, so that nothing is said of who exists. With
 * REACH_OBSERVES the name is a DN. */
static enum reach reach_of(Operation *op, const struct berval *user)
{
	struct berval ndn;
	struct lk_governance governance = {0};
	struct lk_snapshot *snapshot;
	size_t policies;

	if (!lk_instance_first_open())
		return REACH_NOT;
	snapshot = lk_snapshot_get(op);
	if (!snapshot)
		return REACH_ENFORCES; /* not known: Latchkey will say that it is busy */
	policies = snapshot->count;
	if (lk_target_names_dn(op, user, &ndn)) {
		governance = lk_snapshot_govern(snapshot, &ndn);
		policies = governance.policy ? 1 : 0;
		op->o_tmpfree(ndn.bv_val, op->o_tmpmemctx);
	}
	lk_snapshot_put(snapshot);
	if (!policies)
		return REACH_NOT;
	return governance.observe ? REACH_OBSERVES : REACH_ENFORCES;
}

/* slapd knows nothing of the Notify control, and must not seem to have heeded it. */
static int leave_to_slapd(Operation *op, SlapReply *rs)
{
	if (!LK_GUARD("critical-control", op->o_ctrlflag[lk_notify_cid] == SLAP_CONTROL_CRITICAL))
		return passwd_extop(op, rs);
	rs->sr_text = "no policy governs this user: nobody can be notified";
	return rs->sr_err = LDAP_UNAVAILABLE_CRITICAL_EXTENSION;
}

static int try_reset(Operation *op, SlapReply *rs, const struct request *request)
{
	struct lk_target target;
	struct berval actor = lk_actor(op);
	int rc = lk_authority_find(op, rs, &request->user, &target);
	if (rc != LDAP_SUCCESS) {
		/* answered */
	} else if (LK_GUARD("oneself-by-name", dn_match(&target.entry->e_nname, &actor))) {
		rs->sr_text = "name yourself by your DN, or not at all";
		rc = rs->sr_err = LDAP_UNWILLING_TO_PERFORM;
	} else if (target.governance.observe && !lk_notify_of(op)) {
		rc = SLAP_CB_CONTINUE;
	} else if (LK_GUARD("old-password-of-another", request->old.bv_val != NULL)) {
		rs->sr_text = "the old password counts for one's own password only";
		rc = rs->sr_err = LDAP_UNWILLING_TO_PERFORM;
	} else {
		rc = lk_reset(op, rs, &target, &request->new);
	}
	lk_target_release(&target);
	return rc;
}

static int reset(Operation *op, SlapReply *rs, const struct request *request)
{
	int rc = LDAP_TYPE_OR_VALUE_EXISTS;

	if (lk_check_request(op, rs, lk_instance_first_open(), false) != LDAP_SUCCESS)
		return rs->sr_err;
	for (int i = 0; i < LK_RACE_TRIES && lk_reset_lost_the_race(rc); i++) {
		rs->sr_text = NULL;
		rc = try_reset(op, rs, request);
	}
	if (!lk_reset_lost_the_race(rc))
		return rc;
	rs->sr_text = "the entry is being changed too often at once: try again";
	return rs->sr_err = LDAP_BUSY;
}

/* slapd's own Password Modify of USER under a policy that observes; told is what the connection would have been refused
 * for. */
static int observe(Operation *op, SlapReply *rs, const struct berval *user)
{
	const char *actor = lk_actor_log(op);
	struct berval ndn;
	bool is_protected = lk_check_ssf(op, rs);
	int rc;

	rs->sr_err = LDAP_SUCCESS;
	rs->sr_text = NULL;
	rc = passwd_extop(op, rs);
	if (!is_protected && lk_target_names_dn(op, user, &ndn)) {
		lk_log_event(op, "password-modify",
			"verdict=observed rule=unprotected-connection %s target=%s changes=password result=%d", actor,
			lk_log_value(op, &ndn), rc);
		op->o_tmpfree(ndn.bv_val, op->o_tmpmemctx);
	}
	return rc;
}

/* A change of one's own password is slapd's and ppolicy's matter; only the connection must be good enough. */
static int own_password(Operation *op, SlapReply *rs)
{
	enum reach reach = reach_of(op, &op->o_ndn);

	if (LK_GUARD("own-password-unprotected", reach == REACH_ENFORCES && !lk_check_ssf(op, rs)))
		return rs->sr_err;
	if (LK_GUARD("own-change-notifies-nobody", lk_notify_of(op) != NULL)) {
		rs->sr_text = "nobody is notified of their own change";
		return rs->sr_err = LDAP_UNWILLING_TO_PERFORM;
	}
	return reach == REACH_OBSERVES ? observe(op, rs, &op->o_ndn) : passwd_extop(op, rs);
}

static bool names_oneself(Operation *op, const struct berval *user)
{
	struct berval ndn, actor = lk_actor(op);
	bool is_own;

	if (BER_BVISEMPTY(user))
		return true;
	if (!lk_target_names_dn(op, user, &ndn))
		return false;
	is_own = dn_match(&ndn, &actor);
	op->o_tmpfree(ndn.bv_val, op->o_tmpmemctx);
	return is_own;
}

int lk_password_modify(Operation *op, SlapReply *rs)
{
	struct request request = {BER_BVNULL, BER_BVNULL, BER_BVNULL};
	bool anonymous = BER_BVISEMPTY(&op->o_ndn), recovers;
	enum reach reach;
	int rc;

	if (parse(op, rs, &request) != LDAP_SUCCESS)
		return rs->sr_err;
	if (!anonymous && names_oneself(op, &request.user))
		return own_password(op, rs);
	reach = BER_BVISEMPTY(&request.user) ? REACH_NOT : reach_of(op, &request.user);
	if (reach == REACH_NOT)
		return leave_to_slapd(op, rs);
	/* A front end asks for people who are not signed in. */
	recovers = request.old.bv_val && (anonymous || lk_client_is_portal(op));
	/* Who asks for a message asks for Latchkey's own reset, under its rules. */
	if (reach == REACH_OBSERVES && !anonymous && !recovers && !lk_notify_of(op))
		return observe(op, rs, &request.user);
	if (anonymous && !request.old.bv_val)
		return lk_check_ssf(op, rs) ? passwd_extop(op, rs) : rs->sr_err;

	/* As slapd's own, but people who are not signed in type passwords for names. */
	Debug(LDAP_DEBUG_STATS, "%s PASSMOD%s%s%s%s\n", op->o_log_prefix,
		recovers ? "" : " id=", recovers ? "" : lk_log_value(op, &request.user), request.old.bv_val ? " old" : "",
		request.new.bv_val ? " new" : "");
	if (recovers)
		rc = lk_recovery_by_password_modify(op, rs, &request.user, &request.old, &request.new);
	else
		rc = reset(op, rs, &request);
	if (rc == SLAP_CB_CONTINUE)
		return leave_to_slapd(op, rs);
	sodium_memzero(op->ore_reqdata->bv_val, op->ore_reqdata->bv_len);
	return rc;
}
