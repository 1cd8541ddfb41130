#include "site.h"

#include <glib.h>
#include <sodium.h>
#include <string.h>
#include <time.h>

#include "directory.h"
#include "form.h"
#include "pages.h"
#include "text.h"

/* What is done with one request. */
struct visit {
	const struct lk_web_site *site;
	const struct lk_web_config *config;
	const struct lk_web_request *request;
	struct lk_web_answer *answer;
	unsigned char visitor[LK_WEB_VISITOR_BYTES];
	struct lk_web_form form;
	struct lk_web_token token; /* that came with the form */
	struct lk_web_view view;
	char sealed[LK_WEB_TOKEN_TEXT_MAX + 1]; /* for the next form */
	char *keys; /* a name that was typed as Hangul, as it was read; or NULL */
	struct lk_client_typed code, second;
	char count[3]; /* of the letters and digits of what is no code */
};

/* What was done, as the last page's token keeps it. */
enum outcome { DONE_CHANGED = 1, DONE_KEPT = 2, DONE_FROM_HANGUL = 0x80 };

/* --- the browser -------------------------------------------------------------------------------------------------- */

/* Only over HTTPS do browsers take the prefix, with which no other host can set it. */
static const char *cookie_name(const struct lk_web_config *config)
{
	return config->is_https ? "__Host-latchkey" : "latchkey";
}

