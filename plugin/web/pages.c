#include "pages.h"

#include <glib.h>
#include <sodium.h>
#include <string.h>

#include "outcome.h"
#include "style.h"

/* Where a mistake is, so that the field says so itself. */
enum field { FIELD_NONE, FIELD_USER, FIELD_CODE, FIELD_SECOND, FIELD_OLD, FIELD_NEW };

static enum field field_of(enum lk_web_text error)
{
	if (lk_web_outcome_is_of_password(error))
		return FIELD_NEW;
	switch (error) {
	case LK_WEB_TEXT_USER_MISSING:
	case LK_WEB_TEXT_USER_BAD:
		return FIELD_USER;
	case LK_WEB_TEXT_CODE_MISSING:
	case LK_WEB_TEXT_CODE_SEVERAL:
	case LK_WEB_TEXT_CODE_TEMPORARY:
	case LK_WEB_TEXT_CODE_SHORT:
	case LK_WEB_TEXT_CODE_BAD:
	case LK_WEB_TEXT_CODE_DIGITS:
	case LK_WEB_TEXT_WRONG_CODE:
		return FIELD_CODE;
	case LK_WEB_TEXT_SECOND_MISSING:
	case LK_WEB_TEXT_SECOND_BAD:
		return FIELD_SECOND;
	case LK_WEB_TEXT_OLD_MISSING:
	case LK_WEB_TEXT_WRONG_PASSWORD:
		return FIELD_OLD;
	case LK_WEB_TEXT_NEW_MISSING:
	case LK_WEB_TEXT_NEW_DIFFERENT:
	case LK_WEB_TEXT_NEW_LONG:
	case LK_WEB_TEXT_EXPIRED:
	case LK_WEB_TEXT_NOTHING_TO_KEEP:
		return FIELD_NEW;
	default:
		return FIELD_NONE;
	}
}

static const char *path_of(enum lk_web_page_name page)
{
	static const char *const paths[] = {[LK_WEB_PAGE_START] = "",
		[LK_WEB_PAGE_CODE] = "code",
		[LK_WEB_PAGE_CHANGE] = "change",
		[LK_WEB_PAGE_DONE] = "done"};

	return paths[page];
}

/* --- parts -------------------------------------------------------------------------------------------------------- */

static void put(
	const struct lk_web_view *view, struct lk_html *html, const char *before, enum lk_web_text text, const char *after)
{
	lk_html_raw(html, before);
	lk_html_text(html, lk_web_text(view->language, text));
	lk_html_raw(html, after);
}

/* The address of PAGE in LANGUAGE, from the configuration alone. */
static void put_address(
	const struct lk_web_view *view, struct lk_html *html, enum lk_web_page_name page, enum lk_web_language language)
{
	lk_html_text(html, view->config->path);
	lk_html_raw(html, path_of(page));
	lk_html_raw(html, "?lang=");
	lk_html_raw(html, lk_web_language_tag(language));
}

static void put_link(
	const struct lk_web_view *view, struct lk_html *html, enum lk_web_page_name page, enum lk_web_text text)
{
	lk_html_raw(html, "<a href=\"");
	put_address(view, html, page, view->language);
	put(view, html, "\">", text, "</a>");
}

static void put_hidden(struct lk_html *html, const char *name, const char *value)
{
	lk_html_raw(html, "<input type=\"hidden\" name=\"");
	lk_html_raw(html, name);
	lk_html_raw(html, "\" value=\"");
	lk_html_text(html, value);
	lk_html_raw(html, "\">");
}

static void put_form(const struct lk_web_view *view, struct lk_html *html, enum lk_web_language language)
{
	lk_html_raw(html, "<form method=\"post\" accept-charset=\"utf-8\" action=\"");
	put_address(view, html, view->page, language);
	lk_html_raw(html, "\">");
	put_hidden(html, "token", view->token);
}

struct input {
	const char *name;
	enum lk_web_text label;
	enum lk_web_text hint; /* LK_WEB_NO_TEXT: none */
	const char *more_hint; /* words of the configuration, or NULL */
	const char *attributes;
	const char *value; /* or NULL; passwords never have one */
	enum field field;
};

static void put_error(const struct lk_web_view *view, struct lk_html *html)
{
	lk_html_fill(
		html, lk_web_text(view->language, view->error), "count", view->error_value == NULL ? "" : view->error_value);
	if (lk_web_outcome_is_of_password(view->error) && view->page == LK_WEB_PAGE_CODE)
		put(view, html, " ", LK_WEB_TEXT_CODE_REMAINS, "");
}

