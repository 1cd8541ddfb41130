/* An Add with the Notify control: a new user, who gets a temporary password by mail, or where accounts are self-service
 * only a code with which they choose their first one. What is stored for it goes into the entry that is added, so that
 * there is no new user without the message. The answer carries no password: who adds a user never sees it. */
#include "overlay.h"

#include <sodium.h>

#include "../protocol/address.h"

struct welcome {
	slap_callback callback; /* first: freed with it */
	OpExtra extra;
	Entry *lent[LK_MASKED_MAX];
	const char *rule; /* that let it through; static */
	struct lk_notify_response response;
};

/* The address of this is the key of the extra. */
static const char welcome_key;

struct draft {
	Operation *op;
	SlapReply *rs;
	struct lk_target target; /* its entry is the new one */
	const struct lk_notify *notify;
	struct lk_authority authority;
	struct lk_outgoing outgoing;
	char secret[LK_PASSWORD_TEXT_MAX + 1];
};

static int fail(struct draft *draft, int result, const char *text)
{
	draft->rs->sr_text = text;
	return draft->rs->sr_err = result;
}

Entry **lk_welcome_lent(const Operation *op)
{
	OpExtra *extra = lk_backend_extra(op, &welcome_key);

	return extra ? ((struct welcome *)((char *)extra - offsetof(struct welcome, extra)))->lent : NULL;
}

/* --- may they ----------------------------------------------------------------------------------------------------- */

static int ask(struct draft *draft)
{
	Operation *op = draft->op;
	struct lk_verdict verdict = lk_authority_verdict(op, &draft->target, LK_ACTION_WELCOME);
	struct lk_verdict standing = lk_target_standing(&draft->target);

	if (verdict.allowed && !standing.allowed)
		verdict = standing;
	draft->authority.rule = verdict.rule;
	if (LK_GUARD("welcome-needs-role", !verdict.allowed)) {
		lk_log_event(op, "welcome", "verdict=refused rule=%s %s target=%s result=%d", verdict.rule, lk_actor_log(op),
			lk_log_value(op, &op->o_req_ndn), verdict.result);
		return fail(draft, verdict.result, verdict.text);
	}
	return lk_authority_standing(op, draft->rs, &draft->authority);
}

static bool has_credentials(const struct draft *draft)
{
	for (Attribute *a = draft->target.entry->e_attrs; a; a = a->a_next) {
		if (lk_schema_is_credential(draft->target.instance, a->a_desc))
			return true;
	}
	return false;
}

static bool is_self_service(const struct draft *draft)
{
	return draft->target.governance.mode == LK_MODE_SELF_SERVICE_ONLY;
}

static bool is_by_code(const struct draft *draft)
{
	return is_self_service(draft) || draft->target.governance.policy->reset_by_code;
}

static bool had_another(struct draft *draft)
{
	struct lk_former former;

	lk_former_find(draft->op, &draft->target.governance, &former);
	return former.is_former;
}

/* Somebody new has nothing but the code, whatever the policy requires of others, and it is enough for a first password.
 * But an account must not lose its second proof by being deleted and added again. */
static int check_code(struct draft *draft)
{
	const struct lk_policy *policy = draft->target.governance.policy;

	if (LK_GUARD("welcome-by-mail", !(policy->methods & LK_POLICY_MAIL)))
		return fail(draft, LDAP_UNWILLING_TO_PERFORM,
			"under this policy a mailed code counts for nothing: nobody is welcomed here");
	if (LK_GUARD("welcome-of-a-former-name", policy->methods_required > 1 && had_another(draft)))
		return fail(draft, LDAP_UNWILLING_TO_PERFORM,
			"another account had this name until lately, and a mailed code alone must not open it: wait until the "
			"cool-down "
			"of the policy is over");
	return LDAP_SUCCESS;
}

static int check_policy(struct draft *draft)
{
	const struct lk_policy *policy = draft->target.governance.policy;

	if (policy->reason_required && !draft->notify->reason.bv_val)
		return fail(draft, LDAP_UNWILLING_TO_PERFORM, "this policy requires a reason for each reset: give one");
	return is_by_code(draft) ? check_code(draft) : LDAP_SUCCESS;
}

static int check(struct draft *draft)
{
	if (draft->op->o_txnSpec)
		return fail(draft, LDAP_UNWILLING_TO_PERFORM, "not within a transaction");
	if (has_credentials(draft))
		return fail(draft, LDAP_UNWILLING_TO_PERFORM,
			"an Add with the Notify control carries no password: a temporary one is made for the new user");
	if (draft->notify->no_message)
		return fail(
			draft, LDAP_UNWILLING_TO_PERFORM, "an Add with the Notify control sends a message: leave the control out");
	return ask(draft) == LDAP_SUCCESS ? check_policy(draft) : draft->rs->sr_err;
}

/* --- what is stored ----------------------------------------------------------------------------------------------- */

static bool is_equal(const struct berval *address, void *context)
{
	return lk_address_equal(address, context);
}

