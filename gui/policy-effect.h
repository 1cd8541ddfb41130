/* Whether the directory keeps to a policy that stands in it: it reads them only where cn=config says, which nobody but whoever
 * runs it may look at. For the worker's thread. */
#pragma once

#include "connection.h"
#include "policy-card.h"

/* Says of each policy in CARDS (of struct lk_policy_card) whether it is ignored. Returns an LDAP result code: of what ends the
 * search for good. */
int lk_policy_effect(struct lk_connection *connection, GCancellable *cancellable, GPtrArray *cards);
