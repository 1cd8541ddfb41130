/* One plain write on the worker's connection. It is not abandoned once it was sent. */
#pragma once

#include "connection.h"

/* MODS and CONTROLS (or NULL) are ended by NULL. They return an LDAP result code. */
int lk_write_modify(struct lk_connection *connection, const char *dn, LDAPMod **mods, LDAPControl **controls);
int lk_write_add(struct lk_connection *connection, const char *dn, LDAPMod **attributes);
int lk_write_delete(struct lk_connection *connection, const char *dn, LDAPControl **controls);
