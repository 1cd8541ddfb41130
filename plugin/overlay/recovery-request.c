/* A wish for a code, made true in steps: the person is looked up, a code and its mail are made, and both go into their
 * recovery entry. */
#include "overlay.h"

#include <sodium.h>

#include "../protocol/code.h"

/* --- the recovery entry ----------------------------------------------------------------------------------------- */

void lk_recovery_dn(Operation *op, const struct lk_instance *instance, const struct berval *uuid, struct berval *ret_dn,
	struct berval *ret_ndn)
{
	struct berval type = lk_schema.recovery_of->ad_cname, rdn, nrdn;

	rdn.bv_val = op->o_tmpalloc(type.bv_len + uuid->bv_len + 2, op->o_tmpmemctx);
	rdn.bv_len = (ber_len_t)sprintf(rdn.bv_val, "%s=%.*s", type.bv_val, (int)uuid->bv_len, uuid->bv_val);
	build_new_dn(ret_dn, (struct berval *)&instance->container, &rdn, op->o_tmpmemctx);
	ber_dupbv_x(&nrdn, &rdn, op->o_tmpmemctx);
	for (ber_len_t i = type.bv_len + 1; i < nrdn.bv_len; i++) /* slapd leaves the type as the schema spells it */
		nrdn.bv_val[i] = (char)TOLOWER((unsigned char)nrdn.bv_val[i]);
	build_new_dn(ret_ndn, (struct berval *)&instance->ncontainer, &nrdn, op->o_tmpmemctx);
}

static void add_value(Entry *entry, AttributeDescription *ad, const struct berval *value)
{
	attr_merge_normalize_one(entry, ad, (struct berval *)value, NULL);
}

int lk_recovery_add_container(Operation *op, const struct lk_instance *instance)
{
	Entry *entry = entry_alloc();
	struct berval name = BER_BVC("latchkey");
	const char *text;

	ber_dupbv(&entry->e_name, (struct berval *)&instance->container);
	ber_dupbv(&entry->e_nname, (struct berval *)&instance->ncontainer);
	add_value(entry, slap_schema.si_ad_objectClass, &lk_schema.oc_container->soc_cname);
	add_value(entry, slap_schema.si_ad_structuralObjectClass, &lk_schema.oc_container->soc_cname);
	add_value(entry, slap_schema.si_ad_cn, &name);
	return lk_backend_add(op, instance->be, entry, &text);
}

/* How the code of a message fared: one whose mail failed does not count against the user. */
static bool mail_failed(const Entry *recovery, const char *id)
{
	Attribute *a = attr_find(recovery->e_attrs, lk_schema.message);

	for (unsigned i = 0; a && i < a->a_numvals; i++) {
		struct lk_message message;

		if (lk_message_parse(&a->a_vals[i], &message) == LK_OK && !strcmp(message.id, id))
			return message.state == LK_STATE_FAILED;
	}
	return false;
}

/* What the codes of an entry say about whether another may be made. */
struct tally {
	int live;
	unsigned next_generation;
	Attribute *codes;
	bool dead[64]; /* which values are to go */
};

/* A code counts, and for a while after its end too, unless it is in nobody's mailbox or good for nothing any more:
 * whoever keeps asking in somebody's name does not use up what that user may ask for. */
static bool read_counted(const struct lk_target *target, const Entry *recovery, const struct berval *value, time_t now,
	struct lk_stored_code *ret_code)
{
	return lk_stored_code_parse(value, ret_code) == LK_OK && ret_code->expires + LK_UNUSED_REMEMBERED > now &&
		   lk_recovery_code_is_bound(target, ret_code) && !mail_failed(recovery, ret_code->id);
}

static void tally_codes(const struct lk_target *target, const Entry *recovery, time_t now, struct tally *ret_tally)
{
	struct lk_stored_code code;
	unsigned count;

	memset(ret_tally, 0, sizeof *ret_tally);
	ret_tally->codes = recovery ? attr_find(recovery->e_attrs, lk_schema.code) : NULL;
	count = ret_tally->codes ? ret_tally->codes->a_numvals : 0;
	for (unsigned i = 0; i < count && i < 64; i++) {
		if (!read_counted(target, recovery, &ret_tally->codes->a_vals[i], now, &code))
			continue;
		ret_tally->live += code.expires > now;
		if (code.generation >= ret_tally->next_generation)
			ret_tally->next_generation = code.generation + 1;
	}
	for (unsigned i = 0; i < count && i < 64; i++) {
		bool counted = read_counted(target, recovery, &ret_tally->codes->a_vals[i], now, &code);

		/* Of those that are over, the last one is enough to remember. */
		ret_tally->dead[i] = !counted || (code.expires <= now && code.generation + 1 < ret_tally->next_generation);
	}
}

