/* Mails to those whose password is about to expire by slapo-ppolicy's pwdMaxAge, at the days that their policy lists.
 * The notice is queued and noted on the entry in one write, so that neither a restart nor another provider tells twice.
 * One that has not been sent when the password is changed is void: whoever takes it finds out. */
#include "overlay.h"

/* --- who is told -------------------------------------------------------------------------------------------------- */

/* A temporary password has an end of its own, which its mail has named; one that is kept elsewhere does not expire
 * here. */
static bool has_own_password(const struct lk_target *target)
{
	struct berval stored = lk_entry_value(target->entry, slap_schema.si_ad_userPassword);

	return !BER_BVISEMPTY(&stored) && !lk_password_is_temporary(&stored);
}

/* The mailbox that the password opens, since it still does and is read every day; else the first address on record. */
struct choice {
	const struct lk_target *target;
	struct berval address;
};

static bool choose(const struct berval *address, void *context)
{
	struct choice *choice = context;
	bool is_inside = lk_target_is_inside(choice->target, address);

	if (is_inside || BER_BVISNULL(&choice->address))
		choice->address = *address;
	return is_inside;
}

static bool find_address(const struct lk_target *target, struct berval *ret_address)
{
	struct choice choice = {.target = target};

	lk_target_each_on_record(target, choose, &choice);
	*ret_address = choice.address;
	return !BER_BVISNULL(&choice.address);
}

unsigned lk_expiry_days_for(const struct lk_target *target, time_t expires, long max_age)
{
	const struct lk_policy *policy = target->governance.policy;
	struct berval value = lk_entry_value(target->entry, lk_schema.expiry_noted), address;
	struct lk_expiry_noted noted;
	bool is_noted = LK_GUARD("expiry-told-once", lk_expiry_noted_parse(&value, &noted));
	unsigned due;

	if (!policy || !policy->expiry_days.count)
		return 0;
	due = lk_expiry_due(&policy->expiry_days, expires, max_age, is_noted ? &noted : NULL, target->now);
	if (!due || !has_own_password(target) || LK_GUARD("expiry-of-closed", lk_target_is_closed(target, target->now)))
		return 0;
	return find_address(target, &address) ? due : 0;
}

/* --- the notice --------------------------------------------------------------------------------------------------- */

static Modifications **append_noted(Modifications **tail, time_t expires, unsigned days)
{
	struct lk_expiry_noted noted = {expires, days};
	char text[LK_EXPIRY_NOTED_MAX + 1];
	struct berval value;

	lk_expiry_noted_format(&noted, text);
	ber_str2bv(text, 0, 0, &value);
	return lk_mod_append(tail, lk_schema.expiry_noted, LDAP_MOD_REPLACE, &value, 1);
}

static int post(Operation *op, const struct lk_target *target, time_t expires, struct lk_outbox *outbox)
{
	struct lk_outgoing outgoing = {.kind = LK_KIND_PASSWORD_EXPIRING, .expires = expires};
	struct berval unsaid = BER_BVC("");

	if (!find_address(target, &outgoing.to))
		return LDAP_NO_SUCH_ATTRIBUTE;
	outgoing.language = lk_target_language(target, &unsaid);
	return lk_outbox_post(outbox, target, &outgoing, op->o_time);
}

static int queue(Operation *op, const struct lk_target *target, time_t expires, unsigned days)
{
	struct lk_modify modify = lk_backend_modify_of(target->instance, target->entry, "expiry");
	struct lk_outbox *outbox = lk_outbox_new(target->entry);
	int rc = post(op, target, expires, outbox);
	const char *text;

	modify.assertion = lk_entry_unchanged(op, target->entry);
	if (rc == LDAP_SUCCESS) {
		append_noted(lk_outbox_store(&modify.mods, outbox, op->o_time), expires, days);
		rc = lk_backend_modify(op, &modify, &text);
	}
	lk_outbox_free(outbox);
	return rc;
}

