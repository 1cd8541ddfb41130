#include "session-find.h"

#include <string.h>

#include "dn.h"
#include "filter.h"
#include "governing.h"
#include "search.h"

/* Two are enough to know that a name is not one person's. */
#define WANTED 2

static void found_free(gpointer data)
{
	struct lk_found *found = data;

	lk_person_free(found->person);
	g_free(found->given);
	g_free(found);
}

static void array_unref(gpointer array)
{
	g_ptr_array_unref(array);
}

static char *make_filter(const char *name)
{
	static const char *const attributes[] = {"uid", "mail", "employeeNumber"};
	GString *filter = g_string_new("(&(|(objectClass=person)(objectClass=posixAccount))(|");

	for (size_t i = 0; i < G_N_ELEMENTS(attributes); i++) {
		char *equals = lk_filter_equals(attributes[i], name);
		g_string_append(filter, equals);
		g_free(equals);
	}
	g_string_append(filter, "))");
	return g_string_free(filter, FALSE);
}

static int search_name(
	struct lk_connection *connection, const char *name, GCancellable *cancellable, LDAPMessage **ret_message)
{
	LDAPControl usability = {.ldctl_oid = (char *)LDAP_CONTROL_X_ACCOUNT_USABILITY};
	LDAPControl *controls[] = {&usability, NULL};
	bool by_dn = lk_dn_is(name);
	char *filter = by_dn ? g_strdup("(objectClass=*)") : make_filter(name);
	struct lk_search search = {.base = by_dn ? name : connection->base,
		.scope = by_dn ? LDAP_SCOPE_BASE : LDAP_SCOPE_SUBTREE,
		.filter = filter,
		.attributes = lk_person_detail_attributes,
		.controls = controls,
		.limit = WANTED};
	int rc = lk_search(connection, &search, cancellable, ret_message);

	g_free(filter);
	return rc;
}

static int judge(LDAP *ld, LDAPMessage *message, int rc)
{
	int count = message == NULL ? 0 : ldap_count_entries(ld, message);

	if (count > 1)
		return LDAP_MORE_RESULTS_TO_RETURN;
	if (rc == LDAP_SUCCESS && count == 0)
		return LDAP_NO_SUCH_OBJECT;
	return rc;
}

/* The result code says whether the job can go on: what the directory says of one name ends nothing. */
static int find_one(
	struct lk_connection *connection, GCancellable *cancellable, LDAPMessage *policies, struct lk_found *found)
{
	LDAPMessage *message = NULL;
	int rc = search_name(connection, found->given, cancellable, &message);

	if (rc < 0 || lk_connection_is_lost(rc))
		return rc;
	found->rc = judge(connection->ld, message, rc);
	if (found->rc == LDAP_SUCCESS) {
		struct lk_rules rules = {0};
		found->person = lk_person_read(connection->ld, ldap_first_entry(connection->ld, message));
		lk_governing_take(connection->ld, policies, found->person->account->dn, &rules);
		found->wants_reason = rules.wants_reason;
	}
	ldap_msgfree(message);
	return LDAP_SUCCESS;
}

static int find(struct lk_connection *connection, GTask *task)
{
	char **names = g_task_get_task_data(task);
	GPtrArray *all = g_ptr_array_new_with_free_func(found_free);
	LDAPMessage *policies = NULL;
	int rc = lk_governing_read(connection, g_task_get_cancellable(task), &policies);

	/* Policies that may not be read are unknown; the directory keeps to them all the same. */
	if (rc > 0 && !lk_connection_is_lost(rc))
		rc = LDAP_SUCCESS;
	for (; rc == LDAP_SUCCESS && *names != NULL; names++) {
		struct lk_found *found = g_new0(struct lk_found, 1);
		found->given = g_strdup(*names);
		g_ptr_array_add(all, found);
		rc = find_one(connection, g_task_get_cancellable(task), policies, found);
	}
	ldap_msgfree(policies);
	if (rc == LDAP_SUCCESS)
		g_task_return_pointer(task, all, array_unref);
	else
		g_ptr_array_unref(all);
	return rc;
}

static void names_free(gpointer names)
{
	g_strfreev(names);
}

void lk_session_find_async(LkSession *self, const char *const *names, GCancellable *cancellable,
	GAsyncReadyCallback callback, gpointer user_data)
{
	static const struct lk_job job = {find, LK_STEP_READ, true};
	GTask *task = g_task_new(self, cancellable, callback, user_data);

	g_task_set_task_data(task, g_strdupv((char **)names), names_free);
	lk_session_push(self, &job, task);
}

GPtrArray *lk_session_find_finish(LkSession *self, GAsyncResult *result, GError **error)
{
	(void)self;
	return g_task_propagate_pointer(G_TASK(result), error);
}
