#include "dn.h"

#include <glib.h>
#include <ldap.h>
#include <string.h>

bool lk_dn_is(const char *text)
{
	LDAPDN dn = NULL;
	bool is = ldap_str2dn(text, &dn, LDAP_DN_FORMAT_LDAPV3) == LDAP_SUCCESS && dn != NULL;

	ldap_dnfree(dn);
	return is;
}

char *lk_dn_fold(const char *text)
{
	LDAPDN dn = NULL;
	char *spelled = NULL;

	if (ldap_str2dn(text, &dn, LDAP_DN_FORMAT_LDAPV3) == LDAP_SUCCESS)
		ldap_dn2str(dn, &spelled, LDAP_DN_FORMAT_LDAPV3);
	char *folded = g_utf8_casefold(spelled == NULL ? text : spelled, -1);
	ldap_memfree(spelled);
	ldap_dnfree(dn);
	return folded;
}

static int count_parts(const char *text)
{
	LDAPDN dn = NULL;
	int count = 0;

	if (ldap_str2dn(text, &dn, LDAP_DN_FORMAT_LDAPV3) != LDAP_SUCCESS)
		return 0;
	while (dn != NULL && dn[count] != NULL)
		count++;
	ldap_dnfree(dn);
	return count;
}

/* A comma within a value is written \2C by ldap_dn2str(), so one that stands there divides parts. */
static bool ends_with_part(const char *dn, const char *scope)
{
	size_t dn_length = strlen(dn), scope_length = strlen(scope);

	if (scope_length == 0)
		return true;
	if (dn_length < scope_length || strcmp(dn + dn_length - scope_length, scope) != 0)
		return false;
	return dn_length == scope_length || dn[dn_length - scope_length - 1] == ',';
}

int lk_dn_depth_below(const char *dn, const char *scope)
{
	char *folded = lk_dn_fold(dn), *folded_scope = lk_dn_fold(scope);
	bool below = ends_with_part(folded, folded_scope);

	g_free(folded);
	g_free(folded_scope);
	return below ? count_parts(scope) : -1;
}

/* RFC 4514 section 2.4: whatever may mean something is written by its number. */
char *lk_dn_below(const char *attribute, const char *value, const char *parent)
{
	GString *dn = g_string_new(attribute);

	g_string_append_c(dn, '=');
	for (const char *at = value; *at != '\0'; at++) {
		if (strchr("\"+,;<>\\=#", *at) != NULL || (*at == ' ' && (at == value || at[1] == '\0')))
			g_string_append_printf(dn, "\\%02X", (unsigned char)*at);
		else
			g_string_append_c(dn, *at);
	}
	g_string_append_printf(dn, ",%s", parent);
	return g_string_free(dn, FALSE);
}

const char *lk_dn_parent(const char *dn)
{
	for (; *dn != '\0'; dn++) {
		if (*dn == '\\' && dn[1] != '\0')
			dn++;
		else if (*dn == ',')
			return dn + 1;
	}
	return dn;
}

static void prepend_part(GString *path, LDAPRDN part)
{
	const struct berval *value = &part[0]->la_value;

	g_string_prepend(path, path->len > 0 ? " › " : "");
	g_string_prepend_len(path, value->bv_val, (gssize)value->bv_len);
}

char *lk_dn_path(const char *text, const char *base)
{
	int above = count_parts(base), depth = lk_dn_depth_below(text, base);
	LDAPDN dn = NULL;

	if (depth < 0 || above < 0 || ldap_str2dn(text, &dn, LDAP_DN_FORMAT_LDAPV3) != LDAP_SUCCESS)
		return g_strdup(text);
	GString *path = g_string_new(NULL);
	for (int i = 0; i < count_parts(text) - above; i++)
		prepend_part(path, dn[i]);
	ldap_dnfree(dn);
	return g_string_free(path, FALSE);
}
