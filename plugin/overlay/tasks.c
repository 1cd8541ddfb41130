/* slapd's run queue calls what is to be done, but not at the times of that queue: while an entry of it waits for its time,
 * slapd's listener waits for each request with a timeout, for which the kernel sets a timer each time; that took two or
 * three hundredths of the time of a search. So an entry that has ended is put off without a time, and a thread of our own
 * makes it due. */
#include "tasks.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>

#include "requests.h"

#define BEAT_SECONDS 1

static struct lk_task *tasks; /* guarded by the run queue's mutex, like their entries */
static bool ticks; /* so is this: whether the thread is there */

/* Held to start or stop a task: cn=config closes an overlay that was removed when others may work again. */
static pthread_mutex_t change_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_t thread;

static pthread_mutex_t wait_mutex = PTHREAD_MUTEX_INITIALIZER; /* guards what follows */
static pthread_cond_t wait_cond;
static bool ends;

static void make_due(struct re_s *entry)
{
	entry->interval.tv_sec = 0;
	ldap_pvt_runqueue_resched(&slapd_rq, entry, 0);
	entry->interval.tv_sec = BEAT_SECONDS;
}

static void tick(void)
{
	bool any = false;

	ldap_pvt_thread_mutex_lock(&slapd_rq.rq_mutex);
	for (struct lk_task *task = tasks; task; task = task->next) {
		if (task->entry->next_sched.tv_sec == 0) {
			make_due(task->entry);
			any = true;
		}
	}
	ldap_pvt_thread_mutex_unlock(&slapd_rq.rq_mutex);
	if (any)
		slap_wake_listener();
}

/* Waits for a beat; false where the thread is to end. */
static bool wait_for_next(void)
{
	struct timespec until;
	bool goes_on;
	int rc = 0;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += BEAT_SECONDS;
	pthread_mutex_lock(&wait_mutex);
	while (!ends && rc == 0)
		rc = pthread_cond_timedwait(&wait_cond, &wait_mutex, &until);
	goes_on = !ends;
	pthread_mutex_unlock(&wait_mutex);
	return goes_on;
}

static void *tick_on(void *unused)
{
	(void)unused;
	while (wait_for_next())
		tick();
	return NULL;
}

/* Signals are for slapd's own threads. */
static int create_thread(void)
{
	pthread_condattr_t monotonic;
	sigset_t all, before;
	int rc;

	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&wait_cond, &monotonic);
	pthread_condattr_destroy(&monotonic);
	ends = false;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	rc = pthread_create(&thread, NULL, tick_on, NULL);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (rc != 0)
		pthread_cond_destroy(&wait_cond);
	return rc;
}

static void end_thread(void)
{
	pthread_mutex_lock(&wait_mutex);
	ends = true;
	pthread_cond_signal(&wait_cond);
	pthread_mutex_unlock(&wait_mutex);
	pthread_join(thread, NULL);
	pthread_cond_destroy(&wait_cond);
}

void lk_task_start(
	struct lk_task *task, ldap_pvt_thread_start_t *work, void *arg, const char *name, const char *spec)
{
	int rc;

	pthread_mutex_lock(&change_mutex);
	rc = ticks ? 0 : create_thread();
	if (rc != 0)
		lk_warn("no thread of its own (%s): slapd's listener keeps the time", strerror(rc));
	ldap_pvt_thread_mutex_lock(&slapd_rq.rq_mutex);
	ticks = rc == 0;
	task->entry = ldap_pvt_runqueue_insert(&slapd_rq, BEAT_SECONDS, work, arg, (char *)name, (char *)spec);
	if (task->entry) {
		task->next = tasks;
		tasks = task;
	}
	ldap_pvt_thread_mutex_unlock(&slapd_rq.rq_mutex);
	pthread_mutex_unlock(&change_mutex);
}

void lk_task_end(const struct lk_task *task, struct re_s *entry)
{
	ldap_pvt_thread_mutex_lock(&slapd_rq.rq_mutex);
	ldap_pvt_runqueue_stoptask(&slapd_rq, entry);
	if (task->entry == entry)
		ldap_pvt_runqueue_resched(&slapd_rq, entry, ticks);
	else
		ldap_pvt_runqueue_remove(&slapd_rq, entry);
	ldap_pvt_thread_mutex_unlock(&slapd_rq.rq_mutex);
}

/* Under the run queue's mutex. */
static void forget(struct lk_task *task)
{
	struct lk_task **link = &tasks;

	while (*link != task)
		link = &(*link)->next;
	*link = task->next;
	task->entry = NULL;
}

void lk_task_stop(struct lk_task *task)
{
	struct re_s *entry = task->entry;
	bool running, was_last;

	if (!entry)
		return;
	pthread_mutex_lock(&change_mutex);
	ldap_pvt_thread_mutex_lock(&slapd_rq.rq_mutex);
	forget(task);
	running = ldap_pvt_runqueue_isrunning(&slapd_rq, entry);
	if (running && ldap_pvt_thread_pool_retract(entry->pool_cookie) > 0) {
		ldap_pvt_runqueue_stoptask(&slapd_rq, entry);
		running = false;
	}
	if (!running)
		ldap_pvt_runqueue_remove(&slapd_rq, entry);
	was_last = ticks && !tasks;
	ticks = ticks && tasks;
	ldap_pvt_thread_mutex_unlock(&slapd_rq.rq_mutex);
	if (was_last)
		end_thread();
	pthread_mutex_unlock(&change_mutex);
}
