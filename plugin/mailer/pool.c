#include "pool.h"

#include <errno.h>
#include <glib.h>
#include <pthread.h>

/* Items that were taken together are freed together. */
struct batch {
	struct lk_notification *items;
	size_t count;
	size_t left;
};

struct job {
	struct lk_done done; /* first, so that one is the other */
	struct batch *batch;
	gint64 begin_until;
};

struct worker {
	struct lk_pool *pool;
	struct lk_transport *transport;
	pthread_t thread;
	pthread_cond_t given; /* a job, or the end */
	struct job *job; /* guarded by the pool's mutex, as is what follows */
	bool is_idle;
};

struct lk_pool {
	const struct lk_mailer *mailer;
	pthread_mutex_t mutex; /* POSIX's, since ThreadSanitizer does not see GLib's */
	GQueue waiting; /* struct job; empty while a worker is idle */
	GQueue finished; /* struct job */
	pthread_cond_t has_finished;
	bool is_over;
	size_t busy; /* of the caller's thread */
	gint64 begin_until; /* for all; read and written atomically */
	struct worker workers[];
};

static gint64 milliseconds(void)
{
	return g_get_monotonic_time() / 1000;
}

static void work(struct worker *worker, struct job *job)
{
	gint64 now = milliseconds();

	if (now >= job->begin_until || now >= __atomic_load_n(&worker->pool->begin_until, __ATOMIC_RELAXED))
		return;
	job->done.is_begun = true;
	job->done.has_outcome = lk_mailer_handle(
		worker->pool->mailer, worker->transport, job->done.item, &job->done.outcome, &job->done.is_away);
}

/* The next job of WORKER, or NULL at the end. */
static struct job *next_job(struct worker *worker)
{
	struct lk_pool *pool = worker->pool;

	pthread_mutex_lock(&pool->mutex);
	struct job *job = g_queue_pop_head(&pool->waiting);
	worker->is_idle = !job;
	while (worker->is_idle && !pool->is_over)
		pthread_cond_wait(&worker->given, &pool->mutex);
	if (!job)
		job = g_steal_pointer(&worker->job);
	pthread_mutex_unlock(&pool->mutex);
	return job;
}

static void *worker_thread(void *data)
{
	struct worker *worker = data;
	struct job *job;

	while ((job = next_job(worker))) {
		work(worker, job);
		pthread_mutex_lock(&worker->pool->mutex);
		g_queue_push_tail(&worker->pool->finished, job);
		pthread_cond_signal(&worker->pool->has_finished);
		pthread_mutex_unlock(&worker->pool->mutex);
	}
	return NULL;
}

/* To the first worker that is idle, so that few messages use few connections. The mutex is held. */
static void give(struct lk_pool *pool, struct job *job)
{
	for (size_t i = 0; i < pool->mailer->count; i++) {
		struct worker *worker = &pool->workers[i];
		if (!worker->is_idle)
			continue;
		worker->job = job;
		worker->is_idle = false;
		pthread_cond_signal(&worker->given);
		return;
	}
	g_queue_push_tail(&pool->waiting, job);
}

static void start(struct lk_pool *pool, struct worker *worker, struct lk_transport *transport)
{
	*worker = (struct worker){.pool = pool, .transport = transport};
	pthread_cond_init(&worker->given, NULL);
	if (pthread_create(&worker->thread, NULL, worker_thread, worker) != 0)
		g_error("no thread can be made");
	pthread_setname_np(worker->thread, "sender");
}

struct lk_pool *lk_pool_new(const struct lk_mailer *mailer)
{
	struct lk_pool *pool = g_malloc0(sizeof *pool + mailer->count * sizeof *pool->workers);
	pthread_condattr_t clock;

	pool->mailer = mailer;
	pool->begin_until = G_MAXINT64;
	pthread_mutex_init(&pool->mutex, NULL);
	pthread_condattr_init(&clock);
	pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
	pthread_cond_init(&pool->has_finished, &clock);
	pthread_condattr_destroy(&clock);
	g_queue_init(&pool->waiting);
	g_queue_init(&pool->finished);
	for (size_t i = 0; i < mailer->count; i++)
		start(pool, &pool->workers[i], mailer->transports[i]);
	return pool;
}

static void end_batch(struct batch *batch)
{
	lk_client_notifications_free(batch->items, batch->count);
	g_free(batch);
}

void lk_pool_free(struct lk_pool *pool)
{
	if (!pool)
		return;
	lk_pool_hurry(pool, 0);
	while (pool->busy)
		lk_pool_let_go(lk_pool_get(pool, 1000));
	pthread_mutex_lock(&pool->mutex);
	pool->is_over = true;
	for (size_t i = 0; i < pool->mailer->count; i++)
		pthread_cond_signal(&pool->workers[i].given);
	pthread_mutex_unlock(&pool->mutex);
	for (size_t i = 0; i < pool->mailer->count; i++) {
		pthread_join(pool->workers[i].thread, NULL);
		pthread_cond_destroy(&pool->workers[i].given);
	}
	pthread_cond_destroy(&pool->has_finished);
	pthread_mutex_destroy(&pool->mutex);
	g_free(pool);
}

void lk_pool_put(struct lk_pool *pool, struct lk_notification *items, size_t taken, size_t count, gint64 begin_until)
{
	struct batch *batch = g_new(struct batch, 1);

	*batch = (struct batch){.items = items, .count = taken, .left = count};
	pool->busy += count;
	pthread_mutex_lock(&pool->mutex);
	for (size_t i = 0; i < count; i++) {
		struct job *job = g_new(struct job, 1);
		*job = (struct job){.done.item = &items[i], .batch = batch, .begin_until = begin_until};
		give(pool, job);
	}
	pthread_mutex_unlock(&pool->mutex);
	if (!count)
		end_batch(batch);
}

size_t lk_pool_busy(const struct lk_pool *pool)
{
	return pool->busy;
}

static struct timespec after(int wait)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += wait / 1000;
	until.tv_nsec += (long)(wait % 1000) * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	return until;
}

struct lk_done *lk_pool_get(struct lk_pool *pool, int wait)
{
	struct timespec until = after(wait);
	int result = 0;

	pthread_mutex_lock(&pool->mutex);
	while (wait && result != ETIMEDOUT && g_queue_is_empty(&pool->finished))
		result = pthread_cond_timedwait(&pool->has_finished, &pool->mutex, &until);
	struct job *job = g_queue_pop_head(&pool->finished);
	pthread_mutex_unlock(&pool->mutex);
	if (!job)
		return NULL;
	pool->busy--;
	return &job->done;
}

void lk_pool_let_go(struct lk_done *done)
{
	struct job *job = (struct job *)done;

	if (!job)
		return;
	if (--job->batch->left == 0)
		end_batch(job->batch);
	g_free(done->outcome.holder);
	g_free(job);
}

void lk_pool_hurry(struct lk_pool *pool, gint64 begin_until)
{
	__atomic_store_n(&pool->begin_until, begin_until, __ATOMIC_RELAXED);
}
