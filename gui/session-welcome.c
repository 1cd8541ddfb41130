#include "session-welcome.h"

#include "dn.h"
#include "latchkey.h"

#define MOST_ATTRIBUTES 16

void lk_newcomer_free(struct lk_newcomer *newcomer)
{
	if (newcomer == NULL)
		return;
	g_free(newcomer->place);
	g_free(newcomer->login);
	g_free(newcomer->name);
	g_free(newcomer->family);
	g_free(newcomer->given);
	g_free(newcomer->mail);
	g_free(newcomer->address);
	g_free(newcomer->department);
	g_free(newcomer->title);
	g_free(newcomer->number);
	g_free(newcomer->reason);
	g_free(newcomer->ticket);
	g_free(newcomer);
}

static void newcomer_free(gpointer newcomer)
{
	lk_newcomer_free(newcomer);
}

static void result_free(gpointer result)
{
	lk_client_reset_result_free(result);
}

struct draft {
	LDAPMod mods[MOST_ATTRIBUTES];
	LDAPMod *list[MOST_ATTRIBUTES + 1];
	char *values[MOST_ATTRIBUTES][2];
	size_t count;
};

/* Nothing where VALUE is NULL. */
static void put(struct draft *draft, const char *attribute, char *value)
{
	LDAPMod *mod = &draft->mods[draft->count];

	if (value == NULL)
		return;
	draft->values[draft->count][0] = value;
	*mod = (LDAPMod){.mod_op = LDAP_MOD_ADD, .mod_type = (char *)attribute, .mod_values = draft->values[draft->count]};
	draft->list[draft->count++] = mod;
}

static void compose(struct draft *draft, const struct lk_newcomer *newcomer)
{
	static char *classes[] = {"inetOrgPerson", "latchkeyUser", NULL};
	const struct {
		const char *attribute;
		char *value;
	} pairs[] = {{"uid", newcomer->login}, {"cn", newcomer->name}, {"displayName", newcomer->name},
		{"sn", newcomer->family}, {"givenName", newcomer->given}, {"mail", newcomer->mail},
		{"latchkeyRecoveryAddress", newcomer->address}, {"departmentNumber", newcomer->department},
		{"title", newcomer->title}, {"employeeNumber", newcomer->number}};

	put(draft, "objectClass", classes[0]);
	draft->mods[0].mod_values = classes;
	for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++)
		put(draft, pairs[i].attribute, pairs[i].value);
}

static int welcome(struct lk_connection *connection, GTask *task)
{
	const struct lk_newcomer *newcomer = g_task_get_task_data(task);
	const struct lk_reset_options options = {
		.notify = true, .must_change = true, .reason = newcomer->reason, .ticket = newcomer->ticket};
	struct lk_reset_result *result = NULL;
	struct draft draft = {0};
	char *dn = lk_dn_below("uid", newcomer->login, newcomer->place);

	compose(&draft, newcomer);
	int rc = lk_client_welcome(connection->ld, dn, draft.list, &options, &result);
	g_free(dn);
	if (rc == LDAP_SUCCESS)
		g_task_return_pointer(task, result, result_free);
	return rc;
}

void lk_session_welcome_async(LkSession *self, struct lk_newcomer *newcomer, GCancellable *cancellable,
	GAsyncReadyCallback callback, gpointer user_data)
{
	static const struct lk_job job = {welcome, LK_STEP_WELCOME, false};
	GTask *task = g_task_new(self, cancellable, callback, user_data);

	g_task_set_task_data(task, newcomer, newcomer_free);
	g_task_set_check_cancellable(task, FALSE);
	lk_session_push(self, &job, task);
}

struct lk_reset_result *lk_session_welcome_finish(LkSession *self, GAsyncResult *result, GError **error)
{
	(void)self;
	return g_task_propagate_pointer(G_TASK(result), error);
}
