/* Which policy of Latchkey's governs an account. For the worker's thread. */
#pragma once

#include "connection.h"
#include "rules.h"

/* All policies below the base of CONNECTION that may be read. *ret_policies is set on LDAP_SUCCESS; free it with ldap_msgfree(). */
int lk_governing_read(struct lk_connection *connection, GCancellable *cancellable, LDAPMessage **ret_policies);

/* Takes into RULES what the nearest of POLICIES above DN says; nothing where none is. */
void lk_governing_take(LDAP *ld, LDAPMessage *policies, const char *dn, struct lk_rules *rules);