/* --- writing a wish ----------------------------------------------------------------------------------------------- */

struct draft {
	const struct lk_target *target;
	struct berval uuid;
	struct berval dn, ndn; /* of the recovery entry, in op's memory */
	char text[LK_CODE_TEXT + 1];
	struct lk_stored_code code;
	struct lk_outgoing outgoing;
	struct berval stored, message, sealed; /* freed with ber_memfree */
};

static void draft_free(struct draft *draft)
{
	sodium_memzero(draft->text, sizeof draft->text);
	ber_memfree(draft->stored.bv_val);
	ber_memfree(draft->message.bv_val);
	ber_memfree(draft->sealed.bv_val);
}

static void bind_code(struct draft *draft)
{
	Attribute *a = attr_find(draft->target->entry->e_attrs, slap_schema.si_ad_userPassword);

	lk_code_bind(draft->code.salt, a ? a->a_vals : NULL, a ? a->a_numvals : 0, &draft->outgoing.to, draft->code.bind);
}

static int draft_code(Operation *op, struct draft *draft, unsigned generation, const struct berval *locale)
{
	const struct lk_target *target = draft->target;
	struct berval typed = {LK_CODE_TEXT, draft->text};
	char symbols[LK_CODE_SYMBOLS + 1];
	int rc;

	lk_code_generate(draft->text);
	randombytes_buf(draft->code.salt, sizeof draft->code.salt);
	lk_code_canonical(&typed, symbols);
	lk_code_hash(draft->code.salt, symbols, &draft->uuid, draft->code.hash);
	sodium_memzero(symbols, sizeof symbols);
	bind_code(draft);
	draft->code.created = op->o_time;
	draft->code.expires = op->o_time + lk_code_lifetime(target->governance.policy->code_lifetime, generation);
	draft->code.serial = lk_target_serial(target);
	draft->code.generation = generation;
	draft->outgoing.kind = LK_KIND_RECOVERY_CODE;
	draft->outgoing.expires = draft->code.expires;
	draft->outgoing.secret = typed;
	draft->outgoing.language = lk_target_language(target, locale);
	rc = lk_outbox_compose(target, &draft->outgoing, op->o_time, &draft->message, &draft->sealed);
	if (rc != LDAP_SUCCESS)
		return rc;
	memcpy(draft->code.id, draft->outgoing.id, sizeof draft->code.id);
	return lk_stored_code_format(&draft->code, &draft->stored) == LK_OK ? LDAP_SUCCESS : LDAP_OTHER;
}

static Entry *new_entry(Operation *op, const struct draft *draft)
{
	Entry *entry = entry_alloc();
	char due[LK_TIME_TEXT + 1];
	struct berval when = {LK_TIME_TEXT, due};

	ber_dupbv(&entry->e_name, (struct berval *)&draft->dn);
	ber_dupbv(&entry->e_nname, (struct berval *)&draft->ndn);
	add_value(entry, slap_schema.si_ad_objectClass, &lk_schema.oc_recovery->soc_cname);
	add_value(entry, slap_schema.si_ad_structuralObjectClass, &lk_schema.oc_recovery->soc_cname);
	add_value(entry, lk_schema.recovery_of, &draft->uuid);
	add_value(entry, lk_schema.code, &draft->stored);
	add_value(entry, lk_schema.message, &draft->message);
	add_value(entry, lk_schema.sealed, &draft->sealed);
	lk_time_format(op->o_time, due);
	add_value(entry, lk_schema.due, &when);
	return entry;
}

static int add_recovery(Operation *op, const struct draft *draft)
{
	const char *text;
	int rc = lk_backend_add(op, draft->target->instance->be, new_entry(op, draft), &text);

	if (rc != LDAP_NO_SUCH_OBJECT && rc != LDAP_REFERRAL)
		return rc;
	rc = lk_recovery_add_container(op, draft->target->instance);
	if (rc != LDAP_SUCCESS && rc != LDAP_ALREADY_EXISTS)
		return rc;
	return lk_backend_add(op, draft->target->instance->be, new_entry(op, draft), &text);
}

