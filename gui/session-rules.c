/* Reading the rules for an account. What may not be read is unknown. */
#include "entry.h"
#include "governing.h"
#include "search.h"
#include "session-recovery.h"

/* The DN of the password policy that is named in the entry DN; NULL where none is. */
static char *named_password_policy(struct lk_connection *connection, GCancellable *cancellable, const char *dn)
{
	static const char *const wanted[] = {"pwdPolicySubentry", NULL};
	struct lk_search search = {.base = dn, .scope = LDAP_SCOPE_BASE, .filter = "(objectClass=*)", .attributes = wanted};
	LDAPMessage *message = NULL;
	char *policy = NULL;

	if (dn == NULL)
		return NULL;
	lk_search(connection, &search, cancellable, &message);
	LDAPMessage *entry = message == NULL ? NULL : ldap_first_entry(connection->ld, message);
	if (entry != NULL) {
		char **values = lk_entry_values(connection->ld, entry, wanted[0]);
		policy = g_strdup(values[0]);
		g_strfreev(values);
	}
	ldap_msgfree(message);
	return policy;
}

/* Which one holds where none is named stands in cn=config; where there is only one, it is that. */
static int read_password_rules(
	struct lk_connection *connection, GCancellable *cancellable, const char *dn, struct lk_rules *rules)
{
	static const char *const wanted[] = {"pwdMinLength", "pwdInHistory", NULL};
	char *named = named_password_policy(connection, cancellable, dn);
	struct lk_search search = {.base = named == NULL ? connection->base : named,
		.scope = named == NULL ? LDAP_SCOPE_SUBTREE : LDAP_SCOPE_BASE,
		.filter = "(objectClass=pwdPolicy)",
		.attributes = wanted,
		.limit = 2};
	LDAPMessage *message = NULL;
	int rc = lk_search(connection, &search, cancellable, &message);

	if (message != NULL && ldap_count_entries(connection->ld, message) == 1) {
		LDAPMessage *entry = ldap_first_entry(connection->ld, message);
		rules->password_known = true;
		rules->shortest = lk_entry_number(connection->ld, entry, "pwdMinLength", 0);
		rules->history = lk_entry_number(connection->ld, entry, "pwdInHistory", 0);
	}
	ldap_msgfree(message);
	g_free(named);
	return rc;
}

static int read_recovery_rules(
	struct lk_connection *connection, GCancellable *cancellable, const char *dn, struct lk_rules *rules)
{
	LDAPMessage *policies = NULL;
	int rc = lk_governing_read(connection, cancellable, &policies);

	lk_governing_take(connection->ld, policies, dn, rules);
	ldap_msgfree(policies);
	return rc;
}

static bool ends_the_job(int rc)
{
	return lk_connection_is_lost(rc) || rc == LDAP_USER_CANCELLED || rc == LDAP_TIMEOUT;
}

static int read_rules(struct lk_connection *connection, GTask *task)
{
	GCancellable *cancellable = g_task_get_cancellable(task);
	const char *asked = g_task_get_task_data(task), *dn = asked == NULL ? connection->dn : asked;
	struct lk_rules rules = {.required = 1};
	int rc = read_password_rules(connection, cancellable, dn, &rules);

	if (!ends_the_job(rc) && dn != NULL)
		rc = read_recovery_rules(connection, cancellable, dn, &rules);
	if (ends_the_job(rc))
		return rc;
	g_task_return_pointer(task, g_memdup2(&rules, sizeof rules), g_free);
	return LDAP_SUCCESS;
}

void lk_session_read_rules_for_async(
	LkSession *self, const char *dn, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
	static const struct lk_job job = {read_rules, LK_STEP_READ, true};
	GTask *task = g_task_new(self, cancellable, callback, user_data);

	g_task_set_task_data(task, g_strdup(dn), g_free);
	lk_session_push(self, &job, task);
}

void lk_session_read_rules_async(
	LkSession *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
	lk_session_read_rules_for_async(self, NULL, cancellable, callback, user_data);
}

struct lk_rules *lk_session_read_rules_finish(LkSession *self, GAsyncResult *result, GError **error)
{
	(void)self;
	return g_task_propagate_pointer(G_TASK(result), error);
}