/* A code is good for an address of the user's own only: it dies when that is replaced. */
static int choose_address(struct draft *draft)
{
	struct berval to = draft->notify->to;

	if (lk_reset_address(draft->rs, &draft->target, draft->notify, &draft->outgoing.to) != LDAP_SUCCESS)
		return draft->rs->sr_err;
	if (to.bv_val && is_self_service(draft) && !lk_target_each_address(&draft->target, is_equal, &to))
		return fail(draft, LDAP_UNWILLING_TO_PERFORM,
			"a welcome with a code goes to a recovery address of the new entry that counts: put it there");
	return LDAP_SUCCESS;
}

static void put(struct draft *draft, AttributeDescription *ad, const struct berval *value)
{
	attr_merge_normalize_one(draft->target.entry, ad, (struct berval *)value, NULL);
}

/* slapd makes one where there is none, but a code is bound to it. */
static void put_uuid(struct draft *draft)
{
	char text[LDAP_LUTIL_UUIDSTR_BUFSIZE];
	struct berval uuid = {0, text};

	if (attr_find(draft->target.entry->e_attrs, slap_schema.si_ad_entryUUID))
		return;
	uuid.bv_len = lutil_uuidstr(text, sizeof text);
	put(draft, slap_schema.si_ad_entryUUID, &uuid);
}

static int put_password(struct draft *draft)
{
	const struct lk_policy *policy = draft->target.governance.policy;
	struct berval password = {0, draft->secret}, yes = BER_BVC("TRUE"), stored;

	lk_password_generate((size_t)policy->temporary_length, draft->secret);
	password.bv_len = strlen(draft->secret);
	draft->outgoing.secret = password;
	draft->outgoing.must_change =
		draft->notify->must_change && lk_password_change_is_demanded(draft->op, &draft->target);
	if (lk_password_store(&password, draft->outgoing.expires, &stored) != LDAP_SUCCESS)
		return fail(draft, LDAP_OTHER, "the new password cannot be hashed");
	put(draft, slap_schema.si_ad_userPassword, &stored);
	ber_memfree(stored.bv_val);
	if (draft->outgoing.expires)
		lk_listed_put(draft->target.entry, draft->outgoing.expires);
	if (draft->notify->must_change && lk_schema.pwd_reset)
		put(draft, lk_schema.pwd_reset, &yes);
	return LDAP_SUCCESS;
}

static int put_message(struct draft *draft)
{
	struct berval message, sealed, due;
	char text[LK_TIME_TEXT + 1];

	if (lk_outbox_compose(&draft->target, &draft->outgoing, draft->op->o_time, &message, &sealed) != LDAP_SUCCESS)
		return fail(
			draft, LDAP_UNWILLING_TO_PERFORM, "the message cannot be sealed: olcLatchkeyMailerKey is missing or wrong");
	put(draft, lk_schema.message, &message);
	put(draft, lk_schema.sealed, &sealed);
	ber_memfree(message.bv_val);
	ber_memfree(sealed.bv_val);
	lk_time_format(draft->op->o_time, text);
	due = (struct berval){LK_TIME_TEXT, text};
	put(draft, lk_schema.due, &due);
	return LDAP_SUCCESS;
}

static int put_code(struct draft *draft, const struct lk_own_code *code)
{
	struct berval stored;

	if (lk_own_code_store(code, &draft->target, NULL, &draft->outgoing, &stored) != LDAP_SUCCESS)
		return fail(draft, LDAP_OTHER, "the code cannot be made");
	put(draft, lk_schema.code, &stored);
	lk_listed_put(draft->target.entry, draft->outgoing.expires);
	ber_memfree(stored.bv_val);
	return LDAP_SUCCESS;
}

static int welcome_with_password(struct draft *draft)
{
	int rc;

	draft->outgoing.kind = LK_KIND_WELCOME;
	if (!draft->notify->must_change)
		draft->outgoing.expires = 0;
	rc = put_password(draft);
	return rc == LDAP_SUCCESS ? put_message(draft) : rc;
}

static int welcome_with_code(struct draft *draft)
{
	struct lk_own_code code;
	int rc;

	lk_own_code_draw(&code);
	draft->outgoing.kind = LK_KIND_WELCOME_CODE;
	draft->outgoing.secret = (struct berval){LK_CODE_TEXT, code.text};
	rc = put_message(draft);
	if (rc == LDAP_SUCCESS)
		rc = put_code(draft, &code);
	sodium_memzero(&code, sizeof code);
	return rc;
}

static void put_event(struct draft *draft)
{
	struct lk_happening happening = {.what = LK_EVENT_WELCOME,
		.rule = draft->authority.rule,
		.actor = draft->outgoing.actor_dn,
		.reason = draft->notify->reason,
		.ticket = draft->notify->ticket};
	Modifications *mods = NULL;

	lk_events_append(draft->op, &mods, draft->target.entry, &happening);
	for (const Modifications *mod = mods; mod; mod = mod->sml_next)
		put(draft, mod->sml_desc, &mod->sml_values[0]);
	slap_mods_free(mods, 1);
}

