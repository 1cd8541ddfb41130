/* A password check module for slapo-ppolicy (slapo-ppolicy(5), pwdCheckModule): it takes no password with "forbidden" in it,
 * says so, and finds the user's entry given. */
#include <ldap.h>
#include <stdlib.h>
#include <string.h>

int check_password(char *password, char **text, void *entry, void *argument);

int check_password(char *password, char **text, void *entry, void *argument)
{
	(void)argument;
	if (!entry) {
		*text = strdup("the module was given no entry");
		return LDAP_OTHER;
	}
	if (!strstr(password, "forbidden"))
		return LDAP_SUCCESS;
	*text = strdup("the module forbids this");
	return LDAP_CONSTRAINT_VIOLATION;
}
