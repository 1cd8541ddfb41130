/* Reading what a search has found. */
#pragma once

#include <ldap.h>

/* The values of ATTRIBUTE in ENTRY, NULL behind the last. Free them with g_strfreev(). */
char **lk_entry_values(LDAP *ld, LDAPMessage *entry, const char *attribute);

/* The first value of ATTRIBUTE as a number; OTHERWISE where there is none. */
int lk_entry_number(LDAP *ld, LDAPMessage *entry, const char *attribute, int otherwise);