/* The hint and the mark of a mistake stand between label and field, where magnifiers and on-screen keyboards do not
 * hide them. */
static void put_hints(const struct lk_web_view *view, struct lk_html *html, const struct input *input, bool is_wrong)
{
	if (input->hint != LK_WEB_NO_TEXT || input->more_hint != NULL) {
		lk_html_raw(html, "<p class=\"hint\" id=\"");
		lk_html_raw(html, input->name);
		put(view, html, "-hint\">", input->hint, "");
		lk_html_text(html, input->more_hint == NULL ? "" : input->more_hint);
		lk_html_raw(html, "</p>");
	}
	if (is_wrong)
		put(view, html, "<p class=\"wrong\">", LK_WEB_TEXT_CORRECT, "</p>");
}

static void put_described_by(struct lk_html *html, const struct input *input, bool is_wrong)
{
	bool has_hint = input->hint != LK_WEB_NO_TEXT || input->more_hint != NULL;

	if (!has_hint && !is_wrong)
		return;
	lk_html_raw(html, " aria-describedby=\"");
	if (is_wrong)
		lk_html_raw(html, has_hint ? "mistake " : "mistake");
	if (has_hint) {
		lk_html_raw(html, input->name);
		lk_html_raw(html, "-hint");
	}
	lk_html_raw(html, is_wrong ? "\" aria-invalid=\"true\"" : "\"");
}

static void put_input(const struct lk_web_view *view, struct lk_html *html, const struct input *input)
{
	bool is_wrong = view->error != LK_WEB_NO_TEXT && field_of(view->error) == input->field;

	lk_html_raw(html, "<label for=\"");
	lk_html_raw(html, input->name);
	put(view, html, "\">", input->label, "</label>");
	put_hints(view, html, input, is_wrong);
	lk_html_raw(html, "<input id=\"");
	lk_html_raw(html, input->name);
	lk_html_raw(html, "\" name=\"");
	lk_html_raw(html, input->name);
	lk_html_raw(html, "\" ");
	lk_html_raw(html, input->attributes);
	put_described_by(html, input, is_wrong);
	if (input->value != NULL) {
		lk_html_raw(html, " value=\"");
		lk_html_text(html, input->value);
		lk_html_raw(html, "\"");
	}
	lk_html_raw(html, ">");
}

static void put_button(
	const struct lk_web_view *view, struct lk_html *html, const char *attributes, enum lk_web_text text)
{
	lk_html_raw(html, "<button type=\"submit\" ");
	lk_html_raw(html, attributes);
	put(view, html, ">", text, "</button>");
}

static void put_user(const struct lk_web_view *view, struct lk_html *html)
{
	const char *typed = "type=\"text\" autocomplete=\"username\" autocapitalize=\"none\" spellcheck=\"false\" required";
	const char *fixed = "type=\"text\" autocomplete=\"username\" readonly";

	put_input(view, html,
		&(struct input){"user", LK_WEB_TEXT_USER, .attributes = view->is_user_fixed ? fixed : typed,
			.value = view->user, .field = FIELD_USER});
}

static void put_new(const struct lk_web_view *view, struct lk_html *html)
{
	const char *attributes = "type=\"password\" autocomplete=\"new-password\" required";

	put_input(view, html,
		&(struct input){"new", LK_WEB_TEXT_NEW, .more_hint = view->config->rules[view->language],
			.attributes = attributes, .field = FIELD_NEW});
	put_input(
		view, html, &(struct input){"repeated", LK_WEB_TEXT_REPEATED, .attributes = attributes, .field = FIELD_NONE});
}

/* --- the frame ---------------------------------------------------------------------------------------------------- */

static void put_language(const struct lk_web_view *view, struct lk_html *html, enum lk_web_language language)
{
	bool is_form = view->is_posted && view->token != NULL;

	if (is_form) {
		put_form(view, html, language);
		put_hidden(html, "again", "1");
		lk_html_raw(html, "<button type=\"submit\" class=\"link\" lang=\"");
	} else {
		lk_html_raw(html, "<a href=\"");
		put_address(view, html, view->page, language);
		if (view->page == LK_WEB_PAGE_DONE && view->token != NULL) {
			lk_html_raw(html, "&amp;state=");
			lk_html_text(html, view->token);
		}
		lk_html_raw(html, "\" lang=\"");
	}
	lk_html_raw(html, lk_web_language_tag(language));
	lk_html_raw(html, "\">");
	lk_html_text(html, lk_web_language_name(language));
	lk_html_raw(html, is_form ? "</button></form>" : "</a>");
}