static int store(struct draft *draft)
{
	const struct lk_notify *notify = draft->notify;
	int rc = choose_address(draft);

	if (rc != LDAP_SUCCESS)
		return rc;
	put_uuid(draft);
	draft->outgoing.language =
		notify->locale.bv_val ? notify->locale : lk_target_language(&draft->target, &notify->locale);
	draft->outgoing.actor_name = draft->authority.name;
	draft->outgoing.actor_dn = lk_actor(draft->op);
	draft->outgoing.expires = draft->op->o_time + draft->target.governance.policy->welcome_lifetime;
	rc = is_by_code(draft) ? welcome_with_code(draft) : welcome_with_password(draft);
	sodium_memzero(draft->secret, sizeof draft->secret);
	if (rc == LDAP_SUCCESS)
		put_event(draft);
	return rc;
}

/* --- the answer --------------------------------------------------------------------------------------------------- */

static int log_welcome(Operation *op, SlapReply *rs)
{
	const struct welcome *welcome = op->o_callback->sc_private;

	lk_log_event(op, "welcome", "verdict=%s rule=%s %s target=%s result=%d id=%s",
		rs->sr_err == LDAP_SUCCESS ? "done" : "failed", welcome->rule, lk_actor_log(op),
		lk_log_value(op, &op->o_req_ndn), rs->sr_err, welcome->response.id);
	return SLAP_CB_CONTINUE;
}

static int welcome_response(Operation *op, SlapReply *rs)
{
	const struct welcome *welcome = op->o_callback->sc_private;

	if (rs->sr_type != REP_RESULT)
		return SLAP_CB_CONTINUE;
	if (rs->sr_err == LDAP_SUCCESS)
		lk_notify_answer(op, rs, &welcome->response);
	return lk_scratch_within(op, rs, log_welcome);
}

static int welcome_cleanup(Operation *op, SlapReply *rs)
{
	slap_callback *sc = op->o_callback;
	struct welcome *welcome = sc->sc_private;

	(void)rs;
	op->o_callback = sc->sc_next;
	LDAP_SLIST_REMOVE(&op->o_extra, &welcome->extra, OpExtra, oe_next);
	ch_free(sc);
	return SLAP_CB_CONTINUE;
}

static void follow(const struct draft *draft)
{
	Operation *op = draft->op;
	struct welcome *welcome = ch_calloc(1, sizeof *welcome);

	welcome->callback.sc_response = welcome_response;
	welcome->callback.sc_cleanup = welcome_cleanup;
	welcome->callback.sc_private = welcome;
	welcome->callback.sc_next = op->o_callback;
	op->o_callback = &welcome->callback;
	welcome->extra.oe_key = (void *)&welcome_key;
	LDAP_SLIST_INSERT_HEAD(&op->o_extra, &welcome->extra, oe_next);
	welcome->rule = draft->authority.rule;
	memcpy(welcome->response.id, draft->outgoing.id, sizeof welcome->response.id);
	welcome->response.expires = draft->outgoing.expires;
	welcome->response.must_change = draft->outgoing.must_change;
	welcome->response.code = draft->outgoing.kind == LK_KIND_WELCOME_CODE;
}

static int welcome(struct draft *draft)
{
	int rc = check(draft);

	if (rc == LDAP_SUCCESS)
		rc = store(draft);
	if (rc == LDAP_SUCCESS)
		follow(draft);
	lk_authority_release(&draft->authority);
	return rc;
}

/* Without a policy the control means nothing; who insists on it is told so. */
static int leave(Operation *op, SlapReply *rs)
{
	if (op->o_ctrlflag[lk_notify_cid] != SLAP_CONTROL_CRITICAL)
		return LDAP_SUCCESS;
	rs->sr_text = "no policy governs this entry: nobody can be notified";
	return rs->sr_err = LDAP_UNAVAILABLE_CRITICAL_EXTENSION;
}

int lk_welcome(Operation *op, SlapReply *rs, struct lk_instance *instance)
{
	struct draft draft = {.op = op, .rs = rs, .notify = lk_notify_of(op)};
	int rc = LDAP_BUSY;

	if (!draft.notify)
		return LDAP_SUCCESS;
	rs->sr_text = lk_unread_text;
	draft.target.snapshot = lk_snapshot_get(op);
	if (draft.target.snapshot) {
		draft.target.governance = lk_snapshot_govern(draft.target.snapshot, &op->o_req_ndn);
		draft.target.instance = instance;
		draft.target.entry = op->ora_e;
		draft.target.now = op->o_time;
		rc = draft.target.governance.policy ? welcome(&draft) : leave(op, rs);
		draft.target.entry = NULL; /* the operation's */
	}
	lk_target_release(&draft.target);
	if (rc != LDAP_SUCCESS)
		send_ldap_error(op, rs, rc, rs->sr_text);
	return rc;
}
