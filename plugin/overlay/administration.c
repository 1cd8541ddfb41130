/* What administrators do beside a reset: send a message again, unlock, block. */
#include "overlay.h"

#include <stdio.h>

#include "../protocol/address.h"
#include "../protocol/wire-admin.h"

const char lk_blocked_text[] = "sign-in to this account is blocked: unlock it first";

/* A modify of TARGET as the database's own identity, recorded as the administrator's. */
static int act(Operation *op, SlapReply *rs, const struct lk_target *target, const char *name, Modifications *mods,
	Filter *assertion)
{
	struct berval actor = lk_actor(op);
	struct lk_modify modify = lk_backend_modify_of(target->instance, target->entry, name);
	Modifications **tail = &modify.mods;

	modify.assertion = assertion;
	tail = lk_mod_append(tail, slap_schema.si_ad_modifiersName, LDAP_MOD_REPLACE, &actor, 1);
	*tail = mods;
	rs->sr_err = lk_backend_modify(op, &modify, &rs->sr_text);
	/* No such attribute: a sign-in has just cleared what keep_lock() saw. */
	if (rs->sr_err == LDAP_ASSERTION_FAILED || rs->sr_err == LDAP_NO_SUCH_ATTRIBUTE)
		return lk_fail(rs, LDAP_BUSY, lk_race_text);
	return rs->sr_err;
}

/* Finds the user and asks for leave; the caller releases both in either case. */
static int begin(Operation *op, SlapReply *rs, const struct berval *user, struct lk_target *ret_target)
{
	memset(ret_target, 0, sizeof *ret_target);
	if (lk_check_request(op, rs, lk_instance_first_open(), false) != LDAP_SUCCESS)
		return rs->sr_err;
	return lk_authority_find(op, rs, user, ret_target);
}

/* --- resend --------------------------------------------------------------------------------------------------- */

#define CLOCK_SLACK 2 /* seconds between the message's time and ppolicy's for the same write */

/* Whether the password that MESSAGE carries is the stored one still, or its code alive. */
static bool still_holds(const struct lk_target *target, const struct lk_message *message)
{
	struct berval stored = lk_entry_value(target->entry, slap_schema.si_ad_userPassword), hash;
	struct berval changed = lk_entry_value(target->entry, lk_schema.pwd_changed);
	time_t when;

	if (message->kind == LK_KIND_WELCOME_CODE || message->kind == LK_KIND_RESET_CODE)
		return lk_own_code_is_alive(target, message->id);
	if (lk_temporary_parse(&stored, &when, &hash) == LK_OK)
		return when == message->expires;
	if (message->expires)
		return false;
	return lk_time_parse(&changed, &when) != LK_OK || when <= message->created + CLOCK_SLACK;
}

/* Only while what it says still holds; and elsewhere only what opens the account no further than the first mail did. */
static int check_resend(SlapReply *rs, const struct lk_target *target, const struct lk_resend *request,
	const struct lk_message *message, time_t now)
{
	if ((message->expires && message->expires <= now) ||
		(lk_message_may_be_resent(message) && !still_holds(target, message)))
		return lk_fail(rs, LDAP_UNWILLING_TO_PERFORM, "what this message says is no longer valid: reset again");
	if (LK_GUARD("resend-erased", !lk_outbox_sealed_of(target->entry, request->id)))
		return lk_fail(rs, LDAP_UNWILLING_TO_PERFORM, "the contents of this message have been erased: reset again");
	if (!request->to.bv_val)
		return LDAP_SUCCESS;
	if (LK_GUARD("resend-elsewhere", message->kind != LK_KIND_TEMPORARY_PASSWORD && message->kind != LK_KIND_WELCOME))
		return lk_fail(
			rs, LDAP_UNWILLING_TO_PERFORM, "only a temporary password or a welcome is sent to another address");
	if (LK_GUARD("resend-address-form", lk_address_check_reachable(&request->to) != LK_OK))
		return lk_fail(rs, LDAP_INVALID_SYNTAX, "the address is not one plain mail address");
	if (LK_GUARD("resend-address-inside", lk_target_is_inside(target, &request->to)))
		return lk_fail(
			rs, LDAP_UNWILLING_TO_PERFORM, "the lost password itself opens this mailbox: give another address");
	return LDAP_SUCCESS;
}

