/* Reading the rules for an account. What may not be read is unknown. */
#include <stdlib.h>

#include "dn.h"
#include "entry.h"
#include "search.h"
#include "session-recovery.h"

static int read_number(LDAP *ld, LDAPMessage *entry, const char *attribute, int otherwise)
{
	char **values = lk_entry_values(ld, entry, attribute);
	int number = values[0] == NULL ? otherwise : atoi(values[0]);

	g_strfreev(values);
	return number;
}

/* The DN of the password policy that is named in the entry of who is signed in; NULL where none is. */
static char *own_password_policy(struct lk_connection *connection, GCancellable *cancellable)
{
	static const char *const wanted[] = {"pwdPolicySubentry", NULL};
	struct lk_search search = {
		.base = connection->dn, .scope = LDAP_SCOPE_BASE, .filter = "(objectClass=*)", .attributes = wanted};
	LDAPMessage *message = NULL;
	char *policy = NULL;

	if (connection->dn == NULL)
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
static int read_password_rules(struct lk_connection *connection, GCancellable *cancellable, struct lk_rules *rules)
{
	static const char *const wanted[] = {"pwdMinLength", "pwdInHistory", NULL};
	char *named = own_password_policy(connection, cancellable);
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
		rules->shortest = read_number(connection->ld, entry, "pwdMinLength", 0);
		rules->history = read_number(connection->ld, entry, "pwdInHistory", 0);
	}
	ldap_msgfree(message);
	g_free(named);
	return rc;
}

/* How near the policy ENTRY is to DN: the depth of its deepest scope above it; -1: it governs something else. */
static int nearness(LDAP *ld, LDAPMessage *entry, const char *dn)
{
	char **scopes = lk_entry_values(ld, entry, "latchkeyScope");
	int nearest = -1;

	for (size_t i = 0; scopes[i] != NULL; i++)
		nearest = MAX(nearest, lk_dn_depth_below(dn, scopes[i]));
	g_strfreev(scopes);
	return nearest;
}

static void take_policy(LDAP *ld, LDAPMessage *entry, struct lk_rules *rules)
{
	char **methods = lk_entry_values(ld, entry, "latchkeyMethod");

	rules->recovery_known = true;
	rules->methods = lk_rules_methods((const char *const *)methods);
	rules->required = read_number(ld, entry, "latchkeyMethodsRequired", 1);
	g_strfreev(methods);
}

static int read_recovery_rules(struct lk_connection *connection, GCancellable *cancellable, struct lk_rules *rules)
{
	static const char *const wanted[] = {"latchkeyScope", "latchkeyMethod", "latchkeyMethodsRequired", NULL};
	struct lk_search search = {.base = connection->base,
		.scope = LDAP_SCOPE_SUBTREE,
		.filter = "(objectClass=latchkeyPolicy)",
		.attributes = wanted};
	LDAPMessage *message = NULL;
	int rc = lk_search(connection, &search, cancellable, &message), nearest = -1;

	for (LDAPMessage *entry = message == NULL ? NULL : ldap_first_entry(connection->ld, message); entry != NULL;
		 entry = ldap_next_entry(connection->ld, entry)) {
		int near = nearness(connection->ld, entry, connection->dn);
		if (near > nearest)
			take_policy(connection->ld, entry, rules);
		nearest = MAX(nearest, near);
	}
	ldap_msgfree(message);
	return rc;
}

static bool ends_the_job(int rc)
{
	return lk_connection_is_lost(rc) || rc == LDAP_USER_CANCELLED || rc == LDAP_TIMEOUT;
}

static int read_rules(struct lk_connection *connection, GTask *task)
{
	GCancellable *cancellable = g_task_get_cancellable(task);
	struct lk_rules rules = {.required = 1};
	int rc = read_password_rules(connection, cancellable, &rules);

	if (!ends_the_job(rc) && connection->dn != NULL)
		rc = read_recovery_rules(connection, cancellable, &rules);
	if (ends_the_job(rc))
		return rc;
	g_task_return_pointer(task, g_memdup2(&rules, sizeof rules), g_free);
	return LDAP_SUCCESS;
}

void lk_session_read_rules_async(
	LkSession *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
	static const struct lk_job job = {read_rules, LK_STEP_READ, true};

	lk_session_push(self, &job, g_task_new(self, cancellable, callback, user_data));
}

struct lk_rules *lk_session_read_rules_finish(LkSession *self, GAsyncResult *result, GError **error)
{
	(void)self;
	return g_task_propagate_pointer(G_TASK(result), error);
}
