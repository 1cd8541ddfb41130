#include "client-find.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

#include "client-call.h"

/* Two are enough to know that a name is not one person's. */
#define ENTRIES_WANTED 2

static int search(
	LDAP *ld, const char *base, int scope, const char *filter, char **attributes, LDAPMessage **ret_message)
{
	/* Not critical: a directory without ppolicy shall answer all the same. */
	LDAPControl usability = {.ldctl_oid = (char *)LDAP_CONTROL_X_ACCOUNT_USABILITY};
	LDAPControl *controls[] = {&usability, NULL};
	int msgid;
	int rc = ldap_search_ext(ld, base, scope, filter, attributes, 0, controls, NULL, NULL, ENTRIES_WANTED, &msgid);

	if (rc == LDAP_SUCCESS)
		rc = lk_call_wait(ld, msgid, ret_message);
	return rc;
}

/* The result code, with what the number of entries makes of it. */
static int judge_found(LDAP *ld, LDAPMessage *message)
{
	int code = LDAP_OTHER;
	int rc = ldap_parse_result(ld, message, &code, NULL, NULL, NULL, NULL, 0);
	int count = ldap_count_entries(ld, message);

	if (count > 1)
		return lk_call_fail(ld, LDAP_MORE_RESULTS_TO_RETURN, NULL);
	if (rc != LDAP_SUCCESS || code != LDAP_SUCCESS)
		return rc != LDAP_SUCCESS ? rc : code;
	return count == 1 ? LDAP_SUCCESS : lk_call_fail(ld, LDAP_NO_SUCH_OBJECT, NULL);
}

static int search_one(
	LDAP *ld, const char *base, int scope, const char *filter, char **attributes, LDAPMessage **ret_message)
{
	LDAPMessage *message;
	int rc = search(ld, base, scope, filter, attributes, &message);
	if (rc != LDAP_SUCCESS)
		return rc;

	rc = judge_found(ld, message);
	if (rc == LDAP_SUCCESS)
		*ret_message = message;
	else
		ldap_msgfree(message);
	return rc;
}

/* The name must be one person's in all of CONTEXTS together. */
static int search_contexts(
	LDAP *ld, struct berval **contexts, const char *filter, char **attributes, LDAPMessage **ret_message)
{
	LDAPMessage *found = NULL;
	int rc = LDAP_NO_SUCH_OBJECT;

	for (size_t i = 0; contexts[i] != NULL && (rc == LDAP_SUCCESS || rc == LDAP_NO_SUCH_OBJECT); i++) {
		LDAPMessage *message = NULL;
		rc = search_one(ld, contexts[i]->bv_val, LDAP_SCOPE_SUBTREE, filter, attributes, &message);
		if (message != NULL && found != NULL) {
			rc = lk_call_fail(ld, LDAP_MORE_RESULTS_TO_RETURN, NULL);
			ldap_msgfree(message);
		} else if (message != NULL) {
			found = message;
		}
	}
	if (found != NULL && (rc == LDAP_SUCCESS || rc == LDAP_NO_SUCH_OBJECT)) {
		*ret_message = found;
		return LDAP_SUCCESS;
	}
	ldap_msgfree(found);
	return rc;
}

static int search_everywhere(LDAP *ld, const char *filter, char **attributes, LDAPMessage **ret_message)
{
	static char *wanted[] = {"namingContexts", NULL};
	LDAPMessage *root = NULL;
	int rc = search_one(ld, "", LDAP_SCOPE_BASE, "(objectClass=*)", wanted, &root);
	if (rc != LDAP_SUCCESS)
		return rc;

	struct berval **contexts = ldap_get_values_len(ld, ldap_first_entry(ld, root), wanted[0]);
	rc = contexts == NULL ? lk_call_fail(ld, LDAP_NO_SUCH_OBJECT, NULL)
						  : search_contexts(ld, contexts, filter, attributes, ret_message);
	ldap_value_free_len(contexts);
	ldap_msgfree(root);
	return rc;
}

static bool has_default_base(LDAP *ld)
{
	char *base = NULL;
	bool has = ldap_get_option(ld, LDAP_OPT_DEFBASE, &base) == LDAP_OPT_SUCCESS && base != NULL && *base != '\0';

	ldap_memfree(base);
	return has;
}

static int find_by_name(
	LDAP *ld, const struct berval *name, const char *base, char **attributes, LDAPMessage **ret_message)
{
	struct berval escaped = {0};
	if (ldap_bv2escaped_filter_value((struct berval *)name, &escaped) != 0)
		return lk_call_fail(ld, LDAP_NO_MEMORY, NULL);

	char *filter = g_strdup_printf("(|(uid=%s)(mail=%s))", escaped.bv_val, escaped.bv_val);
	int rc = base == NULL && !has_default_base(ld)
				 ? search_everywhere(ld, filter, attributes, ret_message)
				 : search_one(ld, base, LDAP_SCOPE_SUBTREE, filter, attributes, ret_message);
	g_free(filter);
	ldap_memfree(escaped.bv_val);
	return rc;
}

static bool looks_like_dn(const char *user)
{
	LDAPDN dn = NULL;
	bool is_dn = ldap_str2dn(user, &dn, LDAP_DN_FORMAT_LDAPV3) == LDAP_SUCCESS && dn != NULL;

	ldap_dnfree(dn);
	return is_dn;
}

int lk_find(LDAP *ld, const struct berval *user, const char *base, char **attributes, LDAPMessage **ret_message)
{
	if (looks_like_dn(user->bv_val)) {
		int rc = search_one(ld, user->bv_val, LDAP_SCOPE_BASE, "(objectClass=*)", attributes, ret_message);
		/* Mail addresses may contain "=" too. */
		if ((rc != LDAP_NO_SUCH_OBJECT && rc != LDAP_INVALID_DN_SYNTAX) || strchr(user->bv_val, '@') == NULL)
			return rc;
	}
	return find_by_name(ld, user, base, attributes, ret_message);
}
