/* Reaching a directory: a connection that is protected as its profile says, or why there is none. All of this may block. */
#pragma once

#include <ldap.h>

#include "profile.h"

/* Connects to URI, and asks for the first naming context. Returns an LDAP result code; *ret_ld and *ret_context (NULL where the directory
 * names none; free it with g_free()) only after a success. After a failure *ret_fault is what is wrong with the certificate of the server
 * (certificate.h), constant, or NULL where that is not the reason. */
int lk_reach(
	const struct lk_profile *profile, const char *uri, LDAP **ret_ld, char **ret_context, const char **ret_fault);
