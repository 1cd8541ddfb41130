/* RecoveryComplete, and its old form: an anonymous Password Modify with a code for the old password. Whoever the user is
 * said to be, a wrong proof costs the same work, writes nothing, and is answered at a fixed time after the request began. */
#include "overlay.h"

#include <sodium.h>

static const char wrong_text[] = "the proofs are wrong, or not this user's, or no longer valid";

/* --- what right proofs do --------------------------------------------------------------------------------------------- */

/* Holds unless an administrator has locked the account for good. NULL without slapo-ppolicy. */
static Filter *not_locked_for_good(Operation *op)
{
	struct berval permanent = BER_BVC(LK_PERMANENT_LOCK), value;
	AttributeDescription *ad = lk_schema.pwd_locked;
	const char *text;
	Filter *negation;

	if (!ad || asserted_value_validate_normalize(ad, ad->ad_type->sat_equality,
				   SLAP_MR_EQUALITY | SLAP_MR_VALUE_OF_ASSERTION_SYNTAX, &permanent, &value, &text, op->o_tmpmemctx))
		return NULL;
	negation = op->o_tmpcalloc(1, sizeof *negation, op->o_tmpmemctx);
	negation->f_choice = LDAP_FILTER_NOT;
	negation->f_not = lk_filter_equals(op, ad, &value);
	return negation;
}

static void add_same(Operation *op, Filter *all, AttributeDescription *ad, const struct berval *value)
{
	Filter *same = lk_filter_equals(op, ad, value);

	same->f_next = all->f_and;
	all->f_and = same;
}

/* In the write's own transaction: the passwords are those that the code was checked against, the user has not put other printed
 * codes in the place of the one that was used, and nobody has locked the account for good in between. In op's memory. */
static Filter *unchanged(Operation *op, const struct lk_target *target, const struct lk_proven *proven)
{
	Attribute *passwords = attr_find(target->entry->e_attrs, slap_schema.si_ad_userPassword);
	Filter *all = op->o_tmpcalloc(1, sizeof *all, op->o_tmpmemctx);

	all->f_choice = LDAP_FILTER_AND;
	all->f_and = not_locked_for_good(op);
	for (unsigned i = 0; passwords && i < passwords->a_numvals; i++)
		add_same(op, all, slap_schema.si_ad_userPassword, &passwords->a_nvals[i]);
	if (proven->printed_code < LK_PRINTED_CODES)
		add_same(op, all, lk_schema.printed_codes, proven->printed.value);
	return all->f_and ? all : NULL;
}

/* Where another provider may just have locked the account for good, only the lock that was seen here goes. */
static Modifications **clear_lock(Modifications **tail, const struct lk_target *target)
{
	struct berval seen = lk_entry_value(target->entry, lk_schema.pwd_locked);

	if (!lk_schema.pwd_locked || (SLAP_MULTIPROVIDER(target->instance->be) && BER_BVISEMPTY(&seen)))
		return tail;
	if (SLAP_MULTIPROVIDER(target->instance->be))
		return lk_mod_append(tail, lk_schema.pwd_locked, LDAP_MOD_DELETE, &seen, 1);
	return lk_mod_append(tail, lk_schema.pwd_locked, LDAP_MOD_REPLACE, NULL, 0);
}

