/* The way of one message: opened, written, composed, handed on. */
#pragma once

#include "config.h"
#include "directory.h"
#include "keys.h"
#include "language.h"
#include "outcome.h"
#include "rest.h"
#include "transport.h"

/* Threads may share one, each with a transport of its own. */
struct lk_mailer {
	struct lk_keys keys;
	struct lk_keys bounce_keys; /* none: mails come back to nowhere in particular */
	struct lk_languages *languages;
	struct lk_rest *rest; /* of the mail servers */
	struct lk_transport **transports;
	size_t count; /* of them */
	const char *from;
	const struct lk_config *config;
};

/* Reads the templates that CONFIG names, and its replacements for them; free *ret_languages with
 * lk_languages_free(). */
int lk_mailer_languages(
	const struct lk_config *config, struct lk_languages **ret_languages, struct lk_complaint *ret_complaint);

/* Reads all that CONFIG names: keys, templates, catalogues, the mail servers' passwords. CONFIG must outlive the
 * mailer. */
int lk_mailer_open(const struct lk_config *config, struct lk_mailer *ret_mailer, struct lk_complaint *ret_complaint);
void lk_mailer_close(struct lk_mailer *mailer); /* takes a zeroed one */

/* Does with ITEM what can be done by TRANSPORT, logs it, and fills in *ret_outcome, whose holder is the caller's to
 * free. *ret_is_away: nobody was there who could take a mail. False where ITEM cannot even be named to the
 * directory. */
bool lk_mailer_handle(const struct lk_mailer *mailer, struct lk_transport *transport,
	const struct lk_notification *item, struct lk_outcome *ret_outcome, bool *ret_is_away);
