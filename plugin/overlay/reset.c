/* An administrator's reset: the rule, the address, and the write. */
#include "overlay.h"

#include <sodium.h>
#include <stdio.h>

#include "../protocol/address.h"

const char lk_reset_by_code_text[] =
	"under this policy a reset sends a code, with which the user chooses a password: no administrator gives one";

/* An old client knows no control; where a code is sent, it is sent all the same. */
static const struct lk_notify by_default = {.must_change = true};

/* Whether a message is asked for: the control may bring nothing but why the reset is made. */
static bool wants_message(const struct lk_notify *notify)
{
	return notify && !notify->no_message;
}

static bool is_by_code(const struct lk_target *target)
{
	return target->governance.policy->reset_by_code;
}

int lk_reset_address(
	SlapReply *rs, const struct lk_target *target, const struct lk_notify *notify, struct berval *ret_address)
{
	if (notify->to.bv_val) {
		if (LK_GUARD("notified-address-form", lk_address_check_reachable(&notify->to) != LK_OK))
			return lk_fail(rs, LDAP_INVALID_SYNTAX, "the address to notify is not one plain mail address");
		if (LK_GUARD("notified-address-inside", lk_target_is_inside(target, &notify->to)))
			return lk_fail(rs, LDAP_UNWILLING_TO_PERFORM,
				"the address to notify is a mailbox that the lost password itself opens: give another");
		*ret_address = notify->to;
		return LDAP_SUCCESS;
	}
	if (LK_GUARD("address-to-notify", !lk_target_address(target, ret_address)))
		return lk_fail(rs, LDAP_UNWILLING_TO_PERFORM,
			"no address is known at which this user can be reached: give one with the request");
	return LDAP_SUCCESS;
}

static int compose(
	SlapReply *rs, const struct lk_target *target, const struct lk_notify *notify, struct lk_outgoing *ret_outgoing)
{
	int rc = lk_reset_address(rs, target, notify, &ret_outgoing->to);

	if (rc != LDAP_SUCCESS)
		return rc;
	ret_outgoing->kind = is_by_code(target) ? LK_KIND_RESET_CODE : LK_KIND_TEMPORARY_PASSWORD;
	ret_outgoing->language = notify->locale.bv_val ? notify->locale : lk_target_language(target, &notify->locale);
	return LDAP_SUCCESS;
}

static int answer(
	Operation *op, SlapReply *rs, const struct lk_password_write *write, const struct lk_outgoing *outgoing)
{
	const struct lk_notify *notify = lk_notify_of(op);
	struct lk_notify_response response = {
		.expires = write->temporary_until, .must_change = outgoing->must_change, .code = write->code != NULL};
	struct berval drawn = {strlen(write->drawn), (char *)write->drawn};

	if (drawn.bv_len && !LK_GUARD("reset-by-code-unseen", write->code != NULL) &&
		!LK_GUARD("concealed", notify && notify->conceal))
		rs->sr_rspdata = slap_passwd_return(&drawn);
	if (notify) {
		memcpy(response.id, outgoing->id, sizeof response.id);
		return lk_notify_answer(op, rs, &response);
	}
	return LDAP_SUCCESS;
}

static int write_and_answer(
	Operation *op, SlapReply *rs, struct lk_password_write *write, const struct lk_outgoing *outgoing)
{
	rs->sr_err = lk_password_write(op, write, &rs->sr_text);
	if (rs->sr_err == LDAP_SUCCESS) {
		lk_counters_add(&write->target->instance->counters, LK_COUNT_RESETS);
		rs->sr_err = answer(op, rs, write, outgoing);
	}
	sodium_memzero(write->drawn, sizeof write->drawn);
	lk_kill_point("reset", "before-answer");
	return rs->sr_err;
}

/* Everything that can be refused has been; what is left is the write. */
static int perform(Operation *op, SlapReply *rs, struct lk_target *target, const struct berval *new_password,
	struct lk_outgoing *outgoing, const struct lk_happening *happening)
{
	const struct lk_notify *notify = lk_notify_of(op);
	bool by_code = is_by_code(target), must_change = by_code || !notify || notify->must_change;
	struct lk_news news = {.kind = LK_KIND_PASSWORD_CHANGED, .actor = outgoing->actor_dn, .is_reset = true};
	struct lk_own_code code;
	struct lk_password_write write = {
		.target = target,
		.password = *new_password,
		.temporary_until = must_change ? op->o_time + target->governance.policy->temporary_lifetime : 0,
		.must_change = must_change,
		.outgoing = wants_message(notify) || by_code ? outgoing : NULL,
		.code = by_code ? &code : NULL,
		.by_dn = outgoing->actor_dn,
		.happening = happening,
		.news = &news,
		.name = "reset",
	};
	int rc;

