/* What changes an account. None of it is done a second time by itself: after a broken connection nobody knows whether it was. */
#include "latchkey.h"
#include "session.h"

/* -- Reset -- */

void lk_reset_request_free(struct lk_reset_request *request)
{
	if (request == NULL)
		return;
	lk_secret_free(request->password);
	g_free(request->user);
	g_free(request->to);
	g_free(request->reason);
	g_free(request->ticket);
	g_free(request);
}

static void request_free(gpointer request)
{
	lk_reset_request_free(request);
}

static void result_free(gpointer result)
{
	lk_client_reset_result_free(result);
}

static int reset(struct lk_connection *connection, GTask *task)
{
	struct lk_reset_request *request = g_task_get_task_data(task);
	struct lk_reset_result *result = NULL;
	struct lk_reset_options options = {.notify = request->notify,
		.to = request->to,
		.must_change = request->must_change,
		.conceal = request->conceal,
		.reason = request->reason,
		.ticket = request->ticket};

	if (request->password != NULL)
		options.new_password = lk_secret_open(request->password, NULL);
	int rc = lk_client_reset(connection->ld, request->user, &options, &result);
	if (request->password != NULL)
		lk_secret_close(request->password);
	if (rc == LDAP_SUCCESS)
		g_task_return_pointer(task, result, result_free);
	return rc;
}

void lk_session_reset_async(LkSession *self, struct lk_reset_request *request, GCancellable *cancellable,
	GAsyncReadyCallback callback, gpointer user_data)
{
	static const struct lk_job job = {reset, LK_STEP_RESET, false};
	GTask *task = g_task_new(self, cancellable, callback, user_data);

	g_task_set_task_data(task, request, request_free);
	/* Cancelled too late, it was done: whoever asked has to see the password. */
	g_task_set_check_cancellable(task, FALSE);
	lk_session_push(self, &job, task);
}

struct lk_reset_result *lk_session_reset_finish(LkSession *self, GAsyncResult *result, GError **error)
{
	(void)self;
	return g_task_propagate_pointer(G_TASK(result), error);
}

/* -- Resend, unlock, block -- */

struct act {
	enum lk_step what;
	char *dn, *id, *to, *reason, *ticket;
};

static void act_free(gpointer data)
{
	struct act *act = data;

	g_free(act->dn);
	g_free(act->id);
	g_free(act->to);
	g_free(act->reason);
	g_free(act->ticket);
	g_free(act);
}

static int act_finished(GTask *task, int rc)
{
	if (rc == LDAP_SUCCESS)
		g_task_return_boolean(task, TRUE);
	return rc;
}

static int resend(struct lk_connection *connection, GTask *task)
{
	const struct act *act = g_task_get_task_data(task);

	return act_finished(task, lk_client_resend(connection->ld, act->dn, act->id, act->to));
}

static int unlock(struct lk_connection *connection, GTask *task)
{
	const struct act *act = g_task_get_task_data(task);

	return act_finished(task, lk_client_unlock(connection->ld, act->dn, act->reason, act->ticket));
}

static int block(struct lk_connection *connection, GTask *task)
{
	const struct act *act = g_task_get_task_data(task);

	return act_finished(task, lk_client_block(connection->ld, act->dn, act->reason, act->ticket));
}

void lk_session_act_async(LkSession *self, const struct lk_act *act, GCancellable *cancellable,
	GAsyncReadyCallback callback, gpointer user_data)
{
	static const struct lk_job jobs[] = {
		{resend, LK_STEP_RESEND, false}, {unlock, LK_STEP_UNLOCK, false}, {block, LK_STEP_BLOCK, false}};
	GTask *task = g_task_new(self, cancellable, callback, user_data);
	struct act *copy = g_new0(struct act, 1);

	*copy = (struct act){act->what, g_strdup(act->dn), g_strdup(act->id), g_strdup(act->to), g_strdup(act->reason),
		g_strdup(act->ticket)};
	g_task_set_task_data(task, copy, act_free);
	for (size_t i = 0; i < G_N_ELEMENTS(jobs); i++) {
		if (jobs[i].step == act->what)
			lk_session_push(self, &jobs[i], task);
	}
}

gboolean lk_session_act_finish(LkSession *self, GAsyncResult *result, GError **error)
{
	(void)self;
	return g_task_propagate_boolean(G_TASK(result), error);
}

/* -- One's own password -- */

struct change {
	struct lk_secret *old_password;
	struct lk_secret *new_password;
};

static void change_free(gpointer data)
{
	struct change *change = data;

	lk_secret_free(change->old_password);
	lk_secret_free(change->new_password);
	g_free(change);
}

static int change_password(struct lk_connection *connection, GTask *task)
{
	struct change *change = g_task_get_task_data(task);
	int rc = lk_client_change_password(
		connection->ld, lk_secret_open(change->old_password, NULL), lk_secret_open(change->new_password, NULL));

	lk_secret_close(change->old_password);
	lk_secret_close(change->new_password);
	if (rc != LDAP_SUCCESS)
		return rc;
	lk_secret_free(connection->password);
	connection->password = g_steal_pointer(&change->new_password);
	connection->said = (struct lk_sign_in){.grace = -1, .expires_in = -1};
	g_task_return_boolean(task, TRUE);
	return LDAP_SUCCESS;
}

void lk_session_change_password_async(LkSession *self, struct lk_secret *old_password, struct lk_secret *new_password,
	GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
	static const struct lk_job job = {change_password, LK_STEP_CHANGE, false};
	GTask *task = g_task_new(self, cancellable, callback, user_data);
	struct change *change = g_new0(struct change, 1);

	*change = (struct change){old_password, new_password};
	g_task_set_task_data(task, change, change_free);
	lk_session_push(self, &job, task);
}

gboolean lk_session_change_password_finish(LkSession *self, GAsyncResult *result, GError **error)
{
	(void)self;
	return g_task_propagate_boolean(G_TASK(result), error);
}