static void put_languages(const struct lk_web_view *view, struct lk_html *html)
{
	put(view, html, "<nav aria-label=\"", LK_WEB_TEXT_LANGUAGE, "\"><ul>");
	for (int i = 0; i < LK_WEB_LANGUAGES; i++) {
		lk_html_raw(html, "<li>");
		if (view->language == (enum lk_web_language)i) {
			lk_html_raw(html, "<span aria-current=\"true\" lang=\"");
			lk_html_raw(html, lk_web_language_tag(view->language));
			lk_html_raw(html, "\">");
			lk_html_text(html, lk_web_language_name(view->language));
			lk_html_raw(html, "</span>");
		} else {
			put_language(view, html, (enum lk_web_language)i);
		}
		lk_html_raw(html, "</li>");
	}
	lk_html_raw(html, "</ul></nav>");
}

static void put_title(const struct lk_web_view *view, struct lk_html *html, enum lk_web_text title)
{
	const char *words = lk_web_text(view->language, title);

	lk_html_raw(html, "<title>");
	if (view->error == LK_WEB_NO_TEXT)
		lk_html_text(html, words);
	else
		lk_html_fill(html, lk_web_text(view->language, LK_WEB_TEXT_ERROR_TITLE), "title", words);
	if (view->config->organization != NULL) {
		lk_html_raw(html, " – ");
		lk_html_text(html, view->config->organization);
	}
	lk_html_raw(html, "</title>");
}

static void put_alert(const struct lk_web_view *view, struct lk_html *html)
{
	if (view->error == LK_WEB_NO_TEXT)
		return;
	put(view, html, "<div class=\"alert\" role=\"alert\"><h2>", LK_WEB_TEXT_ERROR_HEADING, "</h2><p id=\"mistake\">");
	put_error(view, html);
	lk_html_raw(html, "</p></div>");
}

/* The value of a note is a code or a name that is to be compared with another, so it stands out and is not broken. */
static void put_compared(struct lk_html *html, const char *value)
{
	lk_html_raw(html, "<b class=\"code\">");
	lk_html_text(html, value);
	lk_html_raw(html, "</b>");
}

/* TEXT with the note's value in the place of its name. */
static void put_note_part(const struct lk_web_view *view, struct lk_html *html, const char *text)
{
	char *placeholder = g_strdup_printf("{%s}", view->note_name == NULL ? "" : view->note_name);
	char **parts = g_strsplit(text, placeholder, 2);

	lk_html_text(html, parts[0] == NULL ? "" : parts[0]);
	if (parts[0] != NULL && parts[1] != NULL) {
		put_compared(html, view->note_value);
		lk_html_text(html, parts[1]);
	}
	g_strfreev(parts);
	g_free(placeholder);
}

static void put_note(const struct lk_web_view *view, struct lk_html *html)
{
	if (view->note == LK_WEB_NO_TEXT)
		return;
	char **parts = g_strsplit(lk_web_text(view->language, view->note), "{typed}", 2);
	lk_html_raw(html, "<p class=\"note\" role=\"status\">");
	put_note_part(view, html, parts[0]);
	if (parts[1] != NULL) {
		lk_html_text(html, view->note_typed);
		put_note_part(view, html, parts[1]);
	}
	lk_html_raw(html, "</p>");
	g_strfreev(parts);
}

static void begin(const struct lk_web_view *view, struct lk_html *html, enum lk_web_text title)
{
	lk_html_raw(html, "<!DOCTYPE html>\n<html lang=\"");
	lk_html_raw(html, lk_web_language_tag(view->language));
	lk_html_raw(html,
		"\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, "
		"initial-scale=1\"><meta name=\"robots\" content=\"noindex\"><link rel=\"icon\" href=\"data:,\">");
	put_title(view, html, title);
	lk_html_raw(html, "<style>");
	lk_html_raw(html, lk_web_style);
	put(view, html, "</style></head><body><a class=\"skip\" href=\"#main\">", LK_WEB_TEXT_SKIP, "</a><header><p>");
	lk_html_text(html, view->config->organization == NULL ? "" : view->config->organization);
	lk_html_raw(html, "</p>");
	put_languages(view, html);
	put(view, html, "</header><main id=\"main\"><h1>", title, "</h1>");
	put_alert(view, html);
	put_note(view, html);
}

