#include "session-own.h"

#include "search.h"
#include "secret.h"
#include "text.h"
#include "write.h"

static void erase(gpointer text)
{
	lk_secret_wipe(text);
}

static int finished(GTask *task, int rc)
{
	if (rc == LDAP_SUCCESS)
		g_task_return_boolean(task, TRUE);
	return rc;
}

static int add_address(struct lk_connection *connection, GTask *task)
{
	char *language = lk_text_language();
	int rc = lk_client_address_add(connection->ld, g_task_get_task_data(task), language);

	g_free(language);
	return finished(task, rc);
}

static int prove_address(struct lk_connection *connection, GTask *task)
{
	return finished(task, lk_client_address_prove(connection->ld, g_task_get_task_data(task)));
}

static int modify(struct lk_connection *connection, GTask *task, LDAPMod *mod)
{
	LDAPMod *mods[] = {mod, NULL};

	return finished(task, lk_write_modify(connection, connection->dn, mods, NULL));
}

/* A plain write, which the directory's access controls let users do or not. */
static int remove_address(struct lk_connection *connection, GTask *task)
{
	char *values[] = {g_task_get_task_data(task), NULL};
	LDAPMod mod = {.mod_op = LDAP_MOD_DELETE, .mod_type = (char *)"latchkeyRecoveryAddress", .mod_values = values};

	return modify(connection, task, &mod);
}

static int set_language(struct lk_connection *connection, GTask *task)
{
	char *values[] = {g_task_get_task_data(task), NULL};
	LDAPMod mod = {.mod_op = LDAP_MOD_REPLACE, .mod_type = (char *)"preferredLanguage"};

	mod.mod_values = *values[0] == '\0' ? NULL : values;
	return modify(connection, task, &mod);
}

static int finish_totp(struct lk_connection *connection, GTask *task)
{
	return finished(task, lk_client_totp_finish(connection->ld, g_task_get_task_data(task)));
}

static int report_misuse(struct lk_connection *connection, GTask *task)
{
	return finished(task, lk_client_report_misuse(connection->ld));
}

void lk_session_own_async(LkSession *self, enum lk_step step, const char *text, GCancellable *cancellable,
	GAsyncReadyCallback callback, gpointer user_data)
{
	static const struct lk_job jobs[] = {
		{add_address, LK_STEP_ADDRESS_ADD, false},
		{prove_address, LK_STEP_ADDRESS_PROVE, false},
		{remove_address, LK_STEP_ADDRESS_REMOVE, false},
		{finish_totp, LK_STEP_TOTP, false},
		{report_misuse, LK_STEP_MISUSE, false},
		{set_language, LK_STEP_LANGUAGE, false},
	};
	GTask *task = g_task_new(self, cancellable, callback, user_data);

	g_task_set_task_data(task, g_strdup(text), erase);
	for (size_t i = 0; i < G_N_ELEMENTS(jobs); i++) {
		if (jobs[i].step == step)
			lk_session_push(self, &jobs[i], task);
	}
}

gboolean lk_session_own_finish(LkSession *self, GAsyncResult *result, GError **error)
{
	(void)self;
	return g_task_propagate_boolean(G_TASK(result), error);
}

/* -- What is shown once -- */

static void totp_free(gpointer totp)
{
	lk_client_totp_free(totp);
}

static int begin_totp(struct lk_connection *connection, GTask *task)
{
	struct lk_client_totp *totp = NULL;
	int rc = lk_client_totp_begin(connection->ld, &totp);

	if (rc == LDAP_SUCCESS)
		g_task_return_pointer(task, totp, totp_free);
	return rc;
}

void lk_session_begin_totp_async(
	LkSession *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
	static const struct lk_job job = {begin_totp, LK_STEP_TOTP, false};

	lk_session_push(self, &job, g_task_new(self, cancellable, callback, user_data));
}

struct lk_client_totp *lk_session_begin_totp_finish(LkSession *self, GAsyncResult *result, GError **error)
{
	(void)self;
	return g_task_propagate_pointer(G_TASK(result), error);
}

static void codes_free(gpointer codes)
{
	lk_client_codes_free(codes);
}

static int make_codes(struct lk_connection *connection, GTask *task)
{
	char **codes = NULL;
	int rc = lk_client_codes_new(connection->ld, &codes);

	if (rc == LDAP_SUCCESS)
		g_task_return_pointer(task, codes, codes_free);
	return rc;
}

void lk_session_make_codes_async(
	LkSession *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
	static const struct lk_job job = {make_codes, LK_STEP_CODES, false};

	lk_session_push(self, &job, g_task_new(self, cancellable, callback, user_data));
}

char **lk_session_make_codes_finish(LkSession *self, GAsyncResult *result, GError **error)
{
	(void)self;
	return g_task_propagate_pointer(G_TASK(result), error);
}