/* Keeps the password: clears what failed sign-ins have left. */
static int keep_password(
	Operation *op, const struct lk_target *target, const struct lk_proven *proven, const char **ret_text)
{
	const Entry *entry = target->entry;
	AttributeDescription *cleared[] = {lk_schema.pwd_failure, lk_schema.pwd_tmp_lockout};
	struct lk_modify modify = {
		.be = target->instance->be,
		.dn = entry->e_name,
		.ndn = entry->e_nname,
		.as_dn = entry->e_name,
		.as_ndn = entry->e_nname,
		.assertion = unchanged(op, target, proven),
		.name = "recover",
	};
	struct lk_happening happening = {.what = LK_EVENT_RECOVERY_KEPT};
	struct lk_news news = {.kind = LK_KIND_ACCOUNT_UNLOCKED};
	Modifications **tail = lk_proven_append(lk_mod_append_serial(&modify.mods, target), proven);

	if (LK_GUARD("nothing-to-keep",
			lk_own_code_is_awaited(target) || !attr_find(entry->e_attrs, slap_schema.si_ad_userPassword))) {
		slap_mods_free(modify.mods, 1);
		*ret_text = "there is no password to keep: choose one";
		return LDAP_UNWILLING_TO_PERFORM;
	}
	if (LK_GUARD("expired-is-not-kept", lk_password_is_expired(op, target))) {
		slap_mods_free(modify.mods, 1);
		*ret_text = "the password has expired: choose a new one";
		return LDAP_UNWILLING_TO_PERFORM;
	}
	for (size_t i = 0; i < sizeof cleared / sizeof *cleared; i++) {
		if (cleared[i]) /* replaced by nothing: gone if it was there, and no error if it was not */
			tail = lk_mod_append(tail, cleared[i], LDAP_MOD_REPLACE, NULL, 0);
	}
	tail = clear_lock(tail, target);
	tail = lk_events_append(op, tail, entry, &happening);
	lk_tell_append(op, tail, target, &news);
	return lk_backend_modify(op, &modify, ret_text);
}

/* An empty PASSWORD: one is generated, and answered in RS. */
static int new_password(Operation *op, SlapReply *rs, const struct lk_target *target, const struct lk_proven *proven,
	const struct berval *password)
{
	struct lk_happening happening = {.what = LK_EVENT_RECOVERY};
	struct lk_news news = {.kind = LK_KIND_PASSWORD_RECOVERED, .is_reset = true};
	struct lk_password_write write = {
		.target = target,
		.password = *password,
		.assertion = unchanged(op, target, proven),
		.raise_serial = true,
		.proven = proven,
		.happening = &happening,
		.news = &news,
		.name = "recover",
	};
	struct berval drawn = {0, write.drawn};
	int rc = lk_password_write(op, &write, &rs->sr_text);

	drawn.bv_len = strlen(write.drawn);
	if (rc == LDAP_SUCCESS && drawn.bv_len)
		rs->sr_rspdata = slap_passwd_return(&drawn);
	sodium_memzero(write.drawn, sizeof write.drawn);
	return rc;
}

/* All codes are void by the new serial number; what is left of them need not wait for the sweep. */
static void forget_codes(Operation *op, const struct lk_target *target)
{
	struct berval uuid = lk_entry_value(target->entry, slap_schema.si_ad_entryUUID);

	lk_recovery_remove(op, target->instance, &uuid);
}

/* That somebody else was quicker is a wrong proof: the code is spent, or void. */
static bool lost_the_race(int rc)
{
	return rc == LDAP_ASSERTION_FAILED || rc == LDAP_NO_SUCH_ATTRIBUTE || rc == LDAP_TYPE_OR_VALUE_EXISTS;
}

enum outcome { OUTCOME_WRONG, OUTCOME_ANSWERED };

static enum outcome write_proven(Operation *op, SlapReply *rs, const struct lk_target *target,
	const struct lk_recovery_complete *request, const struct lk_proven *proven, bool keep)
{
	const struct lk_happening happening = {.rule = "proofs"};

	rs->sr_err = keep ? keep_password(op, target, proven, &rs->sr_text)
					  : new_password(op, rs, target, proven, &request->new_password);
	lk_events_log(op, "recovery", target, &happening, rs->sr_err, keep ? "kept=yes" : "kept=no");
	if (rs->sr_err == LDAP_SUCCESS) {
		lk_counters_add(&target->instance->counters, LK_COUNT_RECOVERIES);
		forget_codes(op, target);
	}
	return lost_the_race(rs->sr_err) ? OUTCOME_WRONG : OUTCOME_ANSWERED;
}

/* The overlay may have gone while the person was looked up. */
static void count_wrong(bool throttled)
{
	struct lk_instance *instance = lk_instance_first_open();

	if (instance)
		lk_counters_add(&instance->counters, throttled ? LK_COUNT_PROOFS_THROTTLED : LK_COUNT_PROOFS_WRONG);
}