static void end(const struct lk_web_view *view, struct lk_html *html)
{
	lk_html_raw(html, "</main>");
	if (view->config->help[view->language] != NULL) {
		lk_html_raw(html, "<footer><p>");
		lk_html_text(html, view->config->help[view->language]);
		lk_html_raw(html, "</p></footer>");
	}
	lk_html_raw(html, "</body></html>\n");
}

/* --- the pages ---------------------------------------------------------------------------------------------------- */

static void put_way(
	const struct lk_web_view *view, struct lk_html *html, enum lk_web_page_name page, enum lk_web_text text)
{
	lk_html_raw(html, "<li>");
	put_link(view, html, page, text);
	lk_html_raw(html, "</li>");
}

static void start_page(const struct lk_web_view *view, struct lk_html *html)
{
	put(view, html, "<p>", LK_WEB_TEXT_START_INTRO, "</p>");
	put_form(view, html, view->language);
	put_user(view, html);
	put_button(view, html, "class=\"go\"", LK_WEB_TEXT_START_BUTTON);
	lk_html_raw(html, "</form><ul class=\"ways\">");
	put_way(view, html, LK_WEB_PAGE_CODE, LK_WEB_TEXT_HAVE_CODE);
	if (view->config->change)
		put_way(view, html, LK_WEB_PAGE_CHANGE, LK_WEB_TEXT_CHANGE_LINK);
	lk_html_raw(html, "</ul>");
}

static void put_no_mail(const struct lk_web_view *view, struct lk_html *html)
{
	put(view, html, "<details><summary>", LK_WEB_TEXT_NO_MAIL, "</summary><ul><li>");
	put(view, html, "", LK_WEB_TEXT_NO_MAIL_FOLDER, "</li><li>");
	put(view, html, "", LK_WEB_TEXT_NO_MAIL_ADDRESS, "</li><li>");
	put(view, html, "", LK_WEB_TEXT_NO_MAIL_PRINTED, "</li><li>");
	put(view, html, "", LK_WEB_TEXT_NO_MAIL_AGAIN, " ");
	put_link(view, html, LK_WEB_PAGE_START, LK_WEB_TEXT_ASK_AGAIN);
	lk_html_raw(html, "</li></ul></details>");
}

static void put_second(const struct lk_web_view *view, struct lk_html *html)
{
	const struct input input = {"second", LK_WEB_TEXT_SECOND,
		.attributes = "type=\"text\" autocomplete=\"off\" autocapitalize=\"characters\" spellcheck=\"false\"",
		.value = view->second, .field = FIELD_SECOND};
	bool is_open = (view->second != NULL && *view->second != '\0') || field_of(view->error) == FIELD_SECOND;

	if (view->config->second == LK_WEB_SECOND_NO)
		return;
	if (view->config->second == LK_WEB_SECOND_OFFER) {
		lk_html_raw(html, is_open ? "<details open>" : "<details>");
		put(view, html, "<summary>", LK_WEB_TEXT_SECOND_OFFER, "</summary>");
	}
	put_input(view, html, &input);
	if (view->config->second == LK_WEB_SECOND_OFFER)
		lk_html_raw(html, "</details>");
}

static void code_page(const struct lk_web_view *view, struct lk_html *html)
{
	if (view->is_user_fixed) {
		lk_html_raw(html, "<p>");
		lk_html_fill(html, lk_web_text(view->language, LK_WEB_TEXT_CODE_SENT), "user", view->user);
		lk_html_raw(html, "</p>");
		put_no_mail(view, html);
	} else {
		put(view, html, "<p>", LK_WEB_TEXT_CODE_INTRO, "</p>");
	}
	put_form(view, html, view->language);
	put_user(view, html);
	put_input(view, html,
		&(struct input){"code", LK_WEB_TEXT_CODE, LK_WEB_TEXT_CODE_HINT,
			.attributes =
				"type=\"text\" autocomplete=\"one-time-code\" autocapitalize=\"characters\" spellcheck=\"false\" "
				"required",
			.value = view->code, .field = FIELD_CODE});
	put_second(view, html);
	put(view, html, "<h2>", LK_WEB_TEXT_NEW_HEADING, "</h2>");
	put_new(view, html);
	put_button(view, html, "class=\"go\" name=\"go\" value=\"new\"", LK_WEB_TEXT_NEW_BUTTON);
	put(view, html, "<h2>", LK_WEB_TEXT_KEEP_HEADING, "</h2>");
	put(view, html, "<p>", LK_WEB_TEXT_KEEP_HINT, "</p>");
	put_button(view, html, "class=\"go second\" name=\"go\" value=\"keep\" formnovalidate", LK_WEB_TEXT_KEEP_BUTTON);
	lk_html_raw(html, "</form><ul class=\"ways\">");
	put_way(view, html, LK_WEB_PAGE_START, LK_WEB_TEXT_BACK);
	lk_html_raw(html, "</ul>");
}

