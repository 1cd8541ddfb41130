#include "session-recovery.h"

#include "latchkey.h"
#include "text.h"

/* -- A code -- */

static int request_code(struct lk_connection *connection, GTask *task)
{
	char *language = lk_text_language();
	int rc = lk_client_recovery_request(connection->ld, g_task_get_task_data(task), language);

	g_free(language);
	if (rc == LDAP_SUCCESS)
		g_task_return_boolean(task, TRUE);
	return rc;
}

void lk_session_request_code_async(
	LkSession *self, const char *user, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
	/* A wish that was written twice is one wish: the directory looks at the name. */
	static const struct lk_job job = {request_code, LK_STEP_REQUEST, true};
	GTask *task = g_task_new(self, cancellable, callback, user_data);

	g_task_set_task_data(task, g_strdup(user), g_free);
	lk_session_push(self, &job, task);
}

gboolean lk_session_request_code_finish(LkSession *self, GAsyncResult *result, GError **error)
{
	(void)self;
	return g_task_propagate_boolean(G_TASK(result), error);
}

/* -- The recovery -- */

void lk_recovery_free(struct lk_recovery *recovery)
{
	if (recovery == NULL)
		return;
	lk_secret_free(recovery->code);
	lk_secret_free(recovery->second);
	lk_secret_free(recovery->new_password);
	g_free(recovery->user);
	g_free(recovery);
}

static void recovery_free(gpointer recovery)
{
	lk_recovery_free(recovery);
}

static const char *open_optional(struct lk_secret *secret)
{
	return secret == NULL ? NULL : lk_secret_open(secret, NULL);
}

static void close_optional(struct lk_secret *secret)
{
	if (secret != NULL)
		lk_secret_close(secret);
}

static int recover(struct lk_connection *connection, GTask *task)
{
	struct lk_recovery *recovery = g_task_get_task_data(task);
	struct lk_client_proof proofs[] = {
		{.proof = lk_secret_open(recovery->code, NULL)}, {.proof = open_optional(recovery->second)}};
	size_t count = recovery->second == NULL ? 1 : 2;

	for (size_t i = 0; i < count; i++)
		proofs[i].method = lk_client_method_of(proofs[i].proof);
	int rc = lk_client_recovery_complete(
		connection->ld, recovery->user, proofs, count, open_optional(recovery->new_password));
	lk_secret_close(recovery->code);
	close_optional(recovery->second);
	close_optional(recovery->new_password);
	if (rc == LDAP_SUCCESS)
		g_task_return_boolean(task, TRUE);
	return rc;
}

void lk_session_recover_async(LkSession *self, struct lk_recovery *recovery, GCancellable *cancellable,
	GAsyncReadyCallback callback, gpointer user_data)
{
	static const struct lk_job job = {recover, LK_STEP_RECOVER, false};
	GTask *task = g_task_new(self, cancellable, callback, user_data);

	g_task_set_task_data(task, recovery, recovery_free);
	lk_session_push(self, &job, task);
}

gboolean lk_session_recover_finish(LkSession *self, GAsyncResult *result, GError **error)
{
	(void)self;
	return g_task_propagate_boolean(G_TASK(result), error);
}
