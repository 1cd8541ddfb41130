/* Policies as the directory has them. For the worker's thread. */
#pragma once

#include "connection.h"
#include "policy-card.h"

/* The policies of KIND below the base of CONNECTION, or the entry DN where it is not NULL, appended to CARDS.
 * Returns an LDAP result code. */
int lk_policy_read(struct lk_connection *connection, const struct lk_policy_kind *kind, const char *dn,
	GCancellable *cancellable, GPtrArray *cards);
