/* The thread that owns a connection. Jobs run on it one after the other, so the main loop never waits for a network; each ends
 * a GTask, whose callback runs where the task was made. */
#pragma once

#include "connection.h"
#include "errors.h"

struct lk_worker;

/* Does the work of TASK. Returns LDAP_SUCCESS after it has had the task return something, and an LDAP result code otherwise,
 * with the task untouched: the worker then has it return the error. */
typedef int lk_work(struct lk_connection *connection, GTask *task);

struct lk_job {
	lk_work *work;
	enum lk_step step; /* what an error is about */
	bool again; /* changes nothing, so that it may be done once more where the connection turns out to be lost */
};

/* Takes over CONNECTION. */
struct lk_worker *lk_worker_new(struct lk_connection *connection);

/* Queues JOB, a constant, for TASK, a reference to which is taken over. A cancelled task ends with G_IO_ERROR_CANCELLED. */
void lk_worker_push(struct lk_worker *worker, const struct lk_job *job, GTask *task);

/* Ends the thread after what is queued, and frees everything then; does not wait for it. Takes NULL. */
void lk_worker_end(struct lk_worker *worker);
