/* The way of one message: opened, written, composed, handed on. */
#pragma once

#include "config.h"
#include "directory.h"
#include "keys.h"
#include "language.h"
#include "outcome.h"
#include "transport.h"

struct lk_mailer {
	struct lk_keys keys;
	struct lk_languages *languages;
	struct lk_transport *transport;
	const char *from;
};

/* Reads all that CONFIG names: keys, templates, catalogues, the mail server's password. CONFIG must outlive the
 * mailer. */
int lk_mailer_open(const struct lk_config *config, struct lk_mailer *ret_mailer, struct lk_complaint *ret_complaint);
void lk_mailer_close(struct lk_mailer *mailer); /* takes a zeroed one */

/* Does with ITEM what can be done, logs it, and fills in *ret_outcome, whose holder is the caller's to free. AWAY
 * (empty, or the reason) says that the transport has just been found away: it is then not tried. It is set when this
 * is found. False where ITEM cannot even be named to the directory. */
bool lk_mailer_handle(struct lk_mailer *mailer, const struct lk_notification *item, char away[LK_ANSWER_MAX + 1],
	struct lk_outcome *ret_outcome);