static void change_page(const struct lk_web_view *view, struct lk_html *html)
{
	put(view, html, "<p>", LK_WEB_TEXT_CHANGE_INTRO, "</p>");
	put_form(view, html, view->language);
	put_user(view, html);
	put_input(view, html,
		&(struct input){"old", LK_WEB_TEXT_OLD,
			.attributes = "type=\"password\" autocomplete=\"current-password\" required", .field = FIELD_OLD});
	put_new(view, html);
	put_button(view, html, "class=\"go\"", LK_WEB_TEXT_CHANGE_BUTTON);
	lk_html_raw(html, "</form><ul class=\"ways\">");
	put_way(view, html, LK_WEB_PAGE_START, LK_WEB_TEXT_FORGOTTEN);
	lk_html_raw(html, "</ul>");
}

static void done_page(const struct lk_web_view *view, struct lk_html *html)
{
	put(view, html, "<p class=\"note\" role=\"status\">", view->outcome, "</p>");
	put(view, html, "<p>", LK_WEB_TEXT_DONE_TOLD, "</p>");
	if (view->config->sign_in == NULL) {
		put(view, html, "<p>", LK_WEB_TEXT_DONE_CLOSE, "</p>");
		return;
	}
	lk_html_raw(html, "<a class=\"go\" href=\"");
	lk_html_text(html, view->config->sign_in);
	put(view, html, "\">", LK_WEB_TEXT_DONE_SIGN_IN, "</a>");
}

void lk_web_page(const struct lk_web_view *view, struct lk_html *ret_html)
{
	static const struct {
		enum lk_web_text title;
		void (*put)(const struct lk_web_view *view, struct lk_html *html);
	} pages[] = {
		[LK_WEB_PAGE_START] = {LK_WEB_TEXT_START_TITLE, start_page},
		[LK_WEB_PAGE_CODE] = {LK_WEB_TEXT_CODE_TITLE, code_page},
		[LK_WEB_PAGE_CHANGE] = {LK_WEB_TEXT_CHANGE_TITLE, change_page},
		[LK_WEB_PAGE_DONE] = {LK_WEB_TEXT_DONE_TITLE, done_page},
	};

	begin(view, ret_html, pages[view->page].title);
	pages[view->page].put(view, ret_html);
	end(view, ret_html);
}

void lk_web_page_plain(
	const struct lk_web_view *view, enum lk_web_text title, enum lk_web_text text, struct lk_html *ret_html)
{
	begin(view, ret_html, title);
	put(view, ret_html, "<p>", text, "</p><ul class=\"ways\">");
	put_way(view, ret_html, LK_WEB_PAGE_START, LK_WEB_TEXT_BACK);
	lk_html_raw(ret_html, "</ul>");
	end(view, ret_html);
}

const char *lk_web_page_policy(void)
{
	static char policy[512];
	unsigned char hash[crypto_hash_sha256_BYTES];
	char text[sodium_base64_ENCODED_LEN(sizeof hash, sodium_base64_VARIANT_ORIGINAL)];

	if (*policy != '\0')
		return policy;
	crypto_hash_sha256(hash, (const unsigned char *)lk_web_style, strlen(lk_web_style));
	sodium_bin2base64(text, sizeof text, hash, sizeof hash, sodium_base64_VARIANT_ORIGINAL);
	g_snprintf(policy, sizeof policy,
		"default-src 'none'; style-src 'sha256-%s'; img-src data:; form-action 'self'; base-uri 'none'; "
		"frame-ancestors 'none'",
		text);
	return policy;
}
