/* One search on the worker's connection. */
#pragma once

#include "connection.h"

struct lk_search {
	const char *base;
	int scope;
	const char *filter;
	const char *const *attributes;
	LDAPControl **controls; /* or NULL */
	int limit; /* entries; 0: none of ours */
};

/* The whole answer, with the result code that the directory gave; *ret_message is set on LDAP_SUCCESS and where the directory
 * gave entries before it came to a limit. Free it with ldap_msgfree(). */
int lk_search(struct lk_connection *connection, const struct lk_search *search, GCancellable *cancellable,
	LDAPMessage **ret_message);

/* The ATTRIBUTES, ended by NULL, of all policies below the base; the rest is as with lk_search(). */
int lk_search_policies(struct lk_connection *connection, const char *const *attributes, GCancellable *cancellable,
	LDAPMessage **ret_message);
