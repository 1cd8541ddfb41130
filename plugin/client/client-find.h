/* From what a person is called to the one entry that is meant. */
#pragma once

#include <ldap.h>

/* Finds USER, a DN or a value of uid or mail, and reads ATTRIBUTES of the entry, with the Account Usability control.
 * A name is looked for below BASE, where that is NULL below the handle's default base, and where there is none either,
 * below all naming contexts. *ret_message holds exactly one entry, and is freed with ldap_msgfree().
 * LDAP_NO_SUCH_OBJECT, LDAP_MORE_RESULTS_TO_RETURN, or what the directory answered. */
int lk_find(LDAP *ld, const struct berval *user, const char *base, char **attributes, LDAPMessage **ret_message);
