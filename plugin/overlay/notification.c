/* What the mailer asks for: NotificationTake hands out due messages on a lease, NotificationSettle writes what became
 * of them. Leases live in memory; the entries decide. */
#include "overlay.h"

#define SETTLE_TRIES 5 /* against other writes to the same entry */

/* --- the mailer's identity ---------------------------------------------------------------------------------------- */

bool lk_notification_is_mailer(const struct lk_instance *instance, const Operation *op)
{
	return instance->open && lk_dn_is_among(instance->nmailers, &op->o_ndn);
}

static struct lk_instance *first_of_mailer(const Operation *op)
{
	struct lk_instance *instance = lk_instances;

	while (instance && !lk_notification_is_mailer(instance, op))
		instance = instance->next;
	return instance;
}

int lk_notification_check(Operation *op, SlapReply *rs)
{
	const struct lk_instance *instance = first_of_mailer(op);

	if (lk_check_request(op, rs, instance ? instance : lk_instance_first_open(), false) != LDAP_SUCCESS)
		return rs->sr_err;
	if (!LK_GUARD("mailers-alone", !instance))
		return LDAP_SUCCESS;
	rs->sr_text = "only the mailer takes and settles messages (olcLatchkeyMailer)";
	return rs->sr_err = LDAP_INSUFFICIENT_ACCESS;
}

/* --- take --------------------------------------------------------------------------------------------------------- */

struct taking {
	Operation *op;
	struct lk_taken *taken; /* LK_TAKE_MAX of them, in op's memory like their strings */
	size_t count;
};

const struct berval *lk_notification_find(const Entry *entry, const char *id, struct lk_message *ret_message)
{
	Attribute *a = attr_find(entry->e_attrs, lk_schema.message);

	for (unsigned i = 0; a && i < a->a_numvals; i++) {
		if (lk_message_parse(&a->a_vals[i], ret_message) == LK_OK && !strcmp(ret_message->id, id))
			return &a->a_vals[i];
	}
	return NULL;
}

struct wanted {
	struct taking *taking;
	const char *id;
	bool found;
	struct lk_message message; /* where it was */
};

/* In op's memory; absent where the database keeps none. */
static struct berval copy_uuid(Operation *op, const Entry *entry)
{
	Attribute *a = attr_find(entry->e_attrs, slap_schema.si_ad_entryUUID);
	struct berval copy = BER_BVNULL;

	if (a && a->a_nvals[0].bv_len == LK_UUID_BYTES)
		ber_dupbv_x(&copy, &a->a_nvals[0], op->o_tmpmemctx);
	return copy;
}

static void take_from_entry(void *context, const Entry *stored)
{
	struct wanted *wanted = context;
	struct taking *taking = wanted->taking;
	struct lk_taken *next = &taking->taken[taking->count];
	struct lk_message message;
	const struct berval *value = lk_notification_find(stored, wanted->id, &message);
	const struct berval *sealed = value ? lk_outbox_sealed_of(stored, wanted->id) : NULL;

	if (value && !sealed && lk_message_is_open(&message))
		lk_warn("message %s on \"%s\" has no sealed text, or a damaged one: it cannot be sent", wanted->id,
			stored->e_name.bv_val);
	if (!sealed || !lk_message_is_open(&message))
		return;
	wanted->found = true;
	wanted->message = message;
	ber_dupbv_x(&next->holder, (struct berval *)&stored->e_nname, taking->op->o_tmpmemctx);
	ber_dupbv_x(&next->message, (struct berval *)value, taking->op->o_tmpmemctx);
	ber_dupbv_x(&next->sealed, (struct berval *)sealed, taking->op->o_tmpmemctx);
	next->entry_uuid = copy_uuid(taking->op, stored);
	taking->count++;
}

/* What tells of a password that will not expire then is not sent. One that cannot be taken back now keeps its lease,
 * and is looked at again after it. */
static bool is_void(const struct taking *taking, struct lk_instance *instance, const struct wanted *wanted)
{
	return wanted->found && wanted->message.kind == LK_KIND_PASSWORD_EXPIRING &&
		   lk_expiry_withdraw(taking->op, instance, &taking->taken[taking->count - 1].holder, &wanted->message);
}

static void forget(struct lk_instance *instance, const struct berval *holder, const char *id)
{
	ldap_pvt_thread_mutex_lock(&instance->due_mutex);
	lk_due_remove(instance->due, holder, id);
	ldap_pvt_thread_mutex_unlock(&instance->due_mutex);
}

