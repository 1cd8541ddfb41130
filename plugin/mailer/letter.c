#include "letter.h"

#include <glib/gi18n.h>
#include <string.h>

#include "date.h"
#include "template.h"

#define NAME_CHARACTERS 200 /* of a person or an organization; longer ones are cut */

/* Subjects name neither the person nor the code: they are shown on locked screens and logged on the way. */
static const char *const subjects[LK_KIND_COUNT] = {
	[LK_KIND_RECOVERY_CODE] = NC_("mail", "Your account recovery code"),
	[LK_KIND_TEMPORARY_PASSWORD] = NC_("mail", "Your temporary password"),
	[LK_KIND_WELCOME] = NC_("mail", "Your new account"),
	[LK_KIND_PASSWORD_CHANGED] = NC_("mail", "Your password was changed"),
	[LK_KIND_ADDRESS_PROOF] = NC_("mail", "Confirm your recovery address"),
	[LK_KIND_WELCOME_CODE] = NC_("mail", "Your new account"),
	[LK_KIND_RESET_CODE] = NC_("mail", "Choose a new password"),
	[LK_KIND_PASSWORD_RECOVERED] = NC_("mail", "Your account was recovered"),
	[LK_KIND_ACCOUNT_UNLOCKED] = NC_("mail", "Your account was unlocked"),
	[LK_KIND_CREDENTIAL_CHANGED] = NC_("mail", "A key to your account was changed"),
	[LK_KIND_ADDRESS_CHANGED] = NC_("mail", "Your recovery addresses were changed"),
	[LK_KIND_RESENT_ELSEWHERE] = NC_("mail", "Your password was sent to another address"),
	[LK_KIND_ADMINISTRATOR_RESET] = NC_("mail", "The password of an administrator was reset"),
	[LK_KIND_PASSWORD_EXPIRING] = NC_("mail", "Your password expires soon"),
	[LK_KIND_DELIVERY_FAILED] = NC_("mail", "Mails could not be delivered"),
	[LK_KIND_MISUSE_REPORTED] = NC_("mail", "A user reports misuse of their account"),
};

static const char automatic[] = NC_("mail", "This mail was sent automatically; nobody reads replies to it.");

enum field { NAME, LOGIN, SECRET, ORGANIZATION, PORTAL, ACTOR, ABOUT, COUNT, TIME, EXPIRES, MUST_CHANGE, FIELD_COUNT };

static const struct lk_value names[FIELD_COUNT + 1] = {
	[NAME] = {"name"}, /* of the person; what they sign in with where they have none */
	[LOGIN] = {"login"}, /* what they sign in with */
	[SECRET] = {"secret"}, /* the code or the password */
	[ORGANIZATION] = {"organization"},
	[PORTAL] = {"portal"}, /* where users sign in */
	[ACTOR] = {"actor"}, /* the administrator who did it; empty: the user, or a stranger */
	[ABOUT] = {"about"}, /* the address, administrator or attribute that the mail tells of */
	[COUNT] = {"count"}, /* of a deliveryFailed: how many messages; {about} is a line for each of the newest */
	[TIME] = {"time"}, /* when it was done */
	[EXPIRES] = {"expires"}, /* when the secret, or the password that the mail tells of, stops working */
	[MUST_CHANGE] = {"must_change"}, /* for conditions: not empty where the directory will ask for a new password */
};

/* What a mail program might take for something else than a letter: controls, line and paragraph separators, and the
 * marks that turn the direction of writing, which can make one address look like another. */
static gboolean is_harmless(gunichar character)
{
	if (g_unichar_iscntrl(character) || character == 0x2028 || character == 0x2029 || character == 0x061c)
		return FALSE;
	return !(character >= 0x200e && character <= 0x200f) && !(character >= 0x202a && character <= 0x202e) &&
		   !(character >= 0x2066 && character <= 0x2069);
}

static char *scrub(const struct berval *text, size_t most_characters)
{
	char *valid = g_utf8_make_valid(text->bv_val ? text->bv_val : "", (gssize)text->bv_len);
	GString *clean = g_string_new(NULL);

	for (const char *at = valid; *at && most_characters; at = g_utf8_next_char(at)) {
		if (!is_harmless(g_utf8_get_char(at)))
			continue;
		g_string_append_unichar(clean, g_utf8_get_char(at));
		most_characters--;
	}
	g_free(valid);
	return g_strstrip(g_string_free(clean, FALSE));
}

/* The texts of all values but the secret, which lk_envelope_wipe() erases in its own place. */
struct words {
	char *texts[FIELD_COUNT];
	struct lk_secret secret;
	struct lk_value values[FIELD_COUNT + 1];
};

