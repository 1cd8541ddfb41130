/* An administrator's reset: the rule, the address, and the write. */
#include "overlay.h"

#include <sodium.h>

#include "../protocol/address.h"

static int fail(SlapReply *rs, int result, const char *text)
{
	rs->sr_text = text;
	return rs->sr_err = result;
}

struct berval lk_actor(const Operation *op)
{
	bool borrowed = op->o_proxy_authz || !BER_BVISNULL(&op->o_conn->c_sasl_authz_dn);

	return borrowed ? op->o_conn->c_ndn : op->o_ndn;
}

struct see_actor {
	bool must_change;
	struct berval name; /* owned */
};

static void see_actor(void *context, const Entry *stored)
{
	struct see_actor *actor = context;
	struct lk_target view = {.entry = (Entry *)stored};
	struct berval name = lk_target_name(&view);
	struct berval reset = lk_entry_value(stored, lk_schema.pwd_reset);

	actor->must_change = reset.bv_len == 4 && !memcmp(reset.bv_val, "TRUE", 4);
	ber_dupbv(&actor->name, &name);
}

const char lk_must_change_text[] = "change your own password first";

static struct see_actor look_at_actor(Operation *op, const struct berval *actor)
{
	struct see_actor seen = {0};
	BackendDB *be = select_backend((struct berval *)actor, 0);

	if (be)
		lk_backend_look(op, be, actor, see_actor, &seen);
	return seen;
}

bool lk_actor_must_change(Operation *op)
{
	struct berval actor = lk_actor(op);
	struct see_actor seen = look_at_actor(op, &actor);

	ch_free(seen.name.bv_val);
	return seen.must_change;
}

static int decide(Operation *op, SlapReply *rs, const struct lk_target *target, const struct berval *actor)
{
	BackendDB *be = target->instance->be;
	struct lk_question question = {
		.action = LK_ACTION_RESET,
		.mode = target->governance.mode,
		.actor_roles = lk_groups_roles(op, target->governance.policy, be, actor),
		.target_roles = lk_groups_roles(op, target->governance.policy, be, &target->entry->e_nname),
	};
	struct lk_verdict verdict = lk_rules_decide(&question);

	lk_log_event(op, "reset", "verdict=%s rule=%s actor=%s target=%s", verdict.allowed ? "allowed" : "refused",
		verdict.rule, lk_log_value(op, actor), lk_log_value(op, &target->entry->e_nname));
	return verdict.allowed ? LDAP_SUCCESS : fail(rs, verdict.result, verdict.text);
}

/* Where the message goes: what the administrator typed, else what the policy finds in the entry. */
static int choose_address(
	SlapReply *rs, const struct lk_target *target, const struct lk_notify *notify, struct berval *ret_address)
{
	if (notify->to.bv_val) {
		if (lk_address_check(&notify->to) != LK_OK)
			return fail(rs, LDAP_INVALID_SYNTAX, "the address to notify is not one plain mail address");
		if (lk_target_is_inside(target, &notify->to))
			return fail(rs, LDAP_UNWILLING_TO_PERFORM,
				"the address to notify is a mailbox that the lost password itself opens: give another");
		*ret_address = notify->to;
		return LDAP_SUCCESS;
	}
	if (!lk_target_address(target, ret_address))
		return fail(rs, LDAP_UNWILLING_TO_PERFORM,
			"no address is known at which this user can be reached: give one with the request");
	return LDAP_SUCCESS;
}

static int compose(
	SlapReply *rs, const struct lk_target *target, const struct lk_notify *notify, struct lk_outgoing *ret_outgoing)
{
	int rc = choose_address(rs, target, notify, &ret_outgoing->to);

	if (rc != LDAP_SUCCESS)
		return rc;
	ret_outgoing->kind = LK_KIND_TEMPORARY_PASSWORD;
	ret_outgoing->language = notify->locale.bv_val ? notify->locale : lk_target_language(target, &notify->locale);
	return LDAP_SUCCESS;
}

static int answer(Operation *op, SlapReply *rs, const struct lk_password_write *write, const struct lk_notify *notify)
{
	struct lk_notify_response response = {.expires = write->temporary_until, .must_change = write->must_change};
	struct berval drawn = {strlen(write->drawn), (char *)write->drawn};

	if (drawn.bv_len && !(notify && notify->conceal))
		rs->sr_rspdata = slap_passwd_return(&drawn);
	if (notify) {
		memcpy(response.id, write->outgoing->id, sizeof response.id);
		return lk_notify_answer(op, rs, &response);
	}
	return LDAP_SUCCESS;
}

/* Everything that can be refused has been; what is left is the write. */
static int perform(Operation *op, SlapReply *rs, struct lk_target *target, const struct berval *new_password,
	struct lk_outgoing *outgoing, const struct berval *actor)
{
	const struct lk_notify *notify = lk_notify_of(op);
	bool must_change = !notify || notify->must_change;
	struct lk_password_write write = {
		.target = target,
		.password = *new_password,
		.temporary_until = must_change ? op->o_time + target->governance.policy->temporary_lifetime : 0,
		.must_change = must_change,
		.outgoing = notify ? outgoing : NULL,
		.by_dn = *actor,
		.name = "reset",
	};

	outgoing->expires = write.temporary_until;
	outgoing->must_change = must_change;
	rs->sr_err = lk_password_write(op, &write, &rs->sr_text);
	if (rs->sr_err == LDAP_SUCCESS) {
		lk_log_event(op, "reset", "verdict=done target=%s generated=%s id=%s",
			lk_log_value(op, &target->entry->e_nname), write.drawn[0] ? "yes" : "no", notify ? outgoing->id : "-");
		rs->sr_err = answer(op, rs, &write, notify);
	}
	sodium_memzero(write.drawn, sizeof write.drawn);
	lk_kill_point("reset", "before-answer");
	return rs->sr_err;
}

int lk_reset(Operation *op, SlapReply *rs, struct lk_target *target, const struct berval *new_password)
{
	struct berval actor = lk_actor(op);
	const struct lk_notify *notify = lk_notify_of(op);
	struct see_actor seen;
	struct lk_outgoing outgoing = {.actor_dn = actor};
	int rc = decide(op, rs, target, &actor);

	if (rc != LDAP_SUCCESS)
		return rc;
	seen = look_at_actor(op, &actor);
	outgoing.actor_name = seen.name;
	if (seen.must_change)
		rc = fail(rs, LDAP_INSUFFICIENT_ACCESS, lk_must_change_text);
	if (rc == LDAP_SUCCESS && notify)
		rc = compose(rs, target, notify, &outgoing);
	if (rc == LDAP_SUCCESS)
		rc = perform(op, rs, target, new_password, &outgoing, &actor);
	ch_free(seen.name.bv_val);
	return rc;
}
