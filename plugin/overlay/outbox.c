/* A message on its way out: its state and its sealed text, as they are stored with the write that causes it. */
#include "overlay.h"

#include "outbox-rules.h"

/* What is taken of a text from the directory: no control characters, and at most MOST octets, cut between two characters.
 * A name with a line break in it is no reason to refuse a reset; it is left out. */
static struct berval clip_to(struct berval text, size_t most)
{
	struct berval none = BER_BVC("");

	if (!lk_text_is_clean(&text))
		return none;
	if (text.bv_len <= most)
		return text;
	text.bv_len = most;
	while (text.bv_len && ((unsigned char)text.bv_val[text.bv_len] & 0xC0) == 0x80)
		text.bv_len--;
	return text;
}

static struct berval clip(struct berval text)
{
	return clip_to(text, LK_ENVELOPE_TEXT_MAX);
}

/* The key that messages are sealed to. */
static bool find_recipient(const struct lk_instance *instance, unsigned char ret_recipient[LK_KEY_BYTES])
{
	return instance->mailer_keys && lk_key_parse(&instance->mailer_keys[0], ret_recipient) == LK_OK;
}

void lk_outbox_prepare(struct lk_instance *instance, bool (*may_go_on)(void))
{
	unsigned char recipient[LK_KEY_BYTES];

	if (lk_seal_keys_are_wanted(instance->seal_keys) && find_recipient(instance, recipient))
		lk_seal_keys_fill(instance->seal_keys, recipient, may_go_on);
}

static int seal(const struct lk_target *target, const struct lk_outgoing *outgoing, struct berval *ret_sealed)
{
	const struct lk_policy *policy = target->governance.policy;
	unsigned char recipient[LK_KEY_BYTES];
	struct lk_seal_key key;
	struct lk_envelope envelope = {
		.kind = outgoing->kind,
		.expires = outgoing->expires,
		.must_change = outgoing->must_change,
		.to = outgoing->to,
		.language = outgoing->language,
		.name = clip(lk_target_name(target)),
		.login = clip(BER_BVISEMPTY(&outgoing->login) ? lk_target_login(target) : outgoing->login),
		.secret = outgoing->secret,
		.organization = clip(policy->organization),
		.portal = clip(policy->portal),
		.time_zone = clip(policy->time_zone),
		.actor = clip(outgoing->actor_name),
		.about = clip(outgoing->about),
	};

	if (!find_recipient(target->instance, recipient))
		return LDAP_UNWILLING_TO_PERFORM;
	if (lk_seal_keys_take(target->instance->seal_keys, recipient, &key) != LK_OK)
		return LDAP_OTHER;
	memcpy(envelope.id, outgoing->id, sizeof envelope.id);
	return lk_envelope_seal_with(&envelope, recipient, &key, ret_sealed) == LK_OK ? LDAP_SUCCESS : LDAP_OTHER;
}

static void copy_text(char *to, size_t size, const struct berval *from)
{
	if (!from->bv_val || from->bv_len >= size)
		return;
	memcpy(to, from->bv_val, from->bv_len);
	to[from->bv_len] = '\0';
}

/* The message as it will stand on the entry, with a new id. */
static void draft(struct lk_outgoing *outgoing, time_t now, struct lk_message *ret_message)
{
	struct berval shown = BER_BVISEMPTY(&outgoing->addressee) ? outgoing->to : outgoing->addressee;

	*ret_message = (struct lk_message){
		.kind = outgoing->kind, .state = LK_STATE_QUEUED, .created = now, .due = now, .expires = outgoing->expires};
	lk_message_new_id(outgoing->id);
	memcpy(ret_message->id, outgoing->id, sizeof ret_message->id);
	shown = clip_to(shown, LK_ADDRESS_MAX);
	copy_text(ret_message->lang, sizeof ret_message->lang, &outgoing->language);
	copy_text(ret_message->to, sizeof ret_message->to, &shown);
	copy_text(ret_message->actor, sizeof ret_message->actor, &outgoing->actor_dn);
}

static int compose(const struct lk_target *target, const struct lk_outgoing *outgoing, const struct lk_message *message,
	struct berval *ret_message, struct berval *ret_sealed)
{
	struct berval sealed;
	int rc = seal(target, outgoing, &sealed);

	if (rc != LDAP_SUCCESS)
		return rc;
	if (lk_message_format(message, ret_message) != LK_OK) {
		ber_memfree(sealed.bv_val);
		return LDAP_OTHER;
	}
	*ret_sealed = sealed;
	return LDAP_SUCCESS;
}

int lk_outbox_compose(const struct lk_target *target, struct lk_outgoing *outgoing, time_t now,
	struct berval *ret_message, struct berval *ret_sealed)
{
	struct lk_message message;

	draft(outgoing, now, &message);
	return compose(target, outgoing, &message, ret_message, ret_sealed);
}

const struct berval *lk_outbox_sealed_of(const Entry *entry, const char *id)
{
	Attribute *a = attr_find(entry->e_attrs, lk_schema.sealed);

	for (unsigned i = 0; a && i < a->a_numvals; i++) {
		unsigned char key_id[LK_KEY_ID_BYTES];
		char sealed_id[LK_ID_TEXT + 1];

		if (lk_sealed_header(&a->a_vals[i], sealed_id, key_id) == LK_OK && !strcmp(sealed_id, id))
			return &a->a_vals[i];
	}
	return NULL;
}

/* --- the messages of one write ---------------------------------------------------------------------------------- */

