#include "opening.h"

#include <string.h>

#include "address.h"
#include "error.h"

static struct berval value_of(const char *text)
{
	return (struct berval){.bv_val = (char *)text, .bv_len = strlen(text)};
}

bool lk_opening_id(const struct lk_notification *item, char ret_id[LK_ID_TEXT + 1])
{
	struct berval value = value_of(item->message);
	unsigned char key_id[LK_KEY_ID_BYTES];
	struct lk_message state;

	if (lk_message_parse(&value, &state) == LK_OK) {
		memcpy(ret_id, state.id, sizeof state.id);
		return true;
	}
	return lk_sealed_header(&item->sealed, ret_id, key_id) == LK_OK;
}

/* A key that is missing may yet be given to the mailer, and memory be had: nothing is lost by waiting. */
static enum lk_state refuse_sealed(int error, const char **ret_reason)
{
	switch (error) {
	case LK_ERR_KEY:
		*ret_reason = "it is sealed to a key that this mailer does not have";
		return LK_STATE_DEFERRED;
	case LK_ERR_NO_MEMORY:
		*ret_reason = "the mailer is short of memory";
		return LK_STATE_DEFERRED;
	case LK_ERR_VERSION:
		*ret_reason = "it was sealed by a version of Latchkey that this mailer does not know";
		return LK_STATE_FAILED;
	default:
		*ret_reason = "the sealed message is damaged";
		return LK_STATE_FAILED;
	}
}

/* What an administrator sent again, and elsewhere, goes where the directory now says; nothing else does. */
static void redirect(struct lk_opened *opened)
{
	enum lk_kind kind = opened->envelope.kind;

	if (kind == LK_KIND_TEMPORARY_PASSWORD || kind == LK_KIND_WELCOME)
		opened->envelope.to = value_of(opened->state.to);
}

/* What stands against sending an envelope that could be opened; NULL for nothing. */
static const char *objection(const struct lk_opened *opened, time_t now)
{
	const struct lk_envelope *envelope = &opened->envelope;
	char scheme[LK_SCHEME_MOST + 1];

	if (strcmp(envelope->id, opened->state.id) != 0 || envelope->kind != opened->state.kind)
		return "the sealed message is not the one that it was stored as";
	if (envelope->expires && envelope->expires <= now)
		return envelope->secret.bv_len ? "the secret inside has expired" : "it would come too late";
	if (lk_address_check(&envelope->to) != LK_OK && !lk_address_has_scheme(&envelope->to, scheme))
		return "the address is not one plain mail address";
	return NULL;
}

enum lk_state lk_opening_open(const struct lk_notification *item, const struct lk_keys *keys, time_t now,
	struct lk_opened *ret_opened, const char **ret_reason)
{
	struct berval value = value_of(item->message);

	*ret_opened = (struct lk_opened){0};
	if (lk_message_parse(&value, &ret_opened->state) != LK_OK) {
		*ret_reason = "its state cannot be read";
		return LK_STATE_FAILED;
	}
	ret_opened->expires = ret_opened->state.expires;
	int error = lk_envelope_open(&item->sealed, keys->pairs, keys->count, &ret_opened->plain, &ret_opened->envelope);
	if (error != LK_OK)
		return refuse_sealed(error, ret_reason);
	ret_opened->expires = ret_opened->envelope.expires;
	redirect(ret_opened);
	*ret_reason = objection(ret_opened, now);
	return *ret_reason ? LK_STATE_FAILED : LK_STATE_QUEUED;
}

void lk_opening_wipe(struct lk_opened *opened)
{
	lk_envelope_wipe(&opened->plain, &opened->envelope);
	*opened = (struct lk_opened){0};
}