static bool read_visitor(const char *value, size_t length, unsigned char ret_visitor[LK_WEB_VISITOR_BYTES])
{
	size_t got = 0;

	return length == LK_WEB_VISITOR_TEXT &&
		   sodium_base642bin(ret_visitor, LK_WEB_VISITOR_BYTES, value, length, NULL, &got, NULL,
			   sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
		   got == LK_WEB_VISITOR_BYTES;
}

static bool find_visitor(const struct lk_web_config *config, const char *cookies, unsigned char *ret_visitor)
{
	const char *name = cookie_name(config);
	size_t length = strlen(name);

	for (const char *cookie = cookies; cookie != NULL && *cookie != '\0';) {
		cookie += strspn(cookie, "; ");
		if (strncmp(cookie, name, length) == 0 && cookie[length] == '=')
			return read_visitor(cookie + length + 1, strcspn(cookie + length + 1, "; "), ret_visitor);
		cookie += strcspn(cookie, ";");
	}
	return false;
}

/* Lax, since whoever comes from the mail's link is to be the same one. A form from elsewhere comes without it all the
 * same. */
static void make_visitor(struct visit *visit)
{
	char text[LK_WEB_VISITOR_TEXT + 1];

	randombytes_buf(visit->visitor, sizeof visit->visitor);
	sodium_bin2base64(
		text, sizeof text, visit->visitor, sizeof visit->visitor, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	visit->answer->cookie = g_strdup_printf("%s=%s; Path=/; HttpOnly; SameSite=Lax%s", cookie_name(visit->config), text,
		visit->config->is_https ? "; Secure" : "");
}

/* Browsers that say where a form comes from are believed where they say that it is not from here. ("null" is what they
 * send for pages without a referrer, as ours are.) */
static bool is_from_elsewhere(const struct visit *visit)
{
	const char *origin = visit->request->origin, *site = visit->request->fetch_site;

	if (origin != NULL && strcmp(origin, "null") != 0 && strcmp(origin, visit->config->origin) != 0)
		return true;
	return site != NULL && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0;
}

/* --- showing ------------------------------------------------------------------------------------------------------ */

static void seal(struct visit *visit, enum lk_web_page_name page, const char *user, int outcome)
{
	struct lk_web_token token = {.page = page, .outcome = outcome, .expires = time(NULL) + visit->config->form_seconds};

	g_strlcpy(token.user, user == NULL ? "" : user, sizeof token.user);
	lk_web_token_seal(visit->site->key, visit->visitor, &token, visit->sealed);
	visit->view.token = visit->sealed;
	sodium_memzero(&token, sizeof token);
}

/* Shows PAGE with a form of its own; who the form before has named stays named. */
static void show(struct visit *visit, enum lk_web_page_name page, unsigned status)
{
	visit->view.page = page;
	seal(visit, page, visit->view.is_user_fixed ? visit->view.user : NULL, 0);
	visit->answer->status = status;
	lk_web_page(&visit->view, &visit->answer->page);
}

static void show_error(struct visit *visit, enum lk_web_page_name page, enum lk_web_text error)
{
	visit->view.error = error;
	show(visit, page, lk_web_outcome_status(error));
}

/* Another address, so that reloading the last page sends no form again. */
static void go_to_done(struct visit *visit, int outcome)
{
	seal(visit, LK_WEB_PAGE_DONE, NULL, outcome);
	visit->answer->status = 303;
	visit->answer->location = g_strdup_printf(
		"%s%s?lang=%s&state=%s", visit->config->path, "done", lk_web_language_tag(visit->view.language), visit->sealed);
}

static struct lk_web_visit asking(const struct visit *visit)
{
	return (struct lk_web_visit){visit->config, visit->request->client, visit->view.language};
}

/* --- what was typed ----------------------------------------------------------------------------------------------- */

/* The name in the form, or the one that the form before has named. LK_WEB_NO_TEXT where it can be sent. */
static enum lk_web_text read_user(struct visit *visit)
{
	if (*visit->token.user != '\0') {
		visit->view.user = visit->token.user;
		visit->view.is_user_fixed = true;
		return LK_WEB_NO_TEXT;
	}
	if (visit->form.user == NULL || *g_strstrip(visit->form.user) == '\0')
		return LK_WEB_TEXT_USER_MISSING;
	struct berval name = {strlen(visit->form.user), visit->form.user};
	visit->view.user = visit->form.user;
	if (name.bv_len > LK_WEB_USER_MAX || !lk_text_is_clean(&name))
		return LK_WEB_TEXT_USER_BAD;
	visit->keys = lk_client_typed_keys(visit->form.user);
	if (visit->keys == NULL || strlen(visit->keys) > LK_WEB_USER_MAX)
		return LK_WEB_NO_TEXT;
	visit->view.note = LK_WEB_TEXT_USER_HANGUL;
	visit->view.note_typed = visit->form.user;
	visit->view.note_name = "user";
	visit->view.note_value = visit->view.user = visit->keys;
	return LK_WEB_NO_TEXT;
}

/* Where letters are missing or too many, it helps to know how many there were. */
static enum lk_web_text judge_unknown(struct visit *visit)
{
	size_t symbols = visit->code.symbols;

	if (symbols < 6 || symbols == 12 || symbols == 24 || symbols > 99)
		return LK_WEB_TEXT_CODE_BAD;
	g_snprintf(visit->count, sizeof visit->count, "%zu", symbols);
	visit->view.error_value = visit->count;
	return LK_WEB_TEXT_CODE_SHORT;
}

static enum lk_web_text read_code(struct visit *visit)
{
	static const enum lk_web_text wrong[] = {
		[LK_CLIENT_TYPED_NOTHING] = LK_WEB_TEXT_CODE_MISSING,
		[LK_CLIENT_TYPED_TOTP] = LK_WEB_TEXT_CODE_DIGITS,
		[LK_CLIENT_TYPED_TEMPORARY] = LK_WEB_TEXT_CODE_TEMPORARY,
		[LK_CLIENT_TYPED_SEVERAL] = LK_WEB_TEXT_CODE_SEVERAL,
		[LK_CLIENT_TYPED_UNKNOWN] = LK_WEB_TEXT_CODE_BAD,
	};

	lk_client_typed_read(visit->form.code == NULL ? "" : visit->form.code, &visit->code);
	visit->view.code = *visit->code.code == '\0' ? visit->form.code : visit->code.code;
	if (visit->code.from_hangul) {
		visit->view.note = LK_WEB_TEXT_CODE_HANGUL;
		visit->view.note_typed = NULL;
		visit->view.note_name = "code";
		visit->view.note_value = visit->code.code;
	}
	if (visit->code.kind == LK_CLIENT_TYPED_UNKNOWN)
		return judge_unknown(visit);
	return wrong[visit->code.kind];
}

static enum lk_web_text read_second(struct visit *visit)
{
	visit->view.second = visit->form.second;
	lk_client_typed_read(visit->form.second == NULL ? "" : visit->form.second, &visit->second);
	switch (visit->second.kind) {
	case LK_CLIENT_TYPED_NOTHING:
		return visit->config->second == LK_WEB_SECOND_ASK ? LK_WEB_TEXT_SECOND_MISSING : LK_WEB_NO_TEXT;
	case LK_CLIENT_TYPED_MAILED:
	case LK_CLIENT_TYPED_PRINTED:
	case LK_CLIENT_TYPED_TOTP:
		return LK_WEB_NO_TEXT;
	default:
		return LK_WEB_TEXT_SECOND_BAD;
	}
}

static enum lk_web_text read_new(const struct lk_web_form *form)
{
	if (form->new == NULL || *form->new == '\0')
		return LK_WEB_TEXT_NEW_MISSING;
	if (form->repeated == NULL || strcmp(form->new, form->repeated) != 0)
		return LK_WEB_TEXT_NEW_DIFFERENT;
	return strlen(form->new) > LK_WEB_USER_MAX ? LK_WEB_TEXT_NEW_LONG : LK_WEB_NO_TEXT;
}

/* --- forms -------------------------------------------------------------------------------------------------------- */

static void post_start(struct visit *visit)
{
	enum lk_web_text error = read_user(visit);
	struct lk_web_visit ask = asking(visit);

	if (error == LK_WEB_NO_TEXT)
		error = lk_web_directory_request(&ask, visit->view.user);
	if (error != LK_WEB_NO_TEXT) {
		show_error(visit, LK_WEB_PAGE_START, error);
		return;
	}
	visit->view.is_user_fixed = true;
	show(visit, LK_WEB_PAGE_CODE, 200);
}

static enum lk_web_text complete(struct visit *visit, bool keeps)
{
	struct lk_web_visit ask = asking(visit);
	const struct lk_client_proof proofs[] = {
		{lk_client_method_of(visit->code.code), visit->code.code},
		{lk_client_method_of(visit->second.code), visit->second.code},
	};

	return lk_web_directory_complete(
		&ask, visit->view.user, proofs, *visit->second.code == '\0' ? 1 : 2, keeps ? NULL : visit->form.new);
}

static void post_code(struct visit *visit)
{
	bool keeps = visit->form.go != NULL && strcmp(visit->form.go, "keep") == 0;
	enum lk_web_text user = read_user(visit), code = read_code(visit), second = read_second(visit), error;

	error = user != LK_WEB_NO_TEXT ? user : code != LK_WEB_NO_TEXT ? code : second;
	if (error == LK_WEB_NO_TEXT && !keeps)
		error = read_new(&visit->form);
	if (error == LK_WEB_NO_TEXT)
		error = complete(visit, keeps);
	if (error != LK_WEB_NO_TEXT)
		show_error(visit, LK_WEB_PAGE_CODE, error);
	else
		go_to_done(visit, (keeps ? DONE_KEPT : DONE_CHANGED) | (visit->code.from_hangul ? DONE_FROM_HANGUL : 0));
}

static enum lk_web_text change(struct visit *visit)
{
	struct lk_web_visit ask = asking(visit);

	if (!lk_web_attempts_take(visit->site->attempts, visit->request->client, time(NULL)))
		return LK_WEB_TEXT_TOO_MANY;
	enum lk_web_text error = lk_web_directory_change(&ask, visit->view.user, visit->form.old, visit->form.new);
	if (error != LK_WEB_TEXT_WRONG_PASSWORD)
		lk_web_attempts_forgive(visit->site->attempts, visit->request->client, time(NULL));
	return error;
}

static void post_change(struct visit *visit)
{
	enum lk_web_text error = read_user(visit);

	if (error == LK_WEB_NO_TEXT && (visit->form.old == NULL || *visit->form.old == '\0'))
		error = LK_WEB_TEXT_OLD_MISSING;
	if (error == LK_WEB_NO_TEXT)
		error = read_new(&visit->form);
	if (error == LK_WEB_NO_TEXT)
		error = change(visit);
	if (error != LK_WEB_NO_TEXT)
		show_error(visit, LK_WEB_PAGE_CHANGE, error);
	else
		go_to_done(visit, DONE_CHANGED);
}

static void get_done(struct visit *visit)
{
	struct lk_web_token token;

	visit->view.page = LK_WEB_PAGE_DONE;
	if (lk_web_token_open(visit->site->key, visit->visitor, LK_WEB_PAGE_DONE, time(NULL), visit->request->state,
			&token) != LK_WEB_TOKEN_GOOD) {
		visit->view.page = LK_WEB_PAGE_START;
		visit->answer->status = 200;
		lk_web_page_plain(&visit->view, LK_WEB_TEXT_DONE_TITLE, LK_WEB_TEXT_DONE_GONE, &visit->answer->page);
		return;
	}
	visit->view.token = visit->request->state;
	visit->view.note = (token.outcome & DONE_FROM_HANGUL) != 0 ? LK_WEB_TEXT_DONE_HANGUL : LK_WEB_NO_TEXT;
	visit->view.outcome = (token.outcome & DONE_KEPT) != 0 ? LK_WEB_TEXT_DONE_KEPT : LK_WEB_TEXT_DONE_CHANGED;
	visit->answer->status = 200;
	lk_web_page(&visit->view, &visit->answer->page);
}

/* --- which page --------------------------------------------------------------------------------------------------- */

static void show_plain(struct visit *visit, unsigned status, enum lk_web_text title, enum lk_web_text text)
{
	visit->view.page = LK_WEB_PAGE_START;
	visit->view.is_posted = false;
	visit->answer->status = status;
	lk_web_page_plain(&visit->view, title, text, &visit->answer->page);
}

/* What was typed in a form that cannot be believed is shown again, but for secrets. */
static void refuse_form(struct visit *visit, enum lk_web_page_name page, enum lk_web_token_state state)
{
	if (read_user(visit) == LK_WEB_TEXT_USER_BAD)
		visit->view.user = NULL;
	visit->view.note = LK_WEB_NO_TEXT;
	visit->view.error = state == LK_WEB_TOKEN_OLD ? LK_WEB_TEXT_FORM_OLD : LK_WEB_TEXT_FORM_FOREIGN;
	show(visit, page, 403);
}

static void show_again(struct visit *visit, enum lk_web_page_name page)
{
	if (*visit->token.user != '\0') {
		visit->view.user = visit->token.user;
		visit->view.is_user_fixed = true;
	}
	show(visit, page, 200);
}

static bool is_form(const char *content_type)
{
	const char *form = "application/x-www-form-urlencoded";
	size_t length = strlen(form);

	return content_type != NULL && g_ascii_strncasecmp(content_type, form, length) == 0 &&
		   (content_type[length] == '\0' || strchr("; ", content_type[length]) != NULL);
}

static void post(struct visit *visit, enum lk_web_page_name page)
{
	const struct lk_web_request *request = visit->request;

	visit->view.is_posted = true;
	if (request->is_too_large) {
		show_plain(visit, 413, LK_WEB_TEXT_BAD_REQUEST_TITLE, LK_WEB_TEXT_TOO_LARGE);
		return;
	}
	if (!is_form(request->content_type) || !lk_web_form_read(request->body, request->length, &visit->form)) {
		show_plain(visit, 400, LK_WEB_TEXT_BAD_REQUEST_TITLE, LK_WEB_TEXT_BAD_REQUEST);
		return;
	}
	enum lk_web_token_state state =
		lk_web_token_open(visit->site->key, visit->visitor, page, time(NULL), visit->form.token, &visit->token);
	if (state != LK_WEB_TOKEN_GOOD || is_from_elsewhere(visit)) {
		sodium_memzero(&visit->token, sizeof visit->token);
		refuse_form(visit, page, state);
	} else if (visit->form.again != NULL) {
		show_again(visit, page);
	} else if (page == LK_WEB_PAGE_START) {
		post_start(visit);
	} else if (page == LK_WEB_PAGE_CODE) {
		post_code(visit);
	} else {
		post_change(visit);
	}
}

/* The path below ours, also where the web server has taken ours off. */
static const char *local_path(const struct lk_web_config *config, const char *path)
{
	if (g_str_has_prefix(path, config->path))
		return path + strlen(config->path);
	return *path == '/' ? path + 1 : path;
}

static bool find_page(const struct visit *visit, enum lk_web_page_name *ret_page)
{
	static const struct {
		const char *path;
		enum lk_web_page_name page;
	} paths[] = {{"", LK_WEB_PAGE_START}, {"code", LK_WEB_PAGE_CODE}, {"change", LK_WEB_PAGE_CHANGE},
		{"done", LK_WEB_PAGE_DONE}};
	const char *path = local_path(visit->config, visit->request->path);

	for (size_t i = 0; i < G_N_ELEMENTS(paths); i++) {
		if (strcmp(paths[i].path, path) != 0 || (paths[i].page == LK_WEB_PAGE_CHANGE && !visit->config->change))
			continue;
		*ret_page = paths[i].page;
		return true;
	}
	return false;
}

static void answer_page(struct visit *visit)
{
	enum lk_web_page_name page;

	if (!find_page(visit, &page))
		show_plain(visit, 404, LK_WEB_TEXT_NO_PAGE_TITLE, LK_WEB_TEXT_NO_PAGE);
	else if (visit->request->method == LK_WEB_OTHER ||
			 (visit->request->method == LK_WEB_POST && page == LK_WEB_PAGE_DONE))
		show_plain(visit, 405, LK_WEB_TEXT_BAD_REQUEST_TITLE, LK_WEB_TEXT_BAD_REQUEST);
	else if (visit->request->method == LK_WEB_POST)
		post(visit, page);
	else if (page == LK_WEB_PAGE_DONE)
		get_done(visit);
	else
		show(visit, page, 200);
}

static enum lk_web_language choose_language(const struct visit *visit)
{
	enum lk_web_language language;

	if (visit->request->language != NULL && lk_web_language_find(visit->request->language, &language))
		return language;
	return lk_web_language_choose(visit->request->accept_language, visit->config->language);
}

void lk_web_site_answer(
	const struct lk_web_site *site, const struct lk_web_request *request, struct lk_web_answer *answer)
{
	struct visit visit = {.site = site, .config = site->config, .request = request, .answer = answer};

	if (strcmp(local_path(site->config, request->path), "health") == 0 && request->method == LK_WEB_GET) {
		answer->status = 200;
		answer->is_text = true;
		lk_html_raw(&answer->page, "ok\n");
		return;
	}
	visit.view.config = site->config;
	visit.view.language = answer->language = choose_language(&visit);
	if (!find_visitor(site->config, request->cookie, visit.visitor))
		make_visitor(&visit);
	answer_page(&visit);
	ldap_memfree(visit.keys);
	sodium_memzero(&visit, sizeof visit);
}

void lk_web_answer_clear(struct lk_web_answer *answer)
{
	lk_html_clear(&answer->page);
	g_free(answer->location);
	g_free(answer->cookie);
	*answer = (struct lk_web_answer){0};
}