static int queue_again(Operation *op, SlapReply *rs, const struct lk_target *target, const struct lk_resend *request,
	const struct berval *old, struct lk_message *message, const struct lk_happening *happening)
{
	struct lk_news news = {
		.kind = LK_KIND_RESENT_ELSEWHERE, .actor = happening->actor, .except = request->to, .about = request->to};
	Modifications *mods = NULL, **tail = &mods;
	struct berval value;

	message->state = LK_STATE_QUEUED;
	message->due = op->o_time;
	message->answer[0] = '\0';
	if (request->to.bv_val) {
		memcpy(message->to, request->to.bv_val, request->to.bv_len);
		message->to[request->to.bv_len] = '\0';
	}
	if (lk_message_format(message, &value) != LK_OK)
		return lk_fail(rs, LDAP_OTHER, "the message cannot be stored");
	if (!bvmatch(old, &value)) {
		tail = lk_mod_append(tail, lk_schema.message, LDAP_MOD_DELETE, old, 1);
		tail = lk_mod_append(tail, lk_schema.message, LDAP_MOD_ADD, &value, 1);
	}
	ber_memfree(value.bv_val);
	tail = lk_listed_message(tail, target->entry, message);
	if (request->to.bv_val)
		tail = lk_tell_append(op, tail, target, &news);
	tail = lk_mod_append_time(tail, lk_schema.due, LDAP_MOD_REPLACE, op->o_time);
	lk_events_append(op, tail, target->entry, happening);
	return act(op, rs, target, "resend", mods, lk_entry_unchanged(op, target->entry));
}

static int send_again(Operation *op, SlapReply *rs, const struct lk_target *target, const struct lk_resend *request,
	const struct lk_happening *happening)
{
	struct lk_message message;
	const struct berval *old = lk_notification_find(target->entry, request->id, &message);

	if (!old)
		return lk_fail(rs, LDAP_NO_SUCH_OBJECT, "there is no such message");
	if (check_resend(rs, target, request, &message, op->o_time) != LDAP_SUCCESS)
		return rs->sr_err;
	return queue_again(op, rs, target, request, old, &message, happening);
}

static int resend(Operation *op, SlapReply *rs, const struct lk_target *target, const struct lk_resend *request)
{
	enum lk_action action = request->to.bv_val ? LK_ACTION_RESEND_ELSEWHERE : LK_ACTION_RESEND;
	struct lk_happening happening = {.what = LK_EVENT_RESEND, .actor = lk_actor(op)};
	struct lk_authority authority;
	char more[sizeof "id=" + LK_ID_TEXT];
	int rc = lk_authority_ask(op, rs, target, action, "resend", &authority);

	lk_authority_release(&authority);
	if (rc != LDAP_SUCCESS)
		return rc;
	happening.rule = authority.rule;
	rc = send_again(op, rs, target, request, &happening);
	snprintf(more, sizeof more, "id=%s", request->id);
	lk_events_log(op, "resend", target, &happening, rc, more);
	return rc;
}

int lk_notification_resend(Operation *op, SlapReply *rs)
{
	struct lk_resend request;
	struct lk_target target;

	if (!op->ore_reqdata || lk_wire_decode_resend(op->ore_reqdata, &request) != LK_OK)
		return lk_fail(rs, LDAP_PROTOCOL_ERROR, "the request is not in its documented form");
	if (begin(op, rs, &request.user, &target) == LDAP_SUCCESS)
		resend(op, rs, &target, &request);
	lk_target_release(&target);
	return rs->sr_err;
}

