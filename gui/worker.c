#include "worker.h"

#include "latchkey.h"

struct lk_worker {
	GAsyncQueue *orders;
	struct lk_connection *connection; /* the thread's alone */
};

/* A job of NULL ends the thread. */
struct order {
	const struct lk_job *job;
	GTask *task;
};

static int connect_for(struct lk_connection *connection, GCancellable *cancellable, GError **error)
{
	enum lk_connection_step step = LK_CONNECTION_CONNECT;
	char *diagnostic = NULL;
	int rc = lk_connection_ready(connection, cancellable, &step, &diagnostic);

	if (rc != LDAP_SUCCESS)
		*error = lk_error_new(step == LK_CONNECTION_CONNECT ? LK_STEP_CONNECT : LK_STEP_SIGN_IN, rc, diagnostic);
	ldap_memfree(diagnostic);
	return rc;
}

static int attempt(struct lk_connection *connection, const struct order *order, GError **error)
{
	int rc = connect_for(connection, g_task_get_cancellable(order->task), error);
	if (rc != LDAP_SUCCESS)
		return rc;

	rc = order->job->work(connection, order->task);
	if (rc == LDAP_SUCCESS)
		return rc;
	char *diagnostic = connection->ld == NULL ? NULL : lk_client_diagnostic(connection->ld);
	*error = lk_error_new(order->job->step, rc, diagnostic);
	ldap_memfree(diagnostic);
	if (lk_connection_is_lost(rc))
		lk_connection_drop(connection);
	return rc;
}

static void carry_out(struct lk_connection *connection, const struct order *order)
{
	bool had_connection = connection->ld != NULL;
	GError *error = NULL;

	if (g_task_return_error_if_cancelled(order->task))
		return;
	if (!order->job->again)
		lk_connection_drop_stale(connection);
	int rc = attempt(connection, order, &error);
	/* Servers close what has idled; that is no reason to fail. */
	if (lk_connection_is_lost(rc) && had_connection && order->job->again) {
		g_clear_error(&error);
		rc = attempt(connection, order, &error);
	}
	if (rc == LDAP_USER_CANCELLED && g_task_return_error_if_cancelled(order->task))
		g_clear_error(&error);
	else if (rc != LDAP_SUCCESS)
		g_task_return_error(order->task, error);
}

static gpointer run(gpointer data)
{
	struct lk_worker *worker = data;
	struct order *order;

	while ((order = g_async_queue_pop(worker->orders))->job != NULL) {
		carry_out(worker->connection, order);
		g_object_unref(order->task);
		g_free(order);
	}
	g_free(order);
	lk_connection_free(worker->connection);
	g_async_queue_unref(worker->orders);
	g_free(worker);
	return NULL;
}

struct lk_worker *lk_worker_new(struct lk_connection *connection)
{
	struct lk_worker *worker = g_new0(struct lk_worker, 1);

	worker->orders = g_async_queue_new();
	worker->connection = connection;
	g_thread_unref(g_thread_new("directory", run, worker));
	return worker;
}

static void push(struct lk_worker *worker, const struct lk_job *job, GTask *task)
{
	struct order *order = g_new0(struct order, 1);

	*order = (struct order){.job = job, .task = task};
	g_async_queue_push(worker->orders, order);
}

void lk_worker_push(struct lk_worker *worker, const struct lk_job *job, GTask *task)
{
	push(worker, job, task);
}

void lk_worker_end(struct lk_worker *worker)
{
	if (worker != NULL)
		push(worker, NULL, NULL);
}