/* What a deliveryFailed tells of, its lines with line ends between them. */
static void gather_failures(struct words *words, const struct berval *about)
{
	char *text = g_strndup(about->bv_val ? about->bv_val : "", about->bv_len);
	char **lines = g_strsplit(text, LK_LINE_SEPARATOR, -1);

	for (char **line = lines; *line; line++) {
		char *clean = scrub(&(struct berval){.bv_len = strlen(*line), .bv_val = *line}, LK_ENVELOPE_TEXT_MAX);
		g_free(*line);
		*line = clean;
	}
	words->texts[COUNT] = g_strdup(lines[0]);
	words->texts[ABOUT] = lines[0] ? g_strjoinv("\n", lines + 1) : NULL;
	g_strfreev(lines);
	g_free(text);
}

static void gather(
	struct words *words, const struct lk_language *language, const struct lk_envelope *envelope, time_t created)
{
	words->texts[NAME] = scrub(envelope->name.bv_len ? &envelope->name : &envelope->login, NAME_CHARACTERS);
	words->texts[LOGIN] = scrub(&envelope->login, NAME_CHARACTERS);
	words->texts[ORGANIZATION] = scrub(&envelope->organization, NAME_CHARACTERS);
	words->texts[PORTAL] = scrub(&envelope->portal, LK_ENVELOPE_TEXT_MAX);
	words->texts[ACTOR] = scrub(&envelope->actor, NAME_CHARACTERS);
	if (envelope->kind == LK_KIND_DELIVERY_FAILED)
		gather_failures(words, &envelope->about);
	else
		words->texts[ABOUT] = scrub(&envelope->about, NAME_CHARACTERS);
	words->texts[TIME] = lk_date_write(language, created, &envelope->time_zone);
	if (envelope->expires)
		words->texts[EXPIRES] = lk_date_write(language, envelope->expires, &envelope->time_zone);
	if (envelope->must_change)
		words->texts[MUST_CHANGE] = g_strdup("1");
	lk_secret_append(&words->secret, envelope->secret.bv_val, envelope->secret.bv_len);

	memcpy(words->values, names, sizeof names);
	for (size_t i = 0; i < FIELD_COUNT; i++)
		words->values[i].text = i == SECRET ? lk_secret_text(&words->secret) : words->texts[i];
}

static void forget(struct words *words)
{
	for (size_t i = 0; i < FIELD_COUNT; i++)
		g_free(words->texts[i]);
	lk_secret_wipe(&words->secret);
}

static void write_text(
	const struct lk_language *language, enum lk_kind kind, const struct words *words, struct lk_secret *text)
{
	lk_template_render(lk_language_template(language, kind), words->values, LK_FORM_TEXT, text);
	lk_secret_append_text(text, "\n-- \n");
	lk_secret_append_text(text, lk_language_phrase(language, automatic));
	lk_secret_append_text(text, "\n");
}

static void write_html(const struct lk_languages *languages, const struct lk_language *language, enum lk_kind kind,
	const struct words *words, struct lk_secret *html)
{
	struct lk_secret body = {0};

	lk_template_render(lk_language_template(language, kind), words->values, LK_FORM_HTML, &body);
	const struct lk_value values[] = {
		{"language", lk_language_tag(language)},
		{"subject", lk_language_phrase(language, subjects[kind])},
		{"body", lk_secret_text(&body), .is_markup = true},
		{"automatic", lk_language_phrase(language, automatic)},
		{NULL},
	};
	const char *frame = lk_languages_frame(languages);
	lk_expand(frame, strlen(frame), values, LK_FORM_FRAME, html);
	lk_secret_wipe(&body);
}

const struct lk_value *lk_letter_names(void)
{
	return names;
}

void lk_letter_write(const struct lk_languages *languages, const struct lk_envelope *envelope, time_t created,
	struct lk_letter *ret_letter)
{
	const struct lk_language *language = lk_languages_find(languages, &envelope->language);
	struct words words = {0};
	struct lk_letter letter = {
		.language = lk_language_tag(language),
		.from_name = scrub(&envelope->organization, NAME_CHARACTERS),
		/* There it is the name of a policy. */
		.to_name = envelope->kind == LK_KIND_DELIVERY_FAILED ? g_strdup("") : scrub(&envelope->name, NAME_CHARACTERS),
		.to = g_strndup(envelope->to.bv_val, envelope->to.bv_len),
		.subject = lk_language_phrase(language, subjects[envelope->kind]),
	};

	gather(&words, language, envelope, created);
	write_text(language, envelope->kind, &words, &letter.text);
	write_html(languages, language, envelope->kind, &words, &letter.html);
	forget(&words);
	*ret_letter = letter;
}

void lk_letter_wipe(struct lk_letter *letter)
{
	g_free(letter->from_name);
	g_free(letter->to_name);
	g_free(letter->to);
	lk_secret_wipe(&letter->text);
	lk_secret_wipe(&letter->html);
	*letter = (struct lk_letter){0};
}
