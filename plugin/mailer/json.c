#include "json.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "letter.h"
#include "short-text.h"

/* UTF-8 is kept as it is; the protocol has no control characters in strings, and none goes out. */
static void append_string(struct lk_secret *json, const char *text, size_t length)
{
	lk_secret_append_text(json, "\"");
	for (size_t i = 0; i < length; i++) {
		if (text[i] == '"' || text[i] == '\\')
			lk_secret_append_text(json, "\\");
		if ((unsigned char)text[i] >= 0x20)
			lk_secret_append(json, &text[i], 1);
	}
	lk_secret_append_text(json, "\"");
}

static void append_name(struct lk_secret *json, const char *name)
{
	lk_secret_append_text(json, json->text && json->text[json->length - 1] != '{' ? ",\"" : "\"");
	lk_secret_append_text(json, name);
	lk_secret_append_text(json, "\":");
}

static void append_text(struct lk_secret *json, const char *name, const char *text)
{
	append_name(json, name);
	append_string(json, text, strlen(text));
}

static void append_value(struct lk_secret *json, const char *name, const struct berval *value)
{
	append_name(json, name);
	append_string(json, value->bv_val ? value->bv_val : "", value->bv_len);
}

static void append_expiry(struct lk_secret *json, time_t expires, time_t now)
{
	char text[32], number[24];
	struct tm parts;

	strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&expires, &parts));
	snprintf(number, sizeof number, "%lld", (long long)(expires > now ? expires - now : 0));
	append_text(json, "expires", text);
	append_name(json, "lifetime");
	lk_secret_append_text(json, number);
}

void lk_json_write(const struct lk_languages *languages, const struct lk_envelope *envelope, time_t created, time_t now,
	struct lk_secret *ret_json)
{
	const struct lk_language *language = lk_languages_find(languages, &envelope->language);
	struct lk_secret text = {0};
	struct lk_letter letter;

	lk_letter_write(languages, envelope, created, &letter);
	lk_short_text_write(language, envelope, letter.subject, &text);
	lk_letter_wipe(&letter);
	lk_secret_append_text(ret_json, "{");
	append_text(ret_json, "id", envelope->id);
	append_text(ret_json, "kind", lk_kind_name(envelope->kind));
	append_value(ret_json, "address", &envelope->to);
	append_value(ret_json, "person", &envelope->name);
	append_value(ret_json, "login", &envelope->login);
	append_value(ret_json, "organization", &envelope->organization);
	append_text(ret_json, "language", lk_language_tag(language));
	append_value(ret_json, "portal", &envelope->portal);
	append_value(ret_json, "actor", &envelope->actor);
	append_text(ret_json, "text", lk_secret_text(&text));
	append_name(ret_json, "mustChange");
	lk_secret_append_text(ret_json, envelope->must_change ? "true" : "false");
	if (envelope->secret.bv_len)
		append_value(ret_json, "secret", &envelope->secret);
	if (envelope->expires)
		append_expiry(ret_json, envelope->expires, now);
	lk_secret_append_text(ret_json, "}\n");
	lk_secret_wipe(&text);
}
