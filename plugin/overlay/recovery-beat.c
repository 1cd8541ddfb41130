/* Once a second the beat serves the wishes for codes: it looks the people up, makes codes and seals mails, and writes
 * as many as it has made in one transaction, since what the disk takes for one write it nearly takes for thirty. Two
 * threads work at it: while one waits for the disk, the other looks up the next people. */
#include "overlay.h"

#include <time.h>

#define THREADS 2
#define BATCH 32 /* codes in one transaction; clients' writes wait for it */
#define LOOKS 128 /* wishes looked at for one batch, most of them nobody's perhaps */

struct batch {
	struct lk_issue *issues[BATCH];
	size_t count;
	struct lk_wish *next; /* of a person for whom some thread still has a code to write; or NULL */
};

static struct {
	bool running;
	const struct berval *people[THREADS * BATCH]; /* normalized DNs for whom codes are being made, in their issues */
} beat;
static ldap_pvt_thread_mutex_t beat_mutex; /* guards it */

int lk_recovery_beat_setup(void)
{
	return ldap_pvt_thread_mutex_init(&beat_mutex) ? -1 : 0;
}

void lk_recovery_beat_teardown(void)
{
	ldap_pvt_thread_mutex_destroy(&beat_mutex);
}

static bool must_stop(void)
{
	return slapd_shutdown || ldap_pvt_thread_pool_pausing(&connection_pool) > 0;
}

/* --- one person, one thread --------------------------------------------------------------------------------------- */

static bool try_claim(const struct berval *ndn)
{
	const struct berval **place = NULL;
	bool taken = false;

	ldap_pvt_thread_mutex_lock(&beat_mutex);
	for (size_t i = 0; i < THREADS * BATCH; i++) {
		if (!beat.people[i])
			place = &beat.people[i];
		else
			taken = taken || dn_match((struct berval *)beat.people[i], (struct berval *)ndn);
	}
	if (!taken && place)
		*place = ndn;
	ldap_pvt_thread_mutex_unlock(&beat_mutex);
	return !taken && place;
}

/* Waits for the other thread. A thread that holds anybody itself must not: the other might wait for that one. */
static bool claim(const struct berval *ndn)
{
	static const struct timespec moment = {.tv_nsec = 200000};

	while (!try_claim(ndn)) {
		if (must_stop())
			return false;
		nanosleep(&moment, NULL);
	}
	return true;
}

static void unclaim(const struct berval *ndn)
{
	ldap_pvt_thread_mutex_lock(&beat_mutex);
	for (size_t i = 0; i < THREADS * BATCH; i++) {
		if (beat.people[i] == ndn)
			beat.people[i] = NULL;
	}
	ldap_pvt_thread_mutex_unlock(&beat_mutex);
}

/* --- a batch ------------------------------------------------------------------------------------------------------ */

/* Outside the beat there is none to take: a helper that the pool was late to start does nothing, and one that works on
 * does not look at what has just been asked. */
static struct lk_wish *take_wish(void)
{
	struct lk_wish *wish;

	ldap_pvt_thread_mutex_lock(&beat_mutex);
	wish = beat.running ? lk_recovery_take() : NULL;
	ldap_pvt_thread_mutex_unlock(&beat_mutex);
	return wish;
}

static void end(Operation *op, struct lk_issue *issue)
{
	unclaim(lk_issue_person(issue));
	lk_issue_end(op, issue);
}

/* Makes the code of a person who is claimed; one that is not to be had has ended. */
static void add(Operation *op, struct batch *batch, struct lk_issue *issue)
{
	if (lk_issue_draft(op, issue))
		batch->issues[batch->count++] = issue;
	else
		end(op, issue);
}

/* False where the batch is to be written first, or nothing is left. */
static bool take_one(Operation *op, struct batch *batch)
{
	struct lk_wish *wish = batch->next ? batch->next : take_wish();
	struct lk_issue *issue;
	bool alone = batch->count == 0;

	batch->next = NULL;
	if (!wish)
		return false;
	issue = lk_issue_new(op, wish);
	if (!issue)
		return true;
	if (alone ? claim(lk_issue_person(issue)) : try_claim(lk_issue_person(issue))) {
		add(op, batch, issue);
		return true;
	}
	wish = lk_issue_cancel(issue);
	if (alone)
		lk_recovery_put_back(wish); /* for the next beat: slapd wants to go on */
	else
		batch->next = wish;
	return false;
}

static void write_apart(Operation *op, const struct batch *batch)
{
	for (size_t i = 0; i < batch->count; i++)
		lk_issue_write(op, batch->issues[i]);
}

/* False where nothing was written: each is tried alone then, so that one that cannot be stored is in nobody's way. */
static bool write_together(Operation *op, const struct batch *batch)
{
	struct lk_instance *instance = lk_issue_instance(batch->issues[0]);
	struct lk_transaction transaction;
	bool written = true;

	for (size_t i = 1; i < batch->count; i++) {
		if (lk_issue_instance(batch->issues[i]) != instance)
			return false;
	}
	lk_kill_point("codes", "before-begin");
	if (batch->count == 1 || !lk_transaction_begin(op, instance, &transaction))
		return false;
	for (size_t i = 0; written && i < batch->count; i++)
		written = lk_issue_write(op, batch->issues[i]);
	if (written)
		lk_kill_point("codes", "before-commit");
	if (!lk_transaction_end(op, instance, &transaction, written))
		return false;
	lk_kill_point("codes", "after-commit");
	for (size_t i = 0; i < batch->count; i++)
		lk_issue_note(op, batch->issues[i]);
	return true;
}

static void write_batch(Operation *op, struct batch *batch)
{
	if (batch->count > 0 && !write_together(op, batch))
		write_apart(op, batch);
	for (size_t i = 0; i < batch->count; i++)
		end(op, batch->issues[i]);
	batch->count = 0;
}

/* --- the beat ----------------------------------------------------------------------------------------------------- */

/* Each batch has an operation of its own: its memory is let go all at once. That is one megabyte; what is asked for beyond is
 * lost for good, so that strangers' wishes must not use it up. */
static bool serve_batch(void *ctx, struct batch *batch)
{
	Connection conn = {0};
	OperationBuffer buffer;
	size_t looked = 0;
	bool served;

	connection_fake_init2(&conn, &buffer, ctx, 1);
	while (batch->count < BATCH && looked < LOOKS && !must_stop() && take_one(&buffer.ob_op, batch))
		looked++;
	served = looked > 0 || batch->next;
	write_batch(&buffer.ob_op, batch);
	return served;
}

static void serve_all(void *ctx)
{
	struct batch batch = {.count = 0};

	while (serve_batch(ctx, &batch) && !must_stop())
		;
	if (batch.next)
		lk_recovery_put_back(batch.next);
}

static void set_running(bool running)
{
	ldap_pvt_thread_mutex_lock(&beat_mutex);
	beat.running = running;
	ldap_pvt_thread_mutex_unlock(&beat_mutex);
}

static void *help(void *ctx, void *arg)
{
	(void)arg;
	serve_all(ctx);
	return NULL;
}

void lk_recovery_drain(void *ctx)
{
	Connection conn = {0};
	OperationBuffer buffer;

	set_running(true);
	if (lk_recovery_waiting() > 1 && connection_pool_max >= 2 * THREADS)
		ldap_pvt_thread_pool_submit(&connection_pool, help, NULL);
	serve_all(ctx);
	set_running(false);
	connection_fake_init2(&conn, &buffer, ctx, 1);
	lk_recovery_log_drops(&buffer.ob_op);
}