/* --- unlock and block ------------------------------------------------------------------------------------------ */

/* slapo-ppolicy takes every change of userPassword for a new password. These keep what it would note of one. */
static Modifications **keep_notes(Modifications **tail, const Entry *entry)
{
	AttributeDescription *kept[] = {lk_schema.pwd_changed, lk_schema.pwd_history, lk_schema.pwd_reset};

	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
		Attribute *a = kept[i] ? attr_find(entry->e_attrs, kept[i]) : NULL;

		if (kept[i])
			tail = lk_mod_append(tail, kept[i], LDAP_MOD_REPLACE, a ? a->a_vals : NULL, a ? a->a_numvals : 0);
	}
	return tail;
}

/* And what it would clear: it deletes these itself, at the end, unless the modlist has an outright delete. */
static Modifications **keep_lock(Modifications **tail, const Entry *entry)
{
	AttributeDescription *kept[] = {
		lk_schema.pwd_locked, lk_schema.pwd_failure, lk_schema.pwd_grace, lk_schema.pwd_success};

	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
		Attribute *a = kept[i] ? attr_find(entry->e_attrs, kept[i]) : NULL;

		if (!a)
			continue;
		tail = lk_mod_append(tail, kept[i], LDAP_MOD_DELETE, NULL, 0);
		tail = lk_mod_append(tail, kept[i], LDAP_MOD_ADD, a->a_vals, a->a_numvals);
	}
	return tail;
}

static bool is_wrapped(const struct berval *value)
{
	return value->bv_len >= sizeof LK_BLOCKED_SCHEME - 1 &&
		   !strncasecmp(value->bv_val, LK_BLOCKED_SCHEME, sizeof LK_BLOCKED_SCHEME - 1);
}

/* Each password behind a scheme that no sign-in passes, or out of it again. In op's memory, for one modify. */
static Modifications **wrap_passwords(Operation *op, Modifications **tail, const Entry *entry, bool block)
{
	Attribute *a = attr_find(entry->e_attrs, slap_schema.si_ad_userPassword);
	size_t scheme = sizeof LK_BLOCKED_SCHEME - 1;
	struct berval *values;

	if (!a)
		return tail;
	values = op->o_tmpcalloc(a->a_numvals, sizeof *values, op->o_tmpmemctx);
	for (unsigned i = 0; i < a->a_numvals; i++) {
		struct berval *old = &a->a_vals[i];

		values[i] = *old;
		if (block && !is_wrapped(old)) {
			values[i].bv_val = op->o_tmpalloc(scheme + old->bv_len + 1, op->o_tmpmemctx);
			values[i].bv_len = scheme + old->bv_len;
			memcpy(values[i].bv_val, LK_BLOCKED_SCHEME, scheme);
			memcpy(values[i].bv_val + scheme, old->bv_val, old->bv_len + 1);
		} else if (!block && is_wrapped(old)) {
			values[i].bv_val += scheme;
			values[i].bv_len -= scheme;
		}
	}
	tail = lk_mod_append(tail, slap_schema.si_ad_userPassword, LDAP_MOD_REPLACE, values, a->a_numvals);
	return keep_lock(keep_notes(tail, entry), entry);
}

bool lk_block_is_open(const Entry *entry)
{
	Attribute *a = attr_find(entry->e_attrs, slap_schema.si_ad_userPassword);

	if (!attr_find(entry->e_attrs, lk_schema.blocked))
		return false;
	for (unsigned i = 0; a && i < a->a_numvals; i++) {
		if (!is_wrapped(&a->a_vals[i]))
			return true;
	}
	return false;
}

Modifications **lk_block_append(Operation *op, Modifications **tail, const Entry *entry)
{
	return wrap_passwords(op, tail, entry, true);
}

