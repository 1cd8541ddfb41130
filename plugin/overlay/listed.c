/* What lists of accounts are filtered by: latchkeyTemporaryUntil, while a temporary password is stored or a code in
 * place of one, and latchkeyFailedMessage, the ids of messages that somebody has to look after. Both follow from the
 * rest of the entry (listed-rules.h), and change in the write that changes that. Each failed message has a value of its
 * own, taken out softly, so that of two writes at once neither undoes what the other says.
 *
 * latchkeyDue is there while a message is open and while a password is temporary, and under one index both are found by
 * it: every index costs a reset two or three pages of the database, which nearly doubled what it writes when there were
 * four. */
#include "overlay.h"

#include "listed-rules.h"

/* One is in no list. */
static bool is_recovery(const Entry *entry)
{
	return attr_find(entry->e_attrs, lk_schema.recovery_of) != NULL;
}

static time_t stored_until(const Entry *entry)
{
	struct berval value = lk_entry_value(entry, lk_schema.temporary_until);
	time_t until;

	return lk_time_parse(&value, &until) == LK_OK ? until : 0;
}

static Modifications **append_until(Modifications **tail, time_t until)
{
	if (until)
		return lk_mod_append_time(tail, lk_schema.temporary_until, LDAP_MOD_REPLACE, until);
	return lk_mod_append(tail, lk_schema.temporary_until, LDAP_MOD_REPLACE, NULL, 0);
}

/* --- when somebody has to look ------------------------------------------------------------------------------------ */

static time_t first_open(const Entry *entry, const struct lk_message *changed)
{
	Attribute *a = attr_find(entry->e_attrs, lk_schema.message);
	time_t first = 0;

	for (unsigned i = 0; a && i < a->a_numvals; i++) {
		struct lk_message message;

		if (lk_message_parse(&a->a_vals[i], &message) != LK_OK)
			continue;
		if (changed && !strcmp(message.id, changed->id))
			message = *changed;
		if (lk_message_is_open(&message) && (!first || message.due < first))
			first = message.due;
	}
	return first;
}

static time_t due_of(const Entry *entry, const struct lk_message *changed)
{
	time_t open = first_open(entry, changed);

	return open ? open : stored_until(entry);
}

Modifications **lk_listed_due(Modifications **tail, const Entry *entry, const struct lk_message *changed)
{
	time_t due = due_of(entry, changed);

	if (due)
		return lk_mod_append_time(tail, lk_schema.due, LDAP_MOD_REPLACE, due);
	return lk_mod_append(tail, lk_schema.due, LDAP_MOD_REPLACE, NULL, 0);
}

/* An open message is due before. Where one is queued by another write meanwhile, what it says stays: it is another
 * value. */
static Modifications **append_due_until(Modifications **tail, const Entry *entry, time_t until)
{
	struct berval stored = lk_entry_value(entry, lk_schema.due);

	if (first_open(entry, NULL))
		return tail;
	if (until)
		return lk_mod_append_time(tail, lk_schema.due, LDAP_MOD_REPLACE, until);
	return BER_BVISEMPTY(&stored) ? tail : lk_mod_append(tail, lk_schema.due, SLAP_MOD_SOFTDEL, &stored, 1);
}

/* --- failed messages ---------------------------------------------------------------------------------------------- */

static bool is_listed(const Entry *entry, const char *id)
{
	Attribute *a = attr_find(entry->e_attrs, lk_schema.failed_message);

	for (unsigned i = 0; a && i < a->a_numvals; i++) {
		if (!strcmp(a->a_vals[i].bv_val, id))
			return true;
	}
	return false;
}

/* The messages of an entry that can be read, CHANGED (or NULL) standing for its old value; freed with ch_free(). */
static struct lk_listing *read_messages(const Entry *entry, const struct lk_message *changed, size_t *ret_count)
{
	Attribute *a = attr_find(entry->e_attrs, lk_schema.message);
	struct lk_listing *all = ch_calloc(a ? a->a_numvals + 1 : 1, sizeof *all);
	size_t count = 0;

	for (unsigned i = 0; a && i < a->a_numvals; i++) {
		struct lk_listing *next = &all[count];

		if (lk_message_parse(&a->a_vals[i], &next->message) != LK_OK)
			continue;
		next->listed = is_listed(entry, next->message.id);
		if (changed && !strcmp(changed->id, next->message.id))
			*next = (struct lk_listing){*changed, true};
		count++;
	}
	*ret_count = count;
	return all;
}

