/* Reading what a search has found. */
#pragma once

#include <ldap.h>

/* The values of ATTRIBUTE in ENTRY, NULL behind the last. Free them with g_strfreev(). */
char **lk_entry_values(LDAP *ld, LDAPMessage *entry, const char *attribute);
