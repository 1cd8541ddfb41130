#include "write.h"

static int finish(struct lk_connection *connection, int rc, int msgid)
{
	LDAPMessage *message = NULL;
	int code = LDAP_OTHER;

	if (rc == LDAP_SUCCESS)
		rc = lk_connection_wait(connection->ld, msgid, NULL, &message);
	if (rc == LDAP_SUCCESS)
		rc = ldap_parse_result(connection->ld, message, &code, NULL, NULL, NULL, NULL, 1);
	return rc == LDAP_SUCCESS ? code : rc;
}

int lk_write_modify(struct lk_connection *connection, const char *dn, LDAPMod **mods, LDAPControl **controls)
{
	int msgid, rc = ldap_modify_ext(connection->ld, dn, mods, controls, NULL, &msgid);

	return finish(connection, rc, msgid);
}

int lk_write_add(struct lk_connection *connection, const char *dn, LDAPMod **attributes)
{
	int msgid, rc = ldap_add_ext(connection->ld, dn, attributes, NULL, NULL, &msgid);

	return finish(connection, rc, msgid);
}

int lk_write_delete(struct lk_connection *connection, const char *dn, LDAPControl **controls)
{
	int msgid, rc = ldap_delete_ext(connection->ld, dn, controls, NULL, &msgid);

	return finish(connection, rc, msgid);
}
