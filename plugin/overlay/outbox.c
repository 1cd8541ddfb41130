/* A message on its way out: its state and its sealed text, as they are stored with the write that causes it. */
#include "overlay.h"

#define MESSAGES_KEPT 4 /* of one entry: each costs every search that reads the entry */

/* What an envelope takes of a text from the directory: no control characters, and at most its bound, cut between two
 * characters. A name with a line break in it is no reason to refuse a reset; it is left out. */
static struct berval clip(struct berval text)
{
	struct berval none = BER_BVC("");

	if (!lk_text_is_clean(&text))
		return none;
	if (text.bv_len <= LK_ENVELOPE_TEXT_MAX)
		return text;
	text.bv_len = LK_ENVELOPE_TEXT_MAX;
	while (text.bv_len && ((unsigned char)text.bv_val[text.bv_len] & 0xC0) == 0x80)
		text.bv_len--;
	return text;
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
		.login = clip(lk_target_login(target)),
		.secret = outgoing->secret,
		.organization = clip(policy->organization),
		.portal = clip(policy->portal),
		.time_zone = clip(policy->time_zone),
		.actor = clip(outgoing->actor_name),
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
	if (from->bv_len >= size)
		return;
	memcpy(to, from->bv_val, from->bv_len);
	to[from->bv_len] = '\0';
}

int lk_outbox_compose(const struct lk_target *target, struct lk_outgoing *outgoing, time_t now,
	struct berval *ret_message, struct berval *ret_sealed)
{
	struct lk_message message = {
		.kind = outgoing->kind, .state = LK_STATE_QUEUED, .created = now, .due = now, .expires = outgoing->expires};
	struct berval sealed;
	int rc;

	lk_message_new_id(outgoing->id);
	memcpy(message.id, outgoing->id, sizeof message.id);
	copy_text(message.lang, sizeof message.lang, &outgoing->language);
	copy_text(message.to, sizeof message.to, &outgoing->to);
	copy_text(message.actor, sizeof message.actor, &outgoing->actor_dn);
	rc = seal(target, outgoing, &sealed);
	if (rc != LDAP_SUCCESS)
		return rc;
	if (lk_message_format(&message, ret_message) != LK_OK) {
		ber_memfree(sealed.bv_val);
		return LDAP_OTHER;
	}
	*ret_sealed = sealed;
	return LDAP_SUCCESS;
}

/* A message of an entry, and what becomes of it when another is added. */
struct kept {
	const struct berval *value; /* NULL: damaged, and left alone */
	struct lk_message message;
	bool gone;
};

/* The settled message that was created first among those that are not gone; or NULL. */
static struct kept *oldest_settled(struct kept *kept, unsigned count)
{
	struct kept *oldest = NULL;

	for (unsigned i = 0; i < count; i++) {
		if (!kept[i].value || kept[i].gone || lk_message_is_open(&kept[i].message))
			continue;
		if (!oldest || kept[i].message.created < oldest->message.created)
			oldest = &kept[i];
	}
	return oldest;
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

static struct kept *read_kept(const Attribute *messages, unsigned count)
{
	struct kept *kept = ch_calloc(count + 1, sizeof *kept);

	for (unsigned i = 0; i < count; i++) {
		if (lk_message_parse(&messages->a_vals[i], &kept[i].message) == LK_OK)
			kept[i].value = &messages->a_vals[i];
	}
	return kept;
}

static Modifications **drop_sealed(Modifications **tail, const Entry *entry, const char *id)
{
	const struct berval *sealed = lk_outbox_sealed_of(entry, id);

	return sealed ? lk_mod_append(tail, lk_schema.sealed, LDAP_MOD_DELETE, sealed, 1) : tail;
}

/* What is still to be sent stays, however much it is; of the rest the oldest go. A new password leaves the sealed texts of
 * earlier ones without a use: what was sent is not sent again then. */
static Modifications **make_room(Modifications **tail, const Entry *entry, const struct lk_message *next)
{
	Attribute *messages = entry ? attr_find(entry->e_attrs, lk_schema.message) : NULL;
	unsigned count = messages ? messages->a_numvals : 0;
	struct kept *kept = read_kept(messages, count), *old;

	for (unsigned left = count; left >= MESSAGES_KEPT && (old = oldest_settled(kept, count)); left--) {
		old->gone = true;
		tail = lk_mod_append(tail, lk_schema.message, LDAP_MOD_DELETE, old->value, 1);
		tail = drop_sealed(tail, entry, old->message.id);
	}
	for (old = kept; old < kept + count && lk_message_may_be_resent(next); old++) {
		if (old->value && !old->gone && !lk_message_is_open(&old->message) && lk_message_may_be_resent(&old->message))
			tail = drop_sealed(tail, entry, old->message.id);
	}
	ch_free(kept);
	return tail;
}

Modifications **lk_outbox_append(
	Modifications **tail, const Entry *entry, const struct berval *message, const struct berval *sealed)
{
	struct lk_message parsed = {.kind = LK_KIND_COUNT};
	bool due = lk_message_parse(message, &parsed) == LK_OK;

	tail = make_room(tail, entry, &parsed);
	tail = lk_mod_append(tail, lk_schema.message, LDAP_MOD_ADD, message, 1);
	tail = lk_mod_append(tail, lk_schema.sealed, LDAP_MOD_ADD, sealed, 1);
	return due ? lk_mod_append_time(tail, lk_schema.due, LDAP_MOD_REPLACE, parsed.due) : tail;
}
