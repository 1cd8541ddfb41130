/* Messages that have failed are told to the contact that a policy names: gathered in memory, for each policy by itself, and queued
 * by the beat as one mail on the policy's entry. What is there says when the last one was, whichever provider wrote it. What this
 * server had gathered and not queued when it ended is not told: each failure stands on its own entry as well. */
#include "overlay.h"

#include "contact-rules.h"

struct digest {
	struct digest *next;
	struct lk_failures failures;
	struct berval policy; /* its normalized DN, in this allocation */
	char text[];
};

static ldap_pvt_thread_mutex_t mutex; /* guards what follows; a digest stays, empty or not */
static struct digest *digests;

int lk_contact_setup(void)
{
	return ldap_pvt_thread_mutex_init(&mutex);
}

void lk_contact_teardown(void)
{
	while (digests) {
		struct digest *next = digests->next;

		ch_free(digests);
		digests = next;
	}
	ldap_pvt_thread_mutex_destroy(&mutex);
}

/* --- gathering ---------------------------------------------------------------------------------------------------- */

/* An lk_backend_found. */
static int found_user(void *context, Operation *op, Entry *entry)
{
	(void)op;
	*(Entry **)context = entry_dup(entry);
	return 1;
}

/* A copy of the user to whom a recovery entry belongs, for entry_free(); NULL where there is none any more. */
static Entry *find_user(Operation *op, struct lk_instance *instance, const struct berval *uuid)
{
	AttributeDescription *ad = slap_schema.si_ad_entryUUID;
	struct berval value;
	Entry *user = NULL;
	const char *text;

	if (asserted_value_validate_normalize(ad, ad->ad_type->sat_equality,
			SLAP_MR_EQUALITY | SLAP_MR_VALUE_OF_ASSERTION_SYNTAX, (struct berval *)uuid, &value, &text,
			op->o_tmpmemctx) == LDAP_SUCCESS)
		lk_backend_search(op, instance->be, &instance->nsuffix, LDAP_SCOPE_SUBTREE, lk_filter_equals(op, ad, &value), 0,
			found_user, &user);
	return user;
}

/* That of POLICY, made where there is none; the mutex is held. */
static struct digest *digest_of(const struct berval *policy)
{
	struct digest *digest = digests;

	while (digest && !dn_match(&digest->policy, policy))
		digest = digest->next;
	if (digest)
		return digest;
	digest = ch_calloc(1, sizeof *digest + policy->bv_len + 1);
	memcpy(digest->text, policy->bv_val, policy->bv_len);
	digest->policy = (struct berval){.bv_len = policy->bv_len, .bv_val = digest->text};
	digest->next = digests;
	return digests = digest;
}

static void gather(const struct lk_target *target, const struct lk_message *message)
{
	const struct lk_policy *policy = target->governance.policy;
	struct berval who = lk_target_login(target), to, answer;

	if (BER_BVISEMPTY(&who))
		who = target->entry->e_name;
	ber_str2bv(message->to, 0, 0, &to);
	ber_str2bv(message->answer, 0, 0, &answer);
	ldap_pvt_thread_mutex_lock(&mutex);
	lk_failures_add(&digest_of(&policy->dn)->failures, &who, &to, &answer, target->now);
	ldap_pvt_thread_mutex_unlock(&mutex);
}

static bool anybody_is_told(const struct lk_snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->count; i++) {
		if (!BER_BVISEMPTY(&snapshot->policies[i]->contact))
			return true;
	}
	return false;
}

void lk_contact_note(Operation *op, struct lk_instance *instance, const Entry *entry, const struct lk_message *message)
{
	struct lk_target target = {.instance = instance, .now = op->o_time, .entry = (Entry *)entry};
	struct berval uuid = lk_entry_value(entry, lk_schema.recovery_of);
	Entry *user = NULL;

	if (message->kind == LK_KIND_DELIVERY_FAILED)
		return;
	target.snapshot = lk_snapshot_get(op);
	if (target.snapshot && anybody_is_told(target.snapshot)) {
		if (!BER_BVISEMPTY(&uuid))
			target.entry = user = find_user(op, instance, &uuid);
		if (target.entry)
			target.governance = lk_snapshot_govern(target.snapshot, &target.entry->e_nname);
		if (target.governance.policy && !BER_BVISEMPTY(&target.governance.policy->contact))
			gather(&target, message);
	}
	if (user)
		entry_free(user);
	lk_snapshot_put(target.snapshot);
}

