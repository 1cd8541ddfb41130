/* What is answered to a request: the pages, and what their forms do. It knows neither HTTP's octets nor LDAP's. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "attempts.h"
#include "config.h"
#include "html.h"
#include "token.h"

struct lk_web_site {
	const struct lk_web_config *config;
	unsigned char key[LK_WEB_KEY_BYTES];
	struct lk_web_attempts *attempts;
};

enum lk_web_method { LK_WEB_GET, LK_WEB_POST, LK_WEB_OTHER };

/* As the browser sent it; strings are NULL where there was none. */
struct lk_web_request {
	enum lk_web_method method;
	const char *path; /* decoded */
	const char *language; /* ?lang= */
	const char *state; /* ?state= */
	const char *accept_language;
	const char *cookie;
	const char *origin;
	const char *fetch_site; /* Sec-Fetch-Site */
	const char *content_type;
	const char *client; /* the address */
	char *body; /* is changed; one octet more than its length */
	size_t length;
	bool is_too_large; /* the body was, and is not there */
};

/* Zero it before, clear it after. */
struct lk_web_answer {
	unsigned status;
	struct lk_html page;
	enum lk_web_language language;
	bool is_text; /* for machines: plain text, no page */
	char *location; /* or NULL */
	char *cookie; /* to be set, or NULL */
};

void lk_web_site_answer(
	const struct lk_web_site *site, const struct lk_web_request *request, struct lk_web_answer *answer);

/* Erases. */
void lk_web_answer_clear(struct lk_web_answer *answer);
