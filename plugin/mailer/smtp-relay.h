/* One mail server, spoken to by one thread. The one file that knows SMTP (through libcurl). */
#pragma once

#include <stdbool.h>

#include "complaint.h"
#include "config.h"
#include "smtp-verdict.h"
#include "transport.h"

struct lk_relay;

/* Reads the password, if there is one. Nothing is connected before the first mail; a connection is then kept and used
 * again. CONFIG must outlive the relay. libcurl keeps a copy of the password in ordinary memory. */
int lk_relay_new(const struct lk_relay_config *config, struct lk_relay **ret_relay, struct lk_complaint *ret_complaint);
void lk_relay_free(struct lk_relay *relay); /* takes NULL */

/* Takes SECONDS at most. Returns how far the transaction came: before LK_SMTP_CONTENT, nobody can have the mail. */
enum lk_smtp_stage lk_relay_deliver(
	struct lk_relay *relay, const struct lk_mail *mail, long seconds, struct lk_delivery *ret_delivery);

/* Connects, begins TLS and signs in as for a mail, and hangs up. */
bool lk_relay_probe(const struct lk_relay_config *config, struct lk_complaint *ret_complaint);