static Modifications **append_id(Modifications **tail, int op, const char *id)
{
	struct berval value = {strlen(id), (char *)id};

	return lk_mod_append(tail, lk_schema.failed_message, op, &value, 1);
}

static bool has_message(const struct lk_listing *all, size_t count, const char *id)
{
	for (size_t i = 0; i < count; i++) {
		if (!strcmp(all[i].message.id, id))
			return true;
	}
	return false;
}

/* Of two providers, one may have listed what the other removed. */
static Modifications **drop_orphans(
	Modifications **tail, const Entry *entry, const struct lk_listing *all, size_t count)
{
	Attribute *a = attr_find(entry->e_attrs, lk_schema.failed_message);

	for (unsigned i = 0; a && i < a->a_numvals; i++) {
		if (!has_message(all, count, a->a_vals[i].bv_val))
			tail = append_id(tail, SLAP_MOD_SOFTDEL, a->a_vals[i].bv_val);
	}
	return tail;
}

static Modifications **list_failed(
	Modifications **tail, const Entry *entry, const struct lk_message *changed, time_t until)
{
	size_t count;
	struct lk_listing *all = read_messages(entry, changed, &count);

	for (size_t i = 0; i < count; i++) {
		const char *id = all[i].message.id;
		bool was = is_listed(entry, id), is = lk_listed_is_failed(all, count, i, until);

		if (was != is)
			tail = append_id(tail, is ? SLAP_MOD_SOFTADD : SLAP_MOD_SOFTDEL, id);
	}
	tail = drop_orphans(tail, entry, all, count);
	ch_free(all);
	return tail;
}

Modifications **lk_listed_message(Modifications **tail, const Entry *entry, const struct lk_message *changed)
{
	if (is_recovery(entry))
		return tail;
	return list_failed(tail, entry, changed, stored_until(entry));
}

Modifications **lk_listed_removal(Modifications **tail, const Entry *entry, const char *id)
{
	return is_listed(entry, id) ? append_id(tail, SLAP_MOD_SOFTDEL, id) : tail;
}

/* What carried a password of before needs nobody's care any more, and once it is settled its sealed text is of no
 * use. */
static Modifications **drop_passwords(Modifications **tail, const Entry *entry)
{
	size_t count;
	struct lk_listing *all = read_messages(entry, NULL, &count);

	for (size_t i = 0; i < count; i++) {
		const struct lk_message *message = &all[i].message;
		const struct berval *sealed = lk_outbox_sealed_of(entry, message->id);

		if (!lk_message_may_be_resent(message))
			continue;
		tail = lk_listed_removal(tail, entry, message->id);
		if (sealed && LK_GUARD("sealed-goes-with-password", !lk_message_is_open(message)))
			tail = lk_mod_append(tail, lk_schema.sealed, SLAP_MOD_SOFTDEL, sealed, 1);
	}
	ch_free(all);
	return tail;
}

Modifications **lk_listed_password(Modifications **tail, const Entry *entry, time_t until)
{
	return drop_passwords(append_due_until(append_until(tail, until), entry, until), entry);
}

/* --- plain writes ------------------------------------------------------------------------------------------------- */

struct following {
	Operation *op;
	struct berval
		*left; /* the temporary passwords that the write leaves; in the operation, the entry, or op's memory */
	size_t count;
	bool decides; /* whether the outcome does not depend on what was stored */
	bool governed;
	Modifications *mods;
};

static bool fits(const struct berval *hash, const struct berval *deleted)
{
	const char *text = NULL;

	return lutil_passwd(hash, deleted, NULL, &text) == LUTIL_PASSWD_OK;
}

static void take_out(struct following *following, const struct berval *deleted)
{
	for (size_t i = 0; i < following->count;) {
		if (lk_listed_is_deleted(&following->left[i], deleted, fits))
			following->left[i] = following->left[--following->count];
		else
			i++;
	}
}

static void apply(struct following *following, const Modifications *mod)
{
	bool deletes = mod->sml_op == LDAP_MOD_DELETE || mod->sml_op == SLAP_MOD_SOFTDEL;

	if (mod->sml_op == LDAP_MOD_REPLACE || (deletes && !mod->sml_values)) {
		following->count = 0;
		following->decides = true;
	}
	for (size_t i = 0; mod->sml_values && !BER_BVISNULL(&mod->sml_values[i]); i++) {
		if (deletes)
			take_out(following, &mod->sml_values[i]);
		else
			following->left[following->count++] = mod->sml_values[i];
	}
}