/* Of a client who has been wrong too often no proof is right: the same work is done, for nobody. */
static enum outcome complete(Operation *op, SlapReply *rs, const struct lk_recovery_complete *request, bool keep,
	enum lk_throttle_verdict verdict)
{
	bool throttled = LK_GUARD("throttle-proofs", verdict != LK_THROTTLE_PASSES);
	struct lk_target target;
	struct lk_proven proven;
	int found = lk_target_find(op, &request->user, &target);
	enum outcome outcome = OUTCOME_WRONG;

	if (lk_proofs_check(op, found == LDAP_SUCCESS && !throttled ? &target : NULL, request, &proven)) {
		outcome = write_proven(op, rs, &target, request, &proven, keep);
		lk_proven_clear(&proven);
	} else {
		count_wrong(throttled);
		lk_log_event(
			op, "recovery", "verdict=%s target=%s", throttled ? "throttled" : "wrong", lk_target_log_name(op, &target));
	}
	lk_target_release(&target);
	return outcome;
}

/* A right proof is no guess, and does not count. */
static enum outcome complete_limited(
	Operation *op, SlapReply *rs, const struct lk_recovery_complete *request, bool keep, const struct lk_origin *origin)
{
	enum lk_throttle_verdict verdict = lk_limits_take(LK_LIMITED_PROOFS, origin);
	enum outcome outcome = complete(op, rs, request, keep, verdict);

	if (outcome == OUTCOME_ANSWERED && verdict == LK_THROTTLE_PASSES)
		lk_limits_return(LK_LIMITED_PROOFS, origin);
	return outcome;
}

static int complete_in_pace(Operation *op, SlapReply *rs, const struct lk_recovery_complete *request, bool keep)
{
	struct timespec began = lk_pace_begin();
	struct lk_client client = lk_client_see(op);
	enum outcome outcome;

	if (!lk_pace_enter(&client.origin)) {
		rs->sr_text = "too many recoveries at once: try again in a moment";
		return rs->sr_err = LDAP_BUSY;
	}
	outcome = complete_limited(op, rs, request, keep, &client.origin);
	if (LK_GUARD("pace", outcome == OUTCOME_WRONG))
		lk_pace_wait(&began);
	if (outcome == OUTCOME_WRONG) {
		rs->sr_err = LDAP_INVALID_CREDENTIALS;
		rs->sr_text = wrong_text;
	}
	lk_pace_leave(&client.origin);
	lk_kill_point("recover", "before-answer");
	return rs->sr_err;
}

int lk_recovery_complete(Operation *op, SlapReply *rs)
{
	struct lk_recovery_complete request;
	int rc;

	if (!op->ore_reqdata || lk_wire_decode_recovery_complete(op->ore_reqdata, &request) != LK_OK) {
		rs->sr_text = "the request is not in its documented form";
		return rs->sr_err = LDAP_PROTOCOL_ERROR;
	}
	if (lk_check_request(op, rs, lk_instance_first_open(), true) != LDAP_SUCCESS)
		return rs->sr_err;
	rc = complete_in_pace(op, rs, &request, BER_BVISNULL(&request.new_password));
	sodium_memzero(op->ore_reqdata->bv_val, op->ore_reqdata->bv_len);
	return rc;
}

/* The old form has no place for the method; a printed code is the longer one. */
static enum lk_method code_method(const struct berval *code)
{
	char symbols[LK_PRINTED_SYMBOLS + 1];
	bool printed = lk_printed_canonical(code, symbols) == LK_OK;

	sodium_memzero(symbols, sizeof symbols);
	return printed ? LK_METHOD_RECOVERY_CODE : LK_METHOD_MAIL;
}

int lk_recovery_by_password_modify(Operation *op, SlapReply *rs, const struct berval *user, const struct berval *code,
	const struct berval *new_password)
{
	struct lk_recovery_complete request = {
		.user = *user, .proofs = {{code_method(code), *code}}, .proofs_count = 1, .new_password = *new_password};

	if (lk_check_request(op, rs, lk_instance_first_open(), true) != LDAP_SUCCESS)
		return rs->sr_err;
	return complete_in_pace(op, rs, &request, false);
}