/* Returns how many were noted as due; of what has been deleted since, nothing is handed out. */
static size_t take_noted(struct lk_instance *instance, const struct lk_take *request, struct taking *taking)
{
	size_t room = (size_t)request->most - taking->count, count;
	struct lk_due_item *items = ch_calloc(room ? room : 1, sizeof *items);

	ldap_pvt_thread_mutex_lock(&instance->due_mutex);
	count = lk_due_take(instance->due, taking->op->o_time, request->lease, room, items);
	ldap_pvt_thread_mutex_unlock(&instance->due_mutex);
	for (size_t i = 0; i < count; i++) {
		struct wanted wanted = {.taking = taking, .id = items[i].id};

		int rc = lk_backend_look(taking->op, instance->be, &items[i].holder, take_from_entry, &wanted);

		if (is_void(taking, instance, &wanted))
			taking->count--;
		else if (!wanted.found && (rc == LDAP_SUCCESS || rc == LDAP_NO_SUCH_OBJECT))
			forget(instance, &items[i].holder, items[i].id);
		free(items[i].holder.bv_val);
	}
	ch_free(items);
	return count;
}

static void count(struct lk_instance *instance, enum lk_counter which, size_t times)
{
	while (times-- > 0)
		lk_counters_add(&instance->counters, which);
}

/* An empty answer says that nothing is due, so it is not given before that is so. */
static void take_from_instance(struct lk_instance *instance, const struct lk_take *request, struct taking *taking)
{
	size_t before = taking->count;

	while (taking->count == before &&
		   (take_noted(instance, request, taking) > 0 || lk_waiting_refill(taking->op, instance)))
		continue;
	count(instance, LK_COUNT_MESSAGES_TAKEN, taking->count - before);
}

int lk_notification_take(Operation *op, SlapReply *rs)
{
	struct lk_take request;
	struct taking taking = {.op = op};

	if (!op->ore_reqdata || lk_wire_decode_take(op->ore_reqdata, &request) != LK_OK) {
		rs->sr_text = "the request is not in its documented form";
		return rs->sr_err = LDAP_PROTOCOL_ERROR;
	}
	if (lk_notification_check(op, rs) != LDAP_SUCCESS)
		return rs->sr_err;
	taking.taken = op->o_tmpcalloc((size_t)request.most, sizeof *taking.taken, op->o_tmpmemctx);
	for (struct lk_instance *instance = lk_instances; instance; instance = instance->next) {
		if (lk_notification_is_mailer(instance, op))
			take_from_instance(instance, &request, &taking);
	}
	rs->sr_err = lk_wire_encode_taken(taking.taken, taking.count, &rs->sr_rspdata) == LK_OK ? LDAP_SUCCESS : LDAP_OTHER;
	return rs->sr_err;
}

/* --- settle ------------------------------------------------------------------------------------------------------- */

void lk_notification_set_answer(struct lk_message *message, const struct berval *answer)
{
	message->answer[0] = '\0';
	/* Mail servers name the address, which is not for all who read this message (message.h). */
	if (lk_message_is_for_administrators(message))
		return;
	memcpy(message->answer, answer->bv_val, answer->bv_len);
	message->answer[answer->bv_len] = '\0';
}

static void apply(const struct lk_settlement *item, struct lk_message *message)
{
	message->state = item->state;
	message->tries++;
	if (item->state == LK_STATE_DEFERRED)
		message->due = item->retry_at;
	lk_notification_set_answer(message, &item->answer);
}

Filter *lk_entry_unchanged(Operation *op, const Entry *entry)
{
	Attribute *csn = attr_find(entry->e_attrs, slap_schema.si_ad_entryCSN);

	return csn ? lk_filter_equals(op, slap_schema.si_ad_entryCSN, &csn->a_nvals[0]) : NULL;
}

static Modifications *settle_mods(const Entry *entry, const struct berval *old, const struct lk_message *changed)
{
	bool done = lk_outbox_is_done_with(entry, changed, slap_get_time());
	const struct berval *sealed = done ? lk_outbox_sealed_of(entry, changed->id) : NULL;
	Modifications *mods = NULL, **tail = &mods;
	struct berval value;

	if (lk_message_format(changed, &value) != LK_OK)
		return NULL;
	tail = lk_mod_append(tail, lk_schema.message, LDAP_MOD_DELETE, old, 1);
	tail = lk_mod_append(tail, lk_schema.message, LDAP_MOD_ADD, &value, 1);
	ber_memfree(value.bv_val);
	if (sealed)
		tail = lk_mod_append(tail, lk_schema.sealed, LDAP_MOD_DELETE, sealed, 1);
	tail = lk_listed_message(tail, entry, changed);
	tail = lk_listed_due(tail, entry, changed);
	if (!lk_message_is_open(changed))
		lk_events_append_day(tail, entry);
	return mods;
}

