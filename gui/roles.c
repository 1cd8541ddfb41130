#include "roles.h"

#include "dn.h"
#include "filter.h"
#include "search.h"
#include "session.h"

/* Groups in groups; slapo-latchkey ends loops too. */
#define DEEPEST 16
#define MOST_GROUPS 500

/* The groups that have one of MEMBERS, put into *ret_found. */
static int find_above(struct lk_connection *connection, GPtrArray *members, GCancellable *cancellable, GPtrArray *found)
{
	static const char *const nothing[] = {LDAP_NO_ATTRS, NULL};
	GString *filter = g_string_new("(|");
	LDAPMessage *message = NULL;

	for (guint i = 0; i < members->len; i++) {
		char *equals = lk_filter_equals("member", members->pdata[i]);
		g_string_append(filter, equals);
		g_free(equals);
	}
	g_string_append_c(filter, ')');
	struct lk_search search = {.base = connection->base,
		.scope = LDAP_SCOPE_SUBTREE,
		.filter = filter->str,
		.attributes = nothing,
		.limit = MOST_GROUPS};
	int rc = lk_search(connection, &search, cancellable, &message);
	for (LDAPMessage *entry = message == NULL ? NULL : ldap_first_entry(connection->ld, message); entry != NULL;
		 entry = ldap_next_entry(connection->ld, entry)) {
		char *dn = ldap_get_dn(connection->ld, entry);
		g_ptr_array_add(found, g_strdup(dn));
		ldap_memfree(dn);
	}
	ldap_msgfree(message);
	g_string_free(filter, TRUE);
	return rc;
}

/* Adds to GROUPS, a set of folded DNs, what is new in FOUND, and leaves only that in it. */
static void keep_new(GHashTable *groups, GPtrArray *found)
{
	for (guint i = 0; i < found->len;) {
		if (g_hash_table_add(groups, lk_dn_fold(found->pdata[i])))
			i++;
		else
			g_ptr_array_remove_index(found, i);
	}
}

static int find_groups(struct lk_connection *connection, GCancellable *cancellable, GHashTable *groups)
{
	GPtrArray *members = g_ptr_array_new_with_free_func(g_free);
	int rc = LDAP_SUCCESS;

	g_ptr_array_add(members, g_strdup(connection->dn));
	for (int depth = 0; depth < DEEPEST && members->len > 0 && rc == LDAP_SUCCESS; depth++) {
		GPtrArray *found = g_ptr_array_new_with_free_func(g_free);
		rc = find_above(connection, members, cancellable, found);
		keep_new(groups, found);
		g_ptr_array_unref(members);
		members = found;
	}
	g_ptr_array_unref(members);
	return rc;
}

static bool names_one_of(LDAP *ld, LDAPMessage *policy, const char *attribute, GHashTable *groups)
{
	struct berval **values = ldap_get_values_len(ld, policy, attribute);
	bool named = false;

	for (size_t i = 0; values != NULL && values[i] != NULL && !named; i++) {
		char *dn = g_strndup(values[i]->bv_val, values[i]->bv_len);
		char *folded = lk_dn_fold(dn);
		named = g_hash_table_contains(groups, folded);
		g_free(folded);
		g_free(dn);
	}
	ldap_value_free_len(values);
	return named;
}

static unsigned roles_under(LDAP *ld, LDAPMessage *policy, GHashTable *groups)
{
	static const struct {
		const char *attribute;
		unsigned role;
	} table[] = {
		{"latchkeyGlobalAdmins", LK_ROLES_GLOBAL},
		{"latchkeyPasswordAdmins", LK_ROLES_PASSWORD},
		{"latchkeyAuditors", LK_ROLES_AUDITOR},
	};
	unsigned roles = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		if (names_one_of(ld, policy, table[i].attribute, groups))
			roles |= table[i].role;
	}
	return roles;
}

static int read_policies(
	struct lk_connection *connection, GCancellable *cancellable, GHashTable *groups, unsigned *ret_roles)
{
	static const char *const wanted[] = {"latchkeyGlobalAdmins", "latchkeyPasswordAdmins", "latchkeyAuditors", NULL};
	LDAPMessage *message = NULL;
	int rc = lk_search_policies(connection, wanted, cancellable, &message);

	for (LDAPMessage *entry = message == NULL ? NULL : ldap_first_entry(connection->ld, message); entry != NULL;
		 entry = ldap_next_entry(connection->ld, entry))
		*ret_roles |= roles_under(connection->ld, entry, groups);
	ldap_msgfree(message);
	return rc;
}

static bool has_entry(struct lk_connection *connection, GCancellable *cancellable)
{
	static const char *const nothing[] = {LDAP_NO_ATTRS, NULL};
	struct lk_search search = {
		.base = connection->dn, .scope = LDAP_SCOPE_BASE, .filter = "(objectClass=*)", .attributes = nothing};
	LDAPMessage *message = NULL;
	int rc = lk_search(connection, &search, cancellable, &message);

	ldap_msgfree(message);
	return rc != LDAP_NO_SUCH_OBJECT;
}

int lk_roles_find(struct lk_connection *connection, GCancellable *cancellable, unsigned *ret_roles)
{
	unsigned roles = 0;

	if (connection->dn == NULL || !has_entry(connection, cancellable)) {
		*ret_roles = LK_ROLES_GLOBAL;
		return LDAP_SUCCESS;
	}
	GHashTable *groups = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	int rc = find_groups(connection, cancellable, groups);
	if (rc == LDAP_SUCCESS && g_hash_table_size(groups) > 0)
		rc = read_policies(connection, cancellable, groups, &roles);
	g_hash_table_unref(groups);
	/* Who may not look for groups has no role that could be seen; whoever asks the wrong server hears that. */
	if (rc != LDAP_SUCCESS &&
		(lk_connection_is_lost(rc) || rc == LDAP_USER_CANCELLED || rc == LDAP_TIMEOUT || rc == LDAP_REFERRAL))
		return rc;
	*ret_roles = roles;
	return LDAP_SUCCESS;
}