static bool is_of_password(const Modifications *mod)
{
	return mod->sml_desc == slap_schema.si_ad_userPassword;
}

static size_t values_in(const Modifications *mods)
{
	size_t count = 0;

	for (; mods; mods = mods->sml_next)
		count += is_of_password(mods) ? mods->sml_numvals : 0;
	return count;
}

/* An lk_backend_seen. */
static void follow_write(void *context, const Entry *stored)
{
	struct following *following = context;
	Operation *op = following->op;
	Attribute *passwords = attr_find(stored->e_attrs, slap_schema.si_ad_userPassword);
	size_t held = passwords ? passwords->a_numvals : 0;
	time_t until;

	following->left = op->o_tmpcalloc(held + values_in(op->orm_modlist) + 1, sizeof *following->left, op->o_tmpmemctx);
	for (size_t i = 0; i < held; i++)
		following->left[following->count++] = passwords->a_vals[i];
	for (const Modifications *mod = op->orm_modlist; mod; mod = mod->sml_next) {
		if (is_of_password(mod))
			apply(following, mod);
	}
	until = lk_listed_until(following->left, following->count);
	/* Another write may be about to store a temporary password: of two that replace it the later one wins in both
	 * attributes. */
	if (until != stored_until(stored) || (following->decides && following->governed))
		lk_listed_password(&following->mods, stored, until);
}

static bool is_governed(Operation *op)
{
	struct lk_snapshot *snapshot = lk_snapshot_get(op);
	bool governed = snapshot && lk_snapshot_govern(snapshot, &op->o_req_ndn).policy;

	lk_snapshot_put(snapshot);
	return governed;
}

void lk_listed_follow(Operation *op, struct lk_instance *instance)
{
	struct following following = {.op = op};
	Modifications **tail = &op->orm_modlist;

	while (*tail && !is_of_password(*tail))
		tail = &(*tail)->sml_next;
	if (!*tail)
		return;
	following.governed = is_governed(op);
	lk_backend_look(op, instance->be, &op->o_req_ndn, follow_write, &following);
	while (*tail)
		tail = &(*tail)->sml_next;
	*tail = following.mods;
}

static void put_time(Entry *entry, AttributeDescription *ad, time_t when)
{
	char text[LK_TIME_TEXT + 1];
	struct berval value = {LK_TIME_TEXT, text};

	lk_time_format(when, text);
	attr_merge_normalize_one(entry, ad, &value, NULL);
}

void lk_listed_put(Entry *entry, time_t until)
{
	put_time(entry, lk_schema.temporary_until, until);
}

void lk_listed_follow_add(Entry *entry)
{
	Attribute *passwords = attr_find(entry->e_attrs, slap_schema.si_ad_userPassword);
	time_t until = passwords ? lk_listed_until(passwords->a_vals, passwords->a_numvals) : 0;

	if (until && !attr_find(entry->e_attrs, lk_schema.temporary_until)) {
		lk_listed_put(entry, until);
		put_time(entry, lk_schema.due, until);
	}
}

/* --- after writes at two providers -------------------------------------------------------------------------------- */

/* Whether a code stands for a password is not to be seen here, so what is said while there is one is left as it is. */
static time_t until_of(const Entry *entry)
{
	Attribute *passwords = attr_find(entry->e_attrs, slap_schema.si_ad_userPassword);
	time_t until = passwords ? lk_listed_until(passwords->a_vals, passwords->a_numvals) : 0;

	return until || !attr_find(entry->e_attrs, lk_schema.code) ? until : stored_until(entry);
}

Modifications **lk_listed_mend(Modifications **tail, const Entry *entry)
{
	time_t until = until_of(entry);

	if (until != stored_until(entry))
		tail = append_due_until(append_until(tail, until), entry, until);
	else if (!attr_find(entry->e_attrs, lk_schema.due) && due_of(entry, NULL))
		tail = lk_listed_due(tail, entry, NULL);
	if (is_recovery(entry))
		return tail;
	if (!first_open(entry, NULL))
		tail = lk_events_append_day(tail, entry);
	return list_failed(tail, entry, NULL, until);
}
