/* The state of a visit, which the form in the browser carries: sealed, so that nobody else can make or read one, and bound to the
 * page that it is for, to the browser that it was made for, and to a time.
 *
 *   token  = base64url( nonce[24] box )
 *   box    = XChaCha20-Poly1305 under the server's key of: version[1] = 1, page[1], outcome[1], expires[8] (seconds since 1970,
 *            the most significant octet first), user (the rest, UTF-8, LK_WEB_USER_MAX octets at most),
 *            with the visitor as additional data
 *
 * The visitor is 16 random octets in a cookie, without any meaning but that it is the same browser. Servers with the same key
 * read each other's tokens. */
#pragma once

#include <stddef.h>
#include <time.h>

#define LK_WEB_USER_MAX 1024
#define LK_WEB_KEY_BYTES 32
#define LK_WEB_VISITOR_BYTES 16
#define LK_WEB_VISITOR_TEXT 22 /* base64url, without padding */
#define LK_WEB_TOKEN_TEXT_MAX 1450

enum lk_web_page_name { LK_WEB_PAGE_START = 1, LK_WEB_PAGE_CODE, LK_WEB_PAGE_CHANGE, LK_WEB_PAGE_DONE };

struct lk_web_token {
	enum lk_web_page_name page; /* to which it can be sent */
	int outcome; /* for the page that says what was done */
	time_t expires;
	char user[LK_WEB_USER_MAX + 1]; /* as typed; may be empty */
};

enum lk_web_token_state { LK_WEB_TOKEN_GOOD, LK_WEB_TOKEN_OLD, LK_WEB_TOKEN_FOREIGN };

void lk_web_token_seal(const unsigned char key[LK_WEB_KEY_BYTES], const unsigned char visitor[LK_WEB_VISITOR_BYTES],
	const struct lk_web_token *token, char ret_text[LK_WEB_TOKEN_TEXT_MAX + 1]);

/* TEXT may be NULL. *ret_token is filled where the token is good. */
enum lk_web_token_state lk_web_token_open(const unsigned char key[LK_WEB_KEY_BYTES],
	const unsigned char visitor[LK_WEB_VISITOR_BYTES], enum lk_web_page_name page, time_t now, const char *text,
	struct lk_web_token *ret_token);