static int extend_recovery(Operation *op, const struct draft *draft, const Entry *recovery, const struct tally *tally)
{
	struct lk_modify modify = lk_backend_modify_of(draft->target->instance, recovery, "request");
	Modifications **tail = &modify.mods;
	const char *text;

	for (unsigned i = 0; tally->codes && i < tally->codes->a_numvals && i < 64; i++) {
		if (tally->dead[i])
			tail = lk_mod_append(tail, lk_schema.code, LDAP_MOD_DELETE, &tally->codes->a_vals[i], 1);
	}
	tail = lk_mod_append(tail, lk_schema.code, LDAP_MOD_ADD, &draft->stored, 1);
	lk_outbox_append(tail, recovery, &draft->message, &draft->sealed, op->o_time);
	return lk_backend_modify(op, &modify, &text);
}

/* --- from wish to code -------------------------------------------------------------------------------------------- */

struct lk_issue {
	struct lk_wish *wish;
	struct lk_target target;
	Entry *recovery; /* as it was when the code was made; NULL: there was none */
	struct tally tally;
	struct draft draft;
	int result;
};

static void log_issue(Operation *op, const struct lk_issue *issue)
{
	lk_log_event(op, "request", "verdict=%s result=%d target=%s%s",
		issue->result == LDAP_SUCCESS ? "queued" : "nothing", issue->result, lk_target_log_name(op, &issue->target),
		lk_log_client(op, &issue->wish->client, &issue->wish->via));
}

struct lk_wish *lk_issue_cancel(struct lk_issue *issue)
{
	struct lk_wish *wish = issue->wish;

	draft_free(&issue->draft);
	if (issue->recovery)
		entry_free(issue->recovery);
	lk_target_release(&issue->target);
	ch_free(issue);
	return wish;
}

void lk_issue_end(Operation *op, struct lk_issue *issue)
{
	if (issue->result == LDAP_SUCCESS)
		lk_counters_add(&issue->target.instance->counters, LK_COUNT_CODES);
	log_issue(op, issue);
	lk_wish_free(lk_issue_cancel(issue));
}

struct lk_issue *lk_issue_new(Operation *op, struct lk_wish *wish)
{
	struct lk_issue *issue = ch_calloc(1, sizeof *issue);

	issue->wish = wish;
	issue->result = lk_target_find(op, &wish->user, &issue->target);
	if (issue->result == LDAP_SUCCESS)
		return issue;
	lk_issue_end(op, issue);
	return NULL;
}

const struct berval *lk_issue_person(const struct lk_issue *issue)
{
	return &issue->target.entry->e_nname;
}

struct lk_instance *lk_issue_instance(const struct lk_issue *issue)
{
	return issue->target.instance;
}

static int check_person(struct lk_issue *issue, time_t now)
{
	const struct lk_target *target = &issue->target;
	struct draft *draft = &issue->draft;

	draft->target = target;
	draft->uuid = lk_entry_value(target->entry, slap_schema.si_ad_entryUUID);
	if (LK_GUARD("code-by-mail", !(target->governance.policy->methods & LK_POLICY_MAIL)) ||
		LK_GUARD("closed-gets-no-code", lk_target_is_closed(target, now)))
		return LDAP_UNWILLING_TO_PERFORM;
	if (BER_BVISEMPTY(&draft->uuid) || !lk_target_address(target, &draft->outgoing.to))
		return LDAP_NO_SUCH_ATTRIBUTE;
	return LDAP_SUCCESS;
}

static int make_code(Operation *op, struct lk_issue *issue)
{
	struct draft *draft = &issue->draft;
	int rc = check_person(issue, op->o_time);

	if (rc != LDAP_SUCCESS)
		return rc;
	lk_recovery_dn(op, issue->target.instance, &draft->uuid, &draft->dn, &draft->ndn);
	lk_backend_fetch(op, issue->target.instance->be, &draft->ndn, &issue->recovery);
	tally_codes(&issue->target, issue->recovery, op->o_time, &issue->tally);
	if (LK_GUARD("live-codes", issue->tally.live >= issue->target.governance.policy->live_codes))
		return LDAP_ADMINLIMIT_EXCEEDED;
	return draft_code(op, draft, issue->tally.next_generation, &issue->wish->locale);
}

bool lk_issue_draft(Operation *op, struct lk_issue *issue)
{
	issue->result = make_code(op, issue);
	return issue->result == LDAP_SUCCESS;
}

bool lk_issue_write(Operation *op, struct lk_issue *issue)
{
	issue->result = issue->recovery ? extend_recovery(op, &issue->draft, issue->recovery, &issue->tally)
									: add_recovery(op, &issue->draft);
	return issue->result == LDAP_SUCCESS;
}

void lk_issue_note(Operation *op, const struct lk_issue *issue)
{
	struct berval message[] = {issue->draft.message, BER_BVNULL};

	lk_waiting_note_written(op, issue->target.instance, &issue->draft.ndn, message);
}
