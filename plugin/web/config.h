/* The configuration file, a GLib key file; latchkey-web(8) describes every setting. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "complaint.h"
#include "forwarded.h"
#include "texts.h"
#include "token.h"

enum lk_web_second { LK_WEB_SECOND_OFFER, LK_WEB_SECOND_ASK, LK_WEB_SECOND_NO };

struct lk_web_config {
	/* [site] */
	char *url; /* as people reach the pages; ends with a slash */
	char *origin; /* its scheme and host, as browsers write it in Origin */
	char *path; /* its path; begins and ends with a slash */
	bool is_https;
	char *organization; /* or NULL */
	char *sign_in; /* where to go in the end, or NULL */
	char *key_file; /* or NULL: the key lives as long as the server */
	enum lk_web_language language;
	long form_seconds;
	/* [server] */
	char *listen; /* "unix:PATH", or ADDRESS:PORT */
	bool is_clear_accepted;
	struct lk_web_network *proxies;
	size_t proxies_count;
	long connections;
	long request_seconds;
	/* [directory] */
	char *uri; /* several are separated by spaces */
	bool starttls;
	bool is_external; /* signs in with what the connection itself proves; otherwise as nobody */
	char *ca_file, *cert_file, *cert_key_file; /* or NULL */
	char *base; /* where users are looked up who change their password, or NULL */
	char *user_dn; /* the same without looking: a DN with {user} in it, or NULL */
	/* [pages] */
	bool change;
	enum lk_web_second second;
	char *rules[LK_WEB_LANGUAGES]; /* what a good password is, in words; or NULL */
	char *help[LK_WEB_LANGUAGES]; /* whom to ask; or NULL */
	char *catalogs;
};

/* Free *ret_config with lk_web_config_free(). */
int lk_web_config_load(const char *path, struct lk_web_config **ret_config, struct lk_complaint *ret_complaint);

/* Takes NULL. */
void lk_web_config_free(struct lk_web_config *config);

/* The key for forms: of the file, which has 44 characters (base64) and belongs to us or root alone, or a fresh one. A
 * name without a slash is a credential of the service (systemd.exec(5), LoadCredential=). */
int lk_web_key_load(
	const struct lk_web_config *config, unsigned char ret_key[LK_WEB_KEY_BYTES], struct lk_complaint *ret_complaint);