static bool is_noted(const struct lk_target *target, time_t expires)
{
	struct berval value = lk_entry_value(target->entry, lk_schema.expiry_noted);
	struct lk_expiry_noted noted;

	return lk_expiry_noted_parse(&value, &noted) && noted.expires == expires;
}

static enum lk_told tell_target(Operation *op, const struct lk_target *target)
{
	unsigned days;
	time_t expires;
	long max_age;
	int rc;

	if (!lk_password_expires(op, target, &expires, &max_age))
		return LK_NOT_TOLD;
	days = lk_expiry_days_for(target, expires, max_age);
	if (!days)
		return is_noted(target, expires) ? LK_TOLD_BY_ANOTHER : LK_NOT_TOLD;
	rc = queue(op, target, expires, days);
	lk_log_event(op, "expiry", "verdict=%s target=%s days=%u result=%d", rc == LDAP_SUCCESS ? "done" : "failed",
		lk_log_value(op, &target->entry->e_nname), days, rc);
	return rc == LDAP_SUCCESS ? LK_TOLD : LK_NOT_TOLD;
}

enum lk_told lk_expiry_tell(Operation *op, struct lk_instance *instance, const struct berval *ndn)
{
	struct lk_target target = {.instance = instance, .now = op->o_time, .snapshot = lk_snapshot_get(op)};
	enum lk_told told = LK_NOT_TOLD;
	void *mark = lk_scratch_mark(op);

	if (target.snapshot && lk_backend_fetch(op, instance->be, ndn, &target.entry) == LDAP_SUCCESS) {
		target.governance = lk_snapshot_govern(target.snapshot, ndn);
		told = tell_target(op, &target);
	}
	lk_target_release(&target);
	lk_scratch_release(op, mark);
	return told;
}

/* --- a notice that has become void -------------------------------------------------------------------------------- */

static const struct berval *value_of(const Entry *entry, const char *id)
{
	Attribute *a = attr_find(entry->e_attrs, lk_schema.message);
	struct lk_message message;

	for (unsigned i = 0; a && i < a->a_numvals; i++) {
		if (lk_message_parse(&a->a_vals[i], &message) == LK_OK && !strcmp(message.id, id))
			return &a->a_vals[i];
	}
	return NULL;
}

static void take_back(Operation *op, const struct lk_target *target, const struct lk_message *message)
{
	struct lk_modify modify = lk_backend_modify_of(target->instance, target->entry, "expiry");
	const struct berval *value = value_of(target->entry, message->id);
	const struct berval *sealed = lk_outbox_sealed_of(target->entry, message->id);
	struct lk_message gone = *message;
	Modifications **tail = &modify.mods;
	const char *text;
	int rc;

	if (!value)
		return;
	gone.state = LK_STATE_FAILED;
	modify.assertion = lk_entry_unchanged(op, target->entry);
	tail = lk_mod_append(tail, lk_schema.message, LDAP_MOD_DELETE, value, 1);
	if (sealed)
		tail = lk_mod_append(tail, lk_schema.sealed, LDAP_MOD_DELETE, sealed, 1);
	lk_listed_due(tail, target->entry, &gone);
	rc = lk_backend_modify(op, &modify, &text);
	lk_log_event(op, "expiry", "verdict=%s target=%s id=%s result=%d", rc == LDAP_SUCCESS ? "void" : "failed",
		lk_log_value(op, &target->entry->e_nname), message->id, rc);
}

bool lk_expiry_withdraw(
	Operation *op, struct lk_instance *instance, const struct berval *ndn, const struct lk_message *message)
{
	struct lk_target target = {.instance = instance, .now = op->o_time};
	bool is_void = false;
	time_t expires;
	long max_age;

	if (lk_backend_fetch(op, instance->be, ndn, &target.entry) != LDAP_SUCCESS)
		return false;
	if (LK_GUARD("expiry-of-another-password",
			!lk_password_expires(op, &target, &expires, &max_age) || expires != message->expires)) {
		is_void = true;
		take_back(op, &target, message);
	}
	lk_target_release(&target);
	return is_void;
}
