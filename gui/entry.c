#include "entry.h"

#include <glib.h>
#include <stdlib.h>

char **lk_entry_values(LDAP *ld, LDAPMessage *entry, const char *attribute)
{
	struct berval **values = ldap_get_values_len(ld, entry, attribute);
	GPtrArray *copies = g_ptr_array_new();

	for (size_t i = 0; values != NULL && values[i] != NULL; i++)
		g_ptr_array_add(copies, g_strndup(values[i]->bv_val, values[i]->bv_len));
	g_ptr_array_add(copies, NULL);
	ldap_value_free_len(values);
	return (char **)g_ptr_array_free(copies, FALSE);
}

int lk_entry_number(LDAP *ld, LDAPMessage *entry, const char *attribute, int otherwise)
{
	char **values = lk_entry_values(ld, entry, attribute);
	int number = values[0] == NULL ? otherwise : atoi(values[0]);

	g_strfreev(values);
	return number;
}
