#include "search.h"

static bool is_limit(int code)
{
	return code == LDAP_SIZELIMIT_EXCEEDED || code == LDAP_TIMELIMIT_EXCEEDED || code == LDAP_ADMINLIMIT_EXCEEDED;
}

int lk_search(struct lk_connection *connection, const struct lk_search *search, GCancellable *cancellable,
	LDAPMessage **ret_message)
{
	LDAPMessage *message = NULL;
	int msgid, code = LDAP_OTHER;
	int rc = ldap_search_ext(connection->ld, search->base, search->scope, search->filter, (char **)search->attributes,
		0, search->controls, NULL, NULL, search->limit, &msgid);

	if (rc == LDAP_SUCCESS)
		rc = lk_connection_wait(connection->ld, msgid, cancellable, &message);
	if (rc == LDAP_SUCCESS)
		rc = ldap_parse_result(connection->ld, message, &code, NULL, NULL, NULL, NULL, 0);
	if (rc == LDAP_SUCCESS)
		rc = code;
	if (rc == LDAP_SUCCESS || is_limit(rc))
		*ret_message = message;
	else
		ldap_msgfree(message);
	return rc;
}

int lk_search_policies(struct lk_connection *connection, const char *const *attributes, GCancellable *cancellable,
	LDAPMessage **ret_message)
{
	struct lk_search search = {.base = connection->base,
		.scope = LDAP_SCOPE_SUBTREE,
		.filter = "(objectClass=latchkeyPolicy)",
		.attributes = attributes};

	return lk_search(connection, &search, cancellable, ret_message);
}
