/* The end of sealed texts: nobody is to find in the directory, its log or a backup what is of no use to the mailer any
 * more. Most go with the write that settles the message, or that stores another password; what only time has ended is
 * swept up. */
#include "overlay.h"

/* latchkeyTemporaryUntil goes with the password that it tells of. */
bool lk_outbox_is_done_with(const Entry *entry, const struct lk_message *message, time_t now)
{
	if (lk_message_is_open(message))
		return false;
	return !lk_message_may_be_resent(message) ||
		   (message->expires && (message->expires <= now || !attr_find(entry->e_attrs, lk_schema.temporary_until)));
}

static Modifications **append_leftovers(Modifications **tail, const Entry *entry, time_t now)
{
	Attribute *a = attr_find(entry->e_attrs, lk_schema.message);

	for (unsigned i = 0; a && i < a->a_numvals; i++) {
		struct lk_message message;
		const struct berval *sealed;

		if (lk_message_parse(&a->a_vals[i], &message) != LK_OK || !lk_outbox_is_done_with(entry, &message, now))
			continue;
		sealed = lk_outbox_sealed_of(entry, message.id);
		if (sealed)
			tail = lk_mod_append(tail, lk_schema.sealed, SLAP_MOD_SOFTDEL, sealed, 1);
	}
	return tail;
}

#define SWEPT_MOST 1024 /* at once; the next sweep finds the others */

struct sweep {
	time_t now;
	Entry *entries[SWEPT_MOST]; /* copies */
	size_t count;
};

/* An lk_backend_found. */
static int found_lapsed(void *context, Operation *op, Entry *entry)
{
	struct sweep *sweep = context;
	struct berval value = lk_entry_value(entry, lk_schema.temporary_until);
	time_t until;

	(void)op;
	if (lk_time_parse(&value, &until) == LK_OK && until <= sweep->now && attr_find(entry->e_attrs, lk_schema.sealed))
		sweep->entries[sweep->count++] = entry_dup(entry);
	return slapd_shutdown || sweep->count == SWEPT_MOST;
}

static void sweep_entry(Operation *op, struct lk_instance *instance, const Entry *entry, time_t now)
{
	struct lk_modify modify = lk_backend_modify_of(instance, entry, "sweep");
	const char *text;

	append_leftovers(&modify.mods, entry, now);
	if (modify.mods)
		lk_backend_modify(op, &modify, &text);
}

void lk_outbox_sweep(Operation *op, struct lk_instance *instance)
{
	Filter due = {.f_choice = LDAP_FILTER_PRESENT, .f_desc = lk_schema.due};
	struct sweep *sweep = ch_calloc(1, sizeof *sweep);

	sweep->now = op->o_time;
	lk_backend_search(op, instance->be, &instance->nsuffix, LDAP_SCOPE_SUBTREE, &due, 0, found_lapsed, sweep);
	for (size_t i = 0; i < sweep->count; i++) {
		sweep_entry(op, instance, sweep->entries[i], op->o_time);
		entry_free(sweep->entries[i]);
	}
	ch_free(sweep);
}
