/* The stored state of a message. */
#include "message.h"

#include <sodium.h>
#include <stddef.h>
#include <string.h>

#include "error.h"
#include "fields.h"
#include "text.h"

#define TRIES_MAX 999999

static const char *const kind_names[LK_KIND_COUNT] = {
	[LK_KIND_RECOVERY_CODE] = "recoveryCode",
	[LK_KIND_TEMPORARY_PASSWORD] = "temporaryPassword",
	[LK_KIND_WELCOME] = "welcome",
	[LK_KIND_PASSWORD_CHANGED] = "passwordChanged",
	[LK_KIND_ADDRESS_PROOF] = "addressProof",
	[LK_KIND_WELCOME_CODE] = "welcomeCode",
	[LK_KIND_RESET_CODE] = "resetCode",
	[LK_KIND_PASSWORD_RECOVERED] = "passwordRecovered",
	[LK_KIND_ACCOUNT_UNLOCKED] = "accountUnlocked",
	[LK_KIND_CREDENTIAL_CHANGED] = "credentialChanged",
	[LK_KIND_ADDRESS_CHANGED] = "addressChanged",
	[LK_KIND_RESENT_ELSEWHERE] = "resentElsewhere",
	[LK_KIND_ADMINISTRATOR_RESET] = "administratorReset",
	[LK_KIND_PASSWORD_EXPIRING] = "passwordExpiring",
	[LK_KIND_DELIVERY_FAILED] = "deliveryFailed",
	[LK_KIND_MISUSE_REPORTED] = "misuseReported",
};

static const char *const state_names[LK_STATE_COUNT] = {
	[LK_STATE_QUEUED] = "queued",
	[LK_STATE_DEFERRED] = "deferred",
	[LK_STATE_SENT] = "sent",
	[LK_STATE_FAILED] = "failed",
};

const char *lk_kind_name(enum lk_kind kind)
{
	return (unsigned)kind < LK_KIND_COUNT ? kind_names[kind] : NULL;
}

const char *lk_state_name(enum lk_state state)
{
	return (unsigned)state < LK_STATE_COUNT ? state_names[state] : NULL;
}

void lk_message_new_id(char ret_id[LK_ID_TEXT + 1])
{
	unsigned char id[LK_ID_BYTES];

	randombytes_buf(id, sizeof(id));
	lk_hex_format(id, sizeof(id), ret_id);
}

bool lk_message_is_open(const struct lk_message *message)
{
	return message->state == LK_STATE_QUEUED || message->state == LK_STATE_DEFERRED;
}

bool lk_message_is_for_administrators(const struct lk_message *message)
{
	return message->kind == LK_KIND_ADMINISTRATOR_RESET || message->kind == LK_KIND_MISUSE_REPORTED;
}

bool lk_message_may_be_resent(const struct lk_message *message)
{
	return message->kind == LK_KIND_TEMPORARY_PASSWORD || message->kind == LK_KIND_WELCOME ||
		   message->kind == LK_KIND_WELCOME_CODE || message->kind == LK_KIND_RESET_CODE;
}

/* The index of TEXT among NAMES, or COUNT. */
static size_t find_name(const struct berval *text, const char *const *names, size_t count)
{
	size_t i = 0;

	while (i < count && (strlen(names[i]) != text->bv_len || memcmp(names[i], text->bv_val, text->bv_len) != 0))
		i++;
	return i;
}

static int read_kind(const struct berval *text, const struct lk_field_rule *rule, void *field)
{
	size_t kind = find_name(text, kind_names, LK_KIND_COUNT);

	(void)rule;
	if (kind == LK_KIND_COUNT)
		return LK_ERR_MALFORMED;
	*(enum lk_kind *)field = (enum lk_kind)kind;
	return LK_OK;
}

static int write_kind(BerElement *out, const struct lk_field_rule *rule, const void *field)
{
	const char *name = lk_kind_name(*(const enum lk_kind *)field);

	(void)rule;
	return name != NULL ? lk_fields_put(out, name) : LK_ERR_MALFORMED;
}

static int read_state(const struct berval *text, const struct lk_field_rule *rule, void *field)
{
	size_t state = find_name(text, state_names, LK_STATE_COUNT);

	(void)rule;
	if (state == LK_STATE_COUNT)
		return LK_ERR_MALFORMED;
	*(enum lk_state *)field = (enum lk_state)state;
	return LK_OK;
}

static int write_state(BerElement *out, const struct lk_field_rule *rule, const void *field)
{
	const char *name = lk_state_name(*(const enum lk_state *)field);

	(void)rule;
	return name != NULL ? lk_fields_put(out, name) : LK_ERR_MALFORMED;
}

static const struct lk_field_type kind_type = {read_kind, write_kind, NULL};
static const struct lk_field_type state_type = {read_state, write_state, NULL};

#define FIELD(name, type, required, bound)                                                                             \
	{                                                                                                                  \
#name, &(type), offsetof(struct lk_message, name), (required), (bound)                                         \
	}
static const struct lk_field_rule rules[] = {
	FIELD(id, lk_field_id, true, 0),
	FIELD(kind, kind_type, true, 0),
	FIELD(state, state_type, true, 0),
	FIELD(tries, lk_field_unsigned, false, TRIES_MAX),
	FIELD(created, lk_field_time, true, 0),
	FIELD(due, lk_field_time, true, 0),
	FIELD(expires, lk_field_time, false, 0),
	FIELD(lang, lk_field_text, true, LK_LOCALE_TEXT),
	FIELD(to, lk_field_text, true, LK_ADDRESS_MAX),
	FIELD(actor, lk_field_text, false, LK_DN_MAX),
	FIELD(answer, lk_field_text, false, LK_ANSWER_MAX),
};
#undef FIELD

#define RULES_COUNT (sizeof(rules) / sizeof(rules[0]))

int lk_message_format(const struct lk_message *message, struct berval *ret_value)
{
	return lk_fields_format(message, rules, RULES_COUNT, ret_value);
}

int lk_message_parse(const struct berval *value, struct lk_message *ret_message)
{
	struct lk_message message = {0};
	int status = lk_fields_parse(value, rules, RULES_COUNT, &message);

	if (status == LK_OK)
		*ret_message = message;
	return status;
}