	lk_own_code_draw(&code);
	outgoing->expires = write.temporary_until;
	outgoing->must_change = must_change && lk_password_change_is_demanded(op, target);
	rc = write_and_answer(op, rs, &write, outgoing);
	sodium_memzero(&code, sizeof code);
	return rc;
}

/* A stored password is logged as such even if its answer could not be made. */
static void log_reset(Operation *op, const struct lk_target *target, const struct lk_happening *happening,
	const struct lk_outgoing *outgoing, bool generated, int result)
{
	char more[sizeof "generated=yes id=" + LK_ID_TEXT];

	snprintf(
		more, sizeof more, "generated=%s%s%s", generated ? "yes" : "no", outgoing->id[0] ? " id=" : "", outgoing->id);
	lk_events_log(op, "reset", target, happening, result, more);
}

static int check_reason(Operation *op, SlapReply *rs, const struct lk_target *target, const struct lk_notify *notify)
{
	static const struct lk_verdict reason_required = {
		false, LDAP_UNWILLING_TO_PERFORM, "reason-required", "this policy requires a reason for each reset: give one"};

	if (LK_GUARD("reason-required", target->governance.policy->reason_required && !(notify && notify->reason.bv_val)))
		return lk_authority_refuse(op, rs, target, "reset", &reason_required);
	return LDAP_SUCCESS;
}

/* A code is no use to who needs another proof and has none. */
static int check_code(Operation *op, SlapReply *rs, const struct lk_target *target, const struct berval *new_password,
	const struct lk_notify *notify)
{
	static const struct lk_verdict by_code = {false, LDAP_UNWILLING_TO_PERFORM, "reset-by-code", lk_reset_by_code_text};

	if (!is_by_code(target))
		return LDAP_SUCCESS;
	if (LK_GUARD("reset-by-code", !BER_BVISEMPTY(new_password) || (notify && notify->no_message)))
		return lk_authority_refuse(op, rs, target, "reset", &by_code);
	if (!lk_proofs_are_there(op, target))
		return lk_fail(rs, LDAP_UNWILLING_TO_PERFORM,
			"under this policy a mailed code is not enough for this user, who has nothing else to prove who they are");
	return LDAP_SUCCESS;
}

bool lk_reset_lost_the_race(int rc)
{
	return rc == LDAP_TYPE_OR_VALUE_EXISTS || rc == LDAP_NO_SUCH_ATTRIBUTE;
}

int lk_reset(Operation *op, SlapReply *rs, struct lk_target *target, const struct berval *new_password)
{
	const struct lk_notify *notify = lk_notify_of(op);
	struct lk_happening happening = {.what = LK_EVENT_RESET, .actor = lk_actor(op)};
	struct lk_outgoing outgoing = {.actor_dn = happening.actor};
	struct lk_authority authority;
	int rc = lk_authority_ask(op, rs, target, LK_ACTION_RESET, "reset", &authority);

	if (rc == LDAP_SUCCESS)
		rc = check_reason(op, rs, target, notify);
	if (rc == LDAP_SUCCESS)
		rc = check_code(op, rs, target, new_password, notify);
	if (rc != LDAP_SUCCESS) {
		lk_authority_release(&authority);
		return rc;
	}
	outgoing.actor_name = authority.name;
	happening.rule = authority.rule;
	if (notify) {
		happening.reason = notify->reason;
		happening.ticket = notify->ticket;
	}
	if (wants_message(notify) || is_by_code(target))
		rc = compose(rs, target, notify ? notify : &by_default, &outgoing);
	if (rc == LDAP_SUCCESS)
		rc = perform(op, rs, target, new_password, &outgoing, &happening);
	if (!lk_reset_lost_the_race(rc))
		log_reset(op, target, &happening, &outgoing, BER_BVISEMPTY(new_password), rc);
	lk_authority_release(&authority);
	return rc;
}
