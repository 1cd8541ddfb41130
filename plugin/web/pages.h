/* The pages, as HTML: what they show, apart from when. They work without scripts, at 360 pixels, and for screen
 * readers. */
#pragma once

#include <stdbool.h>

#include "config.h"
#include "html.h"
#include "token.h"

/* What one of them shows. Strings are as typed, and may be NULL. */
struct lk_web_view {
	const struct lk_web_config *config;
	enum lk_web_language language;
	enum lk_web_page_name page;
	const char *token; /* for its form, or to show the same again */
	bool is_posted; /* it answers a form, so that a link cannot show it again */
	const char *user;
	bool is_user_fixed; /* the form before has said who it is */
	const char *code;
	const char *second;
	enum lk_web_text error; /* what was wrong; LK_WEB_NO_TEXT: nothing */
	const char *error_value; /* for the placeholder of that sentence */
	enum lk_web_text note; /* what else there is to say */
	const char *note_name, *note_value; /* its placeholder */
	const char *note_typed; /* as it was typed, where the note tells that, too */
	enum lk_web_text outcome; /* of the last page */
};

void lk_web_page(const struct lk_web_view *view, struct lk_html *ret_html);

/* A page that has only TITLE and TEXT, and the way back. */
void lk_web_page_plain(
	const struct lk_web_view *view, enum lk_web_text title, enum lk_web_text text, struct lk_html *ret_html);

/* The Content-Security-Policy of all of them: nothing but the one style sheet inside, whose hash it names, and forms to
 * where they came from. To be called once, before there are threads. */
const char *lk_web_page_policy(void);