struct lk_outbox {
	const Entry *entry; /* that will hold them, as it is now */
	struct lk_kept *kept; /* its messages, as far as they can be read */
	const struct berval **values; /* of these */
	size_t kept_count;
	size_t count;
	time_t due; /* of the first of the new ones */
	bool has_password; /* whether one of them carries a password */
	struct berval messages[LK_OUTBOX_MAX], sealed[LK_OUTBOX_MAX]; /* owned */
};

struct lk_outbox *lk_outbox_new(const Entry *entry)
{
	struct lk_outbox *outbox = ch_calloc(1, sizeof *outbox);
	Attribute *a = attr_find(entry->e_attrs, lk_schema.message);
	size_t room = a ? a->a_numvals : 0;

	outbox->entry = entry;
	outbox->kept = ch_calloc(room + 1, sizeof *outbox->kept);
	outbox->values = ch_calloc(room + 1, sizeof *outbox->values);
	for (size_t i = 0; i < room; i++) {
		if (lk_message_parse(&a->a_vals[i], &outbox->kept[outbox->kept_count].message) == LK_OK)
			outbox->values[outbox->kept_count++] = &a->a_vals[i];
	}
	return outbox;
}

void lk_outbox_free(struct lk_outbox *outbox)
{
	for (size_t i = 0; i < outbox->count; i++) {
		ber_memfree(outbox->messages[i].bv_val);
		ber_memfree(outbox->sealed[i].bv_val);
	}
	ch_free(outbox->kept);
	ch_free(outbox->values);
	ch_free(outbox);
}

bool lk_outbox_is_empty(const struct lk_outbox *outbox)
{
	return outbox->count == 0;
}

int lk_outbox_post(struct lk_outbox *outbox, const struct lk_target *reader, struct lk_outgoing *outgoing, time_t now)
{
	struct lk_message message;
	size_t next = outbox->count;
	int rc;

	if (next == LK_OUTBOX_MAX)
		return LDAP_ADMINLIMIT_EXCEEDED;
	draft(outgoing, now, &message);
	message.due = lk_outbox_due(outbox->kept, outbox->kept_count, &message);
	rc = compose(reader, outgoing, &message, &outbox->messages[next], &outbox->sealed[next]);
	if (rc != LDAP_SUCCESS)
		return rc;
	if (!next || message.due < outbox->due)
		outbox->due = message.due;
	outbox->has_password = outbox->has_password || lk_message_may_be_resent(&message);
	outbox->count++;
	return LDAP_SUCCESS;
}

/* A new password leaves the sealed texts of earlier ones without a use: what was sent is not sent again then. */
static bool is_replaced(const struct lk_outbox *outbox, const struct lk_message *message)
{
	return outbox->has_password && !lk_message_is_open(message) && lk_message_may_be_resent(message);
}

/* What is removed may have gone, or have been settled, since the entry was read; that is no reason for the client's write to
 * fail. */
static Modifications **append_removal(Modifications **tail, const struct lk_outbox *outbox, size_t i)
{
	const struct lk_kept *kept = &outbox->kept[i];
	const struct berval *sealed = lk_outbox_sealed_of(outbox->entry, kept->message.id);

	if (kept->goes) {
		tail = lk_mod_append(tail, lk_schema.message, SLAP_MOD_SOFTDEL, outbox->values[i], 1);
		tail = lk_listed_removal(tail, outbox->entry, kept->message.id);
	}
	if (sealed && (kept->goes || is_replaced(outbox, &kept->message)))
		tail = lk_mod_append(tail, lk_schema.sealed, SLAP_MOD_SOFTDEL, sealed, 1);
	return tail;
}

static Modifications **make_room(Modifications **tail, struct lk_outbox *outbox, time_t now)
{
	lk_outbox_make_room(outbox->kept, outbox->kept_count, outbox->count, now);
	for (size_t i = 0; i < outbox->kept_count; i++)
		tail = append_removal(tail, outbox, i);
	return tail;
}

static time_t first_due(const struct lk_outbox *outbox)
{
	time_t due = outbox->due;

	for (size_t i = 0; i < outbox->kept_count; i++) {
		const struct lk_kept *kept = &outbox->kept[i];

		if (!kept->goes && lk_message_is_open(&kept->message) && kept->message.due < due)
			due = kept->message.due;
	}
	return due;
}

Modifications **lk_outbox_store(Modifications **tail, struct lk_outbox *outbox, time_t now)
{
	if (!outbox->count)
		return tail;
	tail = make_room(tail, outbox, now);
	tail = lk_mod_append(tail, lk_schema.message, LDAP_MOD_ADD, outbox->messages, outbox->count);
	tail = lk_mod_append(tail, lk_schema.sealed, LDAP_MOD_ADD, outbox->sealed, outbox->count);
	return lk_mod_append_time(tail, lk_schema.due, LDAP_MOD_REPLACE, first_due(outbox));
}

Modifications **lk_outbox_append(
	Modifications **tail, const Entry *entry, const struct berval *message, const struct berval *sealed, time_t now)
{
	struct lk_outbox *outbox = lk_outbox_new(entry);

	ber_dupbv(&outbox->messages[0], (struct berval *)message);
	ber_dupbv(&outbox->sealed[0], (struct berval *)sealed);
	outbox->count = 1;
	outbox->due = now;
	tail = lk_outbox_store(tail, outbox, now);
	lk_outbox_free(outbox);
	return tail;
}
