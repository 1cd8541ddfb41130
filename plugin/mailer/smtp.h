/* Mails to the first of several mail servers that takes them. */
#pragma once

#include "complaint.h"
#include "config.h"
#include "rest.h"
#include "transport.h"

/* CONFIG has relays, and outlives the transport like REST, which knows of each relay whether it was found away. */
int lk_smtp_new(const struct lk_config *config, struct lk_rest *rest, struct lk_transport **ret_transport,
	struct lk_complaint *ret_complaint);