static enum lk_counter counter_of(enum lk_state state)
{
	if (state == LK_STATE_SENT)
		return LK_COUNT_MESSAGES_SENT;
	return state == LK_STATE_FAILED ? LK_COUNT_MESSAGES_FAILED : LK_COUNT_MESSAGES_DEFERRED;
}

int lk_notification_write(Operation *op, struct lk_instance *instance, const Entry *entry, const struct berval *old,
	const struct lk_message *changed, const char *event)
{
	struct lk_modify modify = lk_backend_modify_of(instance, entry, event);
	const char *text;
	int rc;

	/* Nothing else that was queued in between loses its due time. */
	modify.assertion = lk_entry_unchanged(op, entry);
	modify.mods = settle_mods(entry, old, changed);
	if (!modify.mods)
		return LDAP_OTHER;
	rc = lk_backend_modify(op, &modify, &text);
	if (rc == LDAP_SUCCESS)
		lk_log_event(op, event, "verdict=done state=%s kind=%s holder=%s id=%s tries=%u", lk_state_name(changed->state),
			lk_kind_name(changed->kind), lk_log_value(op, &entry->e_nname), changed->id, changed->tries);
	if (rc == LDAP_SUCCESS && changed->state == LK_STATE_FAILED)
		lk_contact_note(op, instance, entry, changed);
	return rc;
}

static int settle_on_entry(
	Operation *op, struct lk_instance *instance, const Entry *entry, const struct lk_settlement *item)
{
	struct lk_message message;
	const struct berval *old = lk_notification_find(entry, item->id, &message);
	int rc;

	if (!old)
		return LDAP_NO_SUCH_OBJECT;
	if (LK_GUARD("settled-once", !lk_message_is_open(&message)))
		return LDAP_SUCCESS; /* settled before: the answer got lost, or another mailer was quicker */
	apply(item, &message);
	rc = lk_notification_write(op, instance, entry, old, &message, "settle");
	if (rc == LDAP_SUCCESS)
		lk_counters_add(&instance->counters, counter_of(message.state));
	return rc;
}

static int settle_with(Operation *op, struct berval *ndn, const struct lk_settlement *item)
{
	BackendDB *be = select_backend(ndn, 0);
	struct lk_instance *instance = be ? lk_instance_of(be) : NULL;
	int rc = LDAP_BUSY;

	if (!instance || LK_GUARD("mailer-of-this-database", !lk_notification_is_mailer(instance, op)))
		return LDAP_INSUFFICIENT_ACCESS;
	for (int i = 0; i < SETTLE_TRIES && (rc == LDAP_BUSY || rc == LDAP_ASSERTION_FAILED); i++) {
		Entry *entry = NULL;

		if (lk_backend_fetch(op, be, ndn, &entry) != LDAP_SUCCESS)
			return LDAP_NO_SUCH_OBJECT;
		rc = settle_on_entry(op, instance, entry, item);
		entry_free(entry);
	}
	return rc == LDAP_ASSERTION_FAILED ? LDAP_BUSY : rc;
}

static int settle_one(Operation *op, const struct lk_settlement *item)
{
	struct berval ndn;
	int rc;

	if (!lk_target_names_dn(op, &item->holder, &ndn))
		return LDAP_INVALID_DN_SYNTAX;
	rc = settle_with(op, &ndn, item);
	op->o_tmpfree(ndn.bv_val, op->o_tmpmemctx);
	return rc;
}

int lk_notification_settle(Operation *op, SlapReply *rs)
{
	struct lk_settlement *items = NULL;
	size_t count = 0;
	int *results;

	if (!op->ore_reqdata || lk_wire_decode_settle(op->ore_reqdata, &items, &count) != LK_OK) {
		rs->sr_text = "the request is not in its documented form";
		return rs->sr_err = LDAP_PROTOCOL_ERROR;
	}
	if (lk_notification_check(op, rs) != LDAP_SUCCESS) {
		free(items);
		return rs->sr_err;
	}
	results = op->o_tmpcalloc(count, sizeof *results, op->o_tmpmemctx);
	for (size_t i = 0; i < count; i++) {
		void *mark = lk_scratch_mark(op);

		/* What a write has used is let go with it, not with the last of a thousand. */
		results[i] = settle_one(op, &items[i]);
		lk_scratch_release(op, mark);
	}
	rs->sr_err = lk_wire_encode_settled(results, count, &rs->sr_rspdata) == LK_OK ? LDAP_SUCCESS : LDAP_OTHER;
	free(items);
	return rs->sr_err;
}
