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

#define CODE "K7QF-2M9X-4TRB"
#define PASSWORD "8kTq-Zw4n-Hd2R-pLm7"

/* What each kind says beside what all of them do. */
static const struct {
	const char *secret;
	const char *about, *about_ko;
	const char *login; /* NULL: the reader's */
	const char *name; /* the same */
	time_t lifetime; /* seconds; 0: a day with a secret, none without */
} contents[LK_KIND_COUNT] = {
	[LK_KIND_RECOVERY_CODE] = {.secret = CODE},
	[LK_KIND_TEMPORARY_PASSWORD] = {.secret = PASSWORD},
	[LK_KIND_WELCOME] = {.secret = PASSWORD},
	[LK_KIND_ADDRESS_PROOF] = {.secret = CODE},
	[LK_KIND_WELCOME_CODE] = {.secret = CODE},
	[LK_KIND_RESET_CODE] = {.secret = CODE},
	[LK_KIND_CREDENTIAL_CHANGED] = {.about = "userCertificate"},
	[LK_KIND_RESENT_ELSEWHERE] = {.about = "dana@example.com", .about_ko = "jhkim@example.com"},
	[LK_KIND_ADMINISTRATOR_RESET] = {.about = "Sam Reyes", .about_ko = "박지훈", .login = "sam"},
	[LK_KIND_MISUSE_REPORTED] = {.about = "Sam Reyes", .about_ko = "박지훈", .login = "sam"},
	[LK_KIND_PASSWORD_EXPIRING] = {.lifetime = 3 * DAY},
	[LK_KIND_DELIVERY_FAILED] = {.about = "2" LK_LINE_SEPARATOR
										  "kim <kim@example.net>: 550 5.1.1 No such user here" LK_LINE_SEPARATOR
										  "lee <lee@example.net>: the secret inside has expired",
		.name = "staff"},
};

static struct berval about_of(enum lk_kind kind, bool is_korean)
{
	const char *about = is_korean && contents[kind].about_ko ? contents[kind].about_ko : contents[kind].about;

	return text(about ? about : "");
}

/* Of what either may do, an administrator did it unless IS_BY_USER. */
static struct lk_envelope example(enum lk_kind kind, const char *lang, bool is_by_user)
{
	bool is_korean = g_str_has_prefix(lang, "ko");
	const char *secret = contents[kind].secret;
	time_t lifetime = contents[kind].lifetime || !secret ? contents[kind].lifetime : DAY;

	return (struct lk_envelope){
		.id = "00000000000000000000000000000000",
		.kind = kind,
		.expires = lifetime ? time(NULL) + lifetime : 0,
		.must_change = kind == LK_KIND_TEMPORARY_PASSWORD || kind == LK_KIND_WELCOME,
		.to = text("kim@example.net"),
		.language = text(lang),
		.name = text(contents[kind].name ? contents[kind].name
					 : is_korean         ? "김정현"
										 : "Dana Lee"),
		.login = text(contents[kind].login ? contents[kind].login : "kim"),
		.secret = text(secret ? secret : ""),
		.organization = text(is_korean ? "예시 주식회사" : "Example Organization"),
		.portal = text("https://portal.example.org/"),
		.time_zone = text("Asia/Seoul"),
		.actor = text(is_by_user  ? ""
					  : is_korean ? "이서연"
								  : "Pia Admin"),
		.about = about_of(kind, is_korean),
	};
}

bool lk_preview(const struct lk_languages *languages, const struct lk_preview *preview)
{
	struct lk_letter letter;
	enum lk_kind kind;

	if (!find_kind(preview->kind, &kind))
		return false;
	const struct lk_envelope envelope = example(kind, preview->lang, preview->is_by_user);
	lk_letter_write(languages, &envelope, time(NULL), &letter);
	if (preview->as_html)
		fputs(lk_secret_text(&letter.html), stdout);
	else
		printf("From: %s\nTo: %s%s<%s>\nSubject: %s\n\n%s", letter.from_name, letter.to_name,
			*letter.to_name ? " " : "", letter.to, letter.subject, lk_secret_text(&letter.text));
	lk_letter_wipe(&letter);
	return true;
}
