/* A handle of libldap, not connected yet, as the programs here want it. */
#pragma once

#include <ldap.h>

/* For URI: LDAPv3, and no referral is followed. Whoever uses it sets both limits of time with lk_handle_set_seconds().
 * The result code is libldap's. */
int lk_handle_open(const char *uri, LDAP **ret_ld);

/* OPTION is LDAP_OPT_NETWORK_TIMEOUT or LDAP_OPT_TIMEOUT. */
void lk_handle_set_seconds(LDAP *ld, int option, int seconds);
