/* Looking up whether what a policy names is there, and who could change it. For the worker's thread. */
#pragma once

#include "connection.h"
#include "policy-check.h"

/* Adds to FINDINGS what is missing for CARD, and says who is left. Returns an LDAP result code: of what ends the
 * search for good. */
int lk_policy_look(struct lk_connection *connection, const struct lk_policy_card *card, GCancellable *cancellable,
	struct lk_findings *findings);
