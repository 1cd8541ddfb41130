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

/* Whether Latchkey answers for this user at all: told from the name alone, so that nothing is said of who exists. */
static bool is_governed(Operation *op, const struct berval *user)
{
	struct berval ndn;
	struct lk_snapshot *snapshot;
	bool governed;

	if (!lk_instance_first_open())
		return false;
	snapshot = lk_snapshot_get(op);
	if (!snapshot)
		return true; /* not known: Latchkey will say that it is busy */
	governed =
		lk_target_names_dn(op, user, &ndn) ? lk_snapshot_govern(snapshot, &ndn).policy != NULL : snapshot->count > 0;
	lk_snapshot_put(snapshot);
	return governed;
}

/* slapd knows nothing of the Notify control, and must not seem to have heeded it. */
static int leave_to_slapd(Operation *op, SlapReply *rs)
{
	if (op->o_ctrlflag[lk_notify_cid] != SLAP_CONTROL_CRITICAL)
		return passwd_extop(op, rs);
	rs->sr_text = "no policy governs this user: nobody can be notified";
	return rs->sr_err = LDAP_UNAVAILABLE_CRITICAL_EXTENSION;
}

#define RESET_TRIES 16 /* of each round of simultaneous writes to one entry, one succeeds */

/* Another write came between the reading of the entry and ours: what ours was to add is there, or to delete is gone. */
static bool lost_the_race(int rc)
{
	return rc == LDAP_TYPE_OR_VALUE_EXISTS || rc == LDAP_NO_SUCH_ATTRIBUTE;
}

static int try_reset(Operation *op, SlapReply *rs, const struct request *request)
{
	struct lk_target target;
	struct berval actor = lk_actor(op);
	int rc = lk_authority_find(op, rs, &request->user, &target);
	if (rc != LDAP_SUCCESS) {
		/* answered */
	} else if (dn_match(&target.entry->e_nname, &actor)) {
		rs->sr_text = "name yourself by your DN, or not at all";
		rc = rs->sr_err = LDAP_UNWILLING_TO_PERFORM;
	} else if (target.governance.observe && !lk_notify_of(op)) {
		rc = SLAP_CB_CONTINUE; /* who asks for a message asks for Latchkey's own reset, under its rules */
	} else if (request->old.bv_val) {
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
	for (int i = 0; i < RESET_TRIES && lost_the_race(rc); i++) {
		rs->sr_text = NULL;
		rc = try_reset(op, rs, request);
	}
	if (!lost_the_race(rc))
		return rc;
	rs->sr_text = "the entry is being changed too often at once: try again";
	return rs->sr_err = LDAP_BUSY;
}

/* A change of one's own password is slapd's and ppolicy's matter; only the connection must be good enough. */
static int own_password(Operation *op, SlapReply *rs)
{
	if (is_governed(op, &op->o_ndn) && !lk_check_ssf(op, rs))
		return rs->sr_err;
	if (lk_notify_of(op)) {
		rs->sr_text = "nobody is notified of their own change";
		return rs->sr_err = LDAP_UNWILLING_TO_PERFORM;
	}
	return passwd_extop(op, rs);
}

static bool names_oneself(Operation *op, const struct berval *user)
{
	struct berval ndn, actor = lk_actor(op);

	return BER_BVISEMPTY(user) || (lk_target_names_dn(op, user, &ndn) && dn_match(&ndn, &actor));
}

int lk_password_modify(Operation *op, SlapReply *rs)
{
	struct request request = {BER_BVNULL, BER_BVNULL, BER_BVNULL};
	bool portal = lk_client_is_portal(op), anonymous = BER_BVISEMPTY(&op->o_ndn);
	int rc;

	if (parse(op, rs, &request) != LDAP_SUCCESS)
		return rs->sr_err;
	if (!anonymous && names_oneself(op, &request.user))
		return own_password(op, rs);
	if (BER_BVISEMPTY(&request.user) || !is_governed(op, &request.user))
		return leave_to_slapd(op, rs);
	if (anonymous && !request.old.bv_val)
		return lk_check_ssf(op, rs) ? passwd_extop(op, rs) : rs->sr_err;

	Debug(LDAP_DEBUG_STATS, "%s PASSMOD id=%s%s%s\n", op->o_log_prefix, lk_log_value(op, &request.user),
		request.old.bv_val ? " old" : "", request.new.bv_val ? " new" : "");
	/* A front end asks for people who are not signed in. */
	if (anonymous || (portal && request.old.bv_val))
		rc = lk_recovery_by_password_modify(op, rs, &request.user, &request.old, &request.new);
	else
		rc = reset(op, rs, &request);
	if (rc == SLAP_CB_CONTINUE)
		return leave_to_slapd(op, rs);
	sodium_memzero(op->ore_reqdata->bv_val, op->ore_reqdata->bv_len);
	return rc;
}
