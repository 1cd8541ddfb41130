/* Mails to a mail server. The one file that knows SMTP (through libcurl). */
#pragma once

#include <stdbool.h>

#include "complaint.h"
#include "config.h"
#include "transport.h"

/* Reads the password, if there is one. Nothing is connected before the first mail; a connection is then kept and used
 * again. CONFIG must outlive the transport. libcurl keeps a copy of the password in ordinary memory. */
int lk_smtp_new(
	const struct lk_relay_config *config, struct lk_transport **ret_transport, struct lk_complaint *ret_complaint);

/* Connects, begins TLS and signs in as for a mail, and hangs up. */
bool lk_smtp_probe(const struct lk_relay_config *config, struct lk_complaint *ret_complaint);