static Modifications **clear_lock(Modifications **tail)
{
	AttributeDescription *cleared[] = {
		lk_schema.pwd_locked, lk_schema.pwd_failure, lk_schema.pwd_tmp_lockout, lk_schema.pwd_grace};

	for (size_t i = 0; i < sizeof cleared / sizeof *cleared; i++) {
		if (cleared[i])
			tail = lk_mod_append(tail, cleared[i], LDAP_MOD_REPLACE, NULL, 0);
	}
	return tail;
}

struct lk_closing {
	bool block; /* else unlock */
	bool blocked; /* whether the account is blocked now */
	const char *name;
};

static Modifications *closing_mods(Operation *op, const struct lk_target *target, const struct lk_closing *closing,
	const struct lk_happening *happening)
{
	struct lk_news news = {.kind = LK_KIND_ACCOUNT_UNLOCKED, .actor = happening->actor};
	Modifications *mods = NULL, **tail = &mods;

	if (closing->block)
		tail = lk_mod_append_time(tail, lk_schema.blocked, LDAP_MOD_REPLACE, op->o_time);
	else if (closing->blocked)
		tail = lk_mod_append(tail, lk_schema.blocked, LDAP_MOD_REPLACE, NULL, 0);
	if (closing->block || closing->blocked)
		tail = wrap_passwords(op, tail, target->entry, closing->block);
	if (!closing->block && target->governance.mode == LK_MODE_ADMIN_RESET)
		tail = clear_lock(tail);
	tail = lk_events_append(op, tail, target->entry, happening);
	if (!closing->block)
		lk_tell_append(op, tail, target, &news);
	return mods;
}

static int close_or_open(Operation *op, SlapReply *rs, const struct lk_target *target,
	const struct lk_account_request *request, struct lk_closing *closing)
{
	struct lk_authority authority;
	struct lk_happening happening = {.reason = request->reason, .ticket = request->ticket, .actor = lk_actor(op)};
	enum lk_action action = LK_ACTION_BLOCK;
	int rc;

	closing->blocked = attr_find(target->entry->e_attrs, lk_schema.blocked) != NULL;
	if (!closing->block)
		action = closing->blocked ? LK_ACTION_LIFT_BLOCK : LK_ACTION_UNLOCK;
	rc = lk_authority_ask(op, rs, target, action, closing->name, &authority);
	lk_authority_release(&authority);
	if (rc != LDAP_SUCCESS)
		return rc;
	if (LK_GUARD("block-needs-rootdn", closing->block && BER_BVISEMPTY(&target->instance->be->be_rootndn)))
		return lk_fail(rs, LDAP_UNWILLING_TO_PERFORM, "blocking needs a rootdn on this database");
	happening.what = closing->block ? LK_EVENT_BLOCK : LK_EVENT_UNLOCK;
	happening.rule = authority.rule;
	rc = act(op, rs, target, closing->name, closing_mods(op, target, closing, &happening),
		lk_entry_unchanged(op, target->entry));
	if (rc == LDAP_SUCCESS)
		lk_counters_add(&target->instance->counters, closing->block ? LK_COUNT_BLOCKS : LK_COUNT_UNLOCKS);
	lk_events_log(op, closing->name, target, &happening, rc, NULL);
	return rc;
}

static int account(Operation *op, SlapReply *rs, struct lk_closing closing)
{
	struct lk_account_request request;
	struct lk_target target;

	if (!op->ore_reqdata || lk_wire_decode_account(op->ore_reqdata, &request) != LK_OK)
		return lk_fail(rs, LDAP_PROTOCOL_ERROR, "the request is not in its documented form");
	if (begin(op, rs, &request.user, &target) == LDAP_SUCCESS)
		close_or_open(op, rs, &target, &request, &closing);
	lk_target_release(&target);
	return rs->sr_err;
}

int lk_account_unlock(Operation *op, SlapReply *rs)
{
	return account(op, rs, (struct lk_closing){.block = false, .name = "unlock"});
}

int lk_account_block(Operation *op, SlapReply *rs)
{
	return account(op, rs, (struct lk_closing){.block = true, .name = "block"});
}
