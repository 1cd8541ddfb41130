/* Which roles somebody has: by the groups that the policies name, groups in groups included. It decides what the app shows;
 * what is allowed the directory decides by itself. */
#pragma once

#include "connection.h"

/* Sets *ret_roles (of enum lk_roles) for who is signed in. Nobody's entry, such as the rootdn, counts as a global administrator.
 * Policies that cannot be read give no role. Returns an LDAP result code. */
int lk_roles_find(struct lk_connection *connection, GCancellable *cancellable, unsigned *ret_roles);
