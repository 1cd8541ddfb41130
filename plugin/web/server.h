/* HTTP, by libmicrohttpd.
 *
 * Why that one, and not libsoup: what is slow here is the directory, which liblatchkey asks synchronously.
 * libmicrohttpd gives each connection a thread of its own, bounded in number, with a fixed amount of memory for all
 * that a stranger may send as headers; it is small, and needs no main loop. libsoup's server serves all connections
 * from one main loop, in which an answer that takes a second stops everybody. The web server in front keeps connections
 * alive; here each serves one request and ends, so that one time limit bounds everything that a slow client can do. */
#pragma once

#include "site.h"

/* The form with the longest mail pasted into it has some 20 KiB. */
#define LK_WEB_BODY_MAX 65536
/* Of a longer one so much is read and thrown away, for the client to get the answer. */
#define LK_WEB_BODY_READ_MAX (16 << 20)

struct lk_web_server;

/* Listens, and serves until lk_web_server_stop(). SITE stays the caller's. */
int lk_web_server_start(
	const struct lk_web_site *site, struct lk_web_server **ret_server, struct lk_complaint *ret_complaint);

/* What is under way is finished. Takes NULL. */
void lk_web_server_stop(struct lk_web_server *server);

/* Whether the thread that cuts slow clients off is at work. */
bool lk_web_server_is_alive(struct lk_web_server *server);
