#include "preview.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "letter.h"

#define DAY 86400

static struct berval text(const char *value)
{
	return (struct berval){.bv_val = (char *)value, .bv_len = strlen(value)};
}

static bool find_kind(const char *name, enum lk_kind *ret_kind)
{
	for (int kind = 0; kind < LK_KIND_COUNT; kind++)
		if (strcmp(lk_kind_name((enum lk_kind)kind), name) == 0) {
			*ret_kind = (enum lk_kind)kind;
			return true;
		}
	return false;
}

static const char *secret_of(enum lk_kind kind)
{
	switch (kind) {
	case LK_KIND_TEMPORARY_PASSWORD:
	case LK_KIND_WELCOME:
		return "8kTq-Zw4n-Hd2R-pLm7";
	case LK_KIND_RECOVERY_CODE:
	case LK_KIND_ADDRESS_PROOF:
		return "K7QF-2M9X-4TRB";
	default:
		return "";
	}
}

static struct lk_envelope example(enum lk_kind kind, const char *lang)
{
	bool is_korean = g_str_has_prefix(lang, "ko");
	bool is_by_administrator = kind == LK_KIND_TEMPORARY_PASSWORD || kind == LK_KIND_WELCOME;

	return (struct lk_envelope){
		.id = "00000000000000000000000000000000",
		.kind = kind,
		.expires = *secret_of(kind) ? time(NULL) + DAY : 0,
		.must_change = is_by_administrator,
		.to = text("kim@example.net"),
		.language = text(lang),
		.name = text(is_korean ? "김정현" : "Dana Lee"),
		.login = text("kim"),
		.secret = text(secret_of(kind)),
		.organization = text(is_korean ? "예시 주식회사" : "Example Organization"),
		.portal = text("https://portal.example.org/"),
		.time_zone = text("Asia/Seoul"),
		.actor = text(!is_by_administrator ? ""
					  : is_korean          ? "이서연"
										   : "Pia Admin"),
	};
}

bool lk_preview(const struct lk_languages *languages, const char *kind_name, const char *lang, bool as_html)
{
	struct lk_letter letter;
	enum lk_kind kind;

	if (!find_kind(kind_name, &kind))
		return false;
	const struct lk_envelope envelope = example(kind, lang);
	lk_letter_write(languages, &envelope, time(NULL), &letter);
	if (as_html)
		fputs(lk_secret_text(&letter.html), stdout);
	else
		printf("From: %s\nTo: %s <%s>\nSubject: %s\n\n%s", letter.from_name, letter.to_name, letter.to, letter.subject,
			lk_secret_text(&letter.text));
	lk_letter_wipe(&letter);
	return true;
}
