/* The stored form of an event. */
#include "event.h"

#include <stddef.h>
#include <string.h>

#include "error.h"
#include "fields.h"

static const char *const names[LK_EVENT_COUNT] = {
	[LK_EVENT_RESET] = "reset",
	[LK_EVENT_RECOVERY] = "recovery",
	[LK_EVENT_RECOVERY_KEPT] = "recoveryKept",
	[LK_EVENT_RESEND] = "resend",
	[LK_EVENT_UNLOCK] = "unlock",
	[LK_EVENT_BLOCK] = "block",
	[LK_EVENT_REFUSED] = "refused",
	[LK_EVENT_ENROLMENT] = "enrolment",
	[LK_EVENT_WELCOME] = "welcome",
	[LK_EVENT_MISUSE] = "misuse",
	[LK_EVENT_CREDENTIAL] = "credential",
	[LK_EVENT_POLICY] = "policy",
	[LK_EVENT_GROUP] = "group",
	[LK_EVENT_MOVE] = "move",
};

const char *lk_event_name(enum lk_event_kind what)
{
	return (unsigned)what < LK_EVENT_COUNT ? names[what] : NULL;
}

static int read_kind(const struct berval *text, const struct lk_field_rule *rule, void *field)
{
	(void)rule;
	for (size_t i = 0; i < LK_EVENT_COUNT; i++) {
		if (strlen(names[i]) == text->bv_len && memcmp(names[i], text->bv_val, text->bv_len) == 0) {
			*(enum lk_event_kind *)field = (enum lk_event_kind)i;
			return LK_OK;
		}
	}
	return LK_ERR_MALFORMED;
}

static int write_kind(BerElement *out, const struct lk_field_rule *rule, const void *field)
{
	const char *name = lk_event_name(*(const enum lk_event_kind *)field);

	(void)rule;
	return name != NULL ? lk_fields_put(out, name) : LK_ERR_MALFORMED;
}

static const struct lk_field_type kind_type = {read_kind, write_kind, NULL};

static const struct lk_field_rule rules[] = {
	{"time", &lk_field_time, offsetof(struct lk_event, time), true, 0},
	{"what", &kind_type, offsetof(struct lk_event, what), true, 0},
	{"rule", &lk_field_text, offsetof(struct lk_event, rule), false, LK_EVENT_RULE_MAX},
	{"changed", &lk_field_text, offsetof(struct lk_event, changed), false, LK_EVENT_CHANGED_MAX},
	{"actor", &lk_field_text, offsetof(struct lk_event, actor), false, LK_DN_MAX},
	{"client", &lk_field_text, offsetof(struct lk_event, client), false, LK_EVENT_CLIENT_MAX},
	{"reason", &lk_field_text, offsetof(struct lk_event, reason), false, LK_REASON_MAX},
	{"ticket", &lk_field_text, offsetof(struct lk_event, ticket), false, LK_TICKET_MAX},
};

#define RULES_COUNT (sizeof(rules) / sizeof(rules[0]))

int lk_event_format(const struct lk_event *event, struct berval *ret_value)
{
	return lk_fields_format(event, rules, RULES_COUNT, ret_value);
}

int lk_event_parse(const struct berval *value, struct lk_event *ret_event)
{
	struct lk_event event = {0};
	int status = lk_fields_parse(value, rules, RULES_COUNT, &event);

	if (status == LK_OK)
		*ret_event = event;
	return status;
}