/* --- telling ------------------------------------------------------------------------------------------------------ */

static const struct lk_policy *policy_named(const struct lk_snapshot *snapshot, const struct berval *ndn)
{
	for (size_t i = 0; i < snapshot->count; i++) {
		if (dn_match(&snapshot->policies[i]->dn, ndn))
			return snapshot->policies[i];
	}
	return NULL;
}

/* The newest mail of this kind on ENTRY. False: there is none. */
static bool find_last(const Entry *entry, struct lk_message *ret_last)
{
	Attribute *a = attr_find(entry->e_attrs, lk_schema.message);
	bool found = false;

	for (unsigned i = 0; a && i < a->a_numvals; i++) {
		struct lk_message message;

		if (lk_message_parse(&a->a_vals[i], &message) != LK_OK || message.kind != LK_KIND_DELIVERY_FAILED ||
			(found && message.created <= ret_last->created))
			continue;
		*ret_last = message;
		found = true;
	}
	return found;
}

static int queue(Operation *op, const struct lk_target *target, const struct lk_failures *failures)
{
	const struct lk_policy *policy = target->governance.policy;
	struct lk_modify modify = lk_backend_modify_of(target->instance, target->entry, "contact");
	struct lk_outbox *outbox = lk_outbox_new(target->entry);
	char about[LK_ENVELOPE_TEXT_MAX + 1];
	struct lk_outgoing outgoing = {
		.kind = LK_KIND_DELIVERY_FAILED,
		.to = policy->contact,
		.language = policy->language,
		.about = lk_failures_write(failures, about),
	};
	int rc = lk_outbox_post(outbox, target, &outgoing, op->o_time);
	const char *text;

	modify.assertion = lk_entry_unchanged(op, target->entry);
	if (rc == LDAP_SUCCESS) {
		lk_outbox_store(&modify.mods, outbox, op->o_time);
		rc = lk_backend_modify(op, &modify, &text);
	}
	lk_outbox_free(outbox);
	lk_log_event(op, "contact", "verdict=%s policy=%s count=%u result=%d", rc == LDAP_SUCCESS ? "done" : "failed",
		lk_log_value(op, &target->entry->e_nname), failures->count, rc);
	return rc;
}

/* Whether FAILURES have been told, or will never be: the policy or its contact is gone. */
static bool tell(Operation *op, const struct berval *ndn, const struct lk_failures *failures)
{
	struct lk_target target = {.snapshot = lk_snapshot_get(op), .now = op->o_time};
	BackendDB *be = select_backend((struct berval *)ndn, 0);
	struct lk_message last;
	bool done = false;

	if (!target.snapshot)
		return false;
	target.governance.policy = policy_named(target.snapshot, ndn);
	target.instance = be ? lk_instance_of(be) : NULL;
	if (!target.governance.policy || BER_BVISEMPTY(&target.governance.policy->contact) || !target.instance ||
		!target.instance->mailer_keys || lk_backend_fetch(op, be, ndn, &target.entry) != LDAP_SUCCESS)
		done = true;
	else if (lk_failures_are_due(failures, find_last(target.entry, &last) ? &last : NULL, op->o_time))
		done = queue(op, &target, failures) == LDAP_SUCCESS;
	lk_target_release(&target);
	return done;
}

/* What has failed meanwhile stays. */
static void forget(struct digest *digest, unsigned count, time_t now)
{
	ldap_pvt_thread_mutex_lock(&mutex);
	digest->failures.count -= count;
	digest->failures.first = now;
	if (!digest->failures.count)
		memset(&digest->failures, 0, sizeof digest->failures);
	ldap_pvt_thread_mutex_unlock(&mutex);
}

/* The one after DIGEST (NULL: the first), and what it holds. */
static struct digest *next_of(struct digest *digest, struct lk_failures *ret_failures)
{
	ldap_pvt_thread_mutex_lock(&mutex);
	digest = digest ? digest->next : digests;
	if (digest)
		*ret_failures = digest->failures;
	ldap_pvt_thread_mutex_unlock(&mutex);
	return digest;
}

void lk_contact_tell(Operation *op)
{
	struct lk_failures failures;

	for (struct digest *digest = next_of(NULL, &failures); digest; digest = next_of(digest, &failures)) {
		if (lk_failures_are_due(&failures, NULL, op->o_time) && tell(op, &digest->policy, &failures))
			forget(digest, failures.count, op->o_time);
	}
}
