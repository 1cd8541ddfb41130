#include "service.h"

#include <glib.h>
#include <string.h>

#include "error.h"
#include "ledger.h"
#include "log.h"
#include "manager.h"
#include "message.h"
#include "opening.h"
#include "pace.h"
#include "pool.h"
#include "report.h"
#include "stop.h"
#include "wire.h"

#define TAKEN_AT_ONCE 64 /* in one answer, of which slapd holds several copies */
#define LEASE_SECONDS 60
#define SAFETY_SECONDS 5
#define IDLE_MILLISECONDS 25
#define BUSY_MILLISECONDS 50
#define HURRY_MILLISECONDS 5000

struct service {
	const char *path; /* of the configuration */
	const char *metrics; /* NULL: where the configuration says */
	struct lk_setup *setup;
	struct lk_directory *directory;
	struct lk_pool *pool;
	GHashTable *in_hand; /* ids of the messages in the pool; a slapd that was restarted may hand them out again */
	struct lk_ledger ledger;
	struct lk_report report;
	int window; /* how many may be in hand at once */
	gint64 take_at; /* not before */
	unsigned failures; /* of the directory, in a row */
	bool has_more; /* the last time that the directory was asked, it had something */
	/* For `once`: */
	bool is_away; /* nobody takes mails */
	size_t unsent; /* what was due and has not been sent */
};

static gint64 milliseconds(void)
{
	return g_get_monotonic_time() / 1000;
}

/* --- what comes back from the pool ---------------------------------------------------------------------------------- */

static void note_outcome(struct service *service, struct lk_done *done)
{
	struct lk_metrics *metrics = &service->report.metrics;

	lk_metrics_count(metrics, done->outcome.state, done->outcome.created, time(NULL));
	if (done->is_away || done->outcome.state == LK_STATE_SENT)
		metrics->transport_up = !done->is_away;
	service->unsent += done->outcome.state != LK_STATE_SENT;
	lk_ledger_add(&service->ledger, &done->outcome);
	done->outcome.holder = NULL;
}

static void note_done(struct service *service, struct lk_done *done)
{
	char id[LK_ID_TEXT + 1];

	if (lk_opening_id(done->item, id))
		g_hash_table_remove(service->in_hand, id);
	if (done->has_outcome)
		note_outcome(service, done);
	else
		service->unsent++;
	service->is_away = service->is_away || done->is_away;
	service->window = lk_pace_window(service->window, done->is_begun && !done->is_away);
	lk_pool_let_go(done);
}

/* Waits for the first for MILLISECONDS at most. */
static void collect(struct service *service, int wait)
{
	struct lk_done *done = lk_pool_get(service->pool, wait);

	while (done) {
		note_done(service, done);
		done = lk_pool_get(service->pool, 0);
	}
}

/* --- what goes into it ---------------------------------------------------------------------------------------------- */

/* The directory hands out what has been due longest first. */
static double backlog_age(const struct lk_notification *items, size_t count)
{
	struct lk_message first;

	if (!count)
		return 0;
	struct berval value = {.bv_val = items[0].message, .bv_len = strlen(items[0].message)};
	if (lk_message_parse(&value, &first) != LK_OK)
		return 0;
	return MAX(0, difftime(time(NULL), first.due));
}

/* Whether ITEM is not in hand already, or handled and not written down yet. It then is in hand. */
static bool is_new(struct service *service, const struct lk_notification *item)
{
	char id[LK_ID_TEXT + 1];

	if (!lk_opening_id(item, id))
		return true;
	return !lk_ledger_has(&service->ledger, item->holder, id) && g_hash_table_add(service->in_hand, g_strdup(id));
}

/* Moves what is new to the front; returns how many that are. */
static size_t new_ones_first(struct service *service, struct lk_notification *items, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		struct lk_notification item = items[i];
		if (!is_new(service, &item))
			continue;
		items[i] = items[kept];
		items[kept++] = item;
	}
	return kept;
}

/* While no mail server can be used, messages stay where they are; unless some of them may go another way. */
static bool is_resting(const struct service *service)
{
	return !service->setup->config->hooks_count && lk_rest_left(service->setup->mailer.rest, milliseconds()) > 0;
}

static bool may_take(const struct service *service)
{
	int in_hand = (int)lk_pool_busy(service->pool);

	return 2 * in_hand <= service->window && milliseconds() >= service->take_at &&
		   service->ledger.stuck.count < LK_TAKE_MAX && !is_resting(service);
}

/* False when the directory is away. */
static bool take(struct service *service, size_t *ret_taken)
{
	int most = MIN(service->window - (int)lk_pool_busy(service->pool), TAKEN_AT_ONCE);
	struct lk_notification *items;
	size_t count;
	gint64 begin_until = milliseconds() + 1000 * (LEASE_SECONDS - LK_DELIVERY_SECONDS - SAFETY_SECONDS);

	if (!lk_directory_take(service->directory, most, LEASE_SECONDS, &items, &count))
		return false;
	service->report.metrics.directory_up = 1;
	service->report.metrics.backlog_age = backlog_age(items, count);
	service->take_at = count < (size_t)most ? milliseconds() + IDLE_MILLISECONDS : 0;
	*ret_taken = count;
	service->has_more = count > 0;
	lk_pool_put(service->pool, items, count, new_ones_first(service, items, count), begin_until);
	return true;
}

/* Does all that can be done now without waiting for the pool. False when the directory is away. */
static bool serve(struct service *service, size_t *ret_taken)
{
	bool is_idle = lk_pool_busy(service->pool) == 0;

	*ret_taken = 0;
	if (!lk_directory_connect(service->directory) || !lk_ledger_settle(&service->ledger, service->directory, is_idle))
		return false;
	return !may_take(service) || take(service, ret_taken);
}

/* --- the directory ---------------------------------------------------------------------------------------------------- */

/* Says once that the directory is away, and once that it is back. */
static void note(struct service *service, bool is_connected)
{
	const char *uri = lk_directory_uri(service->directory);

	if (is_connected && service->failures)
		lk_log("directory-back", "uri", uri, NULL);
	if (!is_connected && !service->failures)
		lk_log("directory-away", "uri", uri, "error", lk_directory_reason(service->directory), NULL);
	service->failures = is_connected ? 0 : service->failures + 1;
	service->report.metrics.directory_up = is_connected;
}

/* Finishes what is in hand, and reports it where the directory is there. */
static void drain(struct service *service)
{
	while (lk_pool_busy(service->pool)) {
		collect(service, BUSY_MILLISECONDS);
		lk_report_tell(&service->report, true);
	}
	if (!lk_ledger_is_empty(&service->ledger)) {
		service->ledger.stuck_until = 0;
		note(service,
			lk_directory_connect(service->directory) && lk_ledger_settle(&service->ledger, service->directory, true));
	}
}

/* --- beginning, end, and a new beginning ----------------------------------------------------------------------------- */

static const char *metrics_path(const struct service *service)
{
	return service->metrics ? service->metrics : service->setup->config->metrics;
}

static void set_up(struct service *service)
{
	service->directory = lk_directory_new(&service->setup->config->directory);
	service->pool = lk_pool_new(&service->setup->mailer);
	service->window = 1;
}

static void begin(struct service *service, const char *path, const char *metrics, struct lk_setup *setup)
{
	*service = (struct service){.path = path, .metrics = metrics, .setup = setup};
	service->in_hand = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	set_up(service);
	lk_report_begin(&service->report, metrics_path(service));
}

static void end(struct service *service)
{
	lk_pool_hurry(service->pool, milliseconds() + HURRY_MILLISECONDS);
	drain(service);
	if (!lk_ledger_is_empty(&service->ledger))
		lk_log("unsettled", "error", lk_directory_reason(service->directory), NULL);
	lk_report_end(&service->report);
	lk_ledger_clear(&service->ledger);
	lk_pool_free(service->pool);
	g_hash_table_unref(service->in_hand);
	lk_directory_free(service->directory);
}

static void log_setup(const struct service *service, const char *event)
{
	const struct lk_config *config = service->setup->config;
	char *uris = g_strjoinv(" ", config->directory.uris);

	lk_log(event, "directory", uris, "from", config->from, "to",
		config->maildir ? config->maildir : config->relays[0].url, NULL);
	g_free(uris);
}

/* What is in hand is finished with the old files; what is still to be reported is reported by the new connection. */
static void take_over(struct service *service, struct lk_setup *fresh)
{
	drain(service);
	lk_pool_free(service->pool);
	lk_directory_free(service->directory);
	lk_setup_free(service->setup);
	*service->setup = *fresh;
	set_up(service);
	service->report.path = metrics_path(service);
}

static void reload(struct service *service)
{
	struct lk_complaint complaint;
	struct lk_setup fresh;

	lk_manager_reloading();
	if (lk_setup_load(service->path, &fresh, &complaint) < 0) {
		lk_log("reload-failed", "error", complaint.text, NULL);
	} else {
		take_over(service, &fresh);
		log_setup(service, "reloaded");
	}
	lk_manager_ready();
}

/* --- the two ways to serve -------------------------------------------------------------------------------------------- */

/* A directory that is away is left alone for longer each time; meanwhile the pool goes on with what it has. */
static int next_wait(const struct service *service, size_t taken)
{
	if (service->failures)
		return 1000 * (int)lk_pace_reconnect(service->failures - 1);
	return taken || lk_pool_busy(service->pool) ? 0 : IDLE_MILLISECONDS;
}

/* Waits in pieces, so that nobody takes a long wait for the end of us. False when it is time to end. */
static bool wait_for_work(struct service *service, int wait)
{
	gint64 until = milliseconds() + wait;

	do {
		bool is_busy = lk_pool_busy(service->pool) > 0;
		int left = (int)MAX(0, until - milliseconds());
		lk_report_tell(&service->report, is_busy);
		if (is_busy)
			collect(service, BUSY_MILLISECONDS);
		if (lk_stop_wait(is_busy ? 0 : MIN(left, 1000)))
			return false;
		if (lk_stop_reload()) {
			reload(service);
			return true;
		}
	} while (milliseconds() < until);
	return true;
}

int lk_service_run(const char *path, const char *metrics, struct lk_setup *setup)
{
	struct service service;
	size_t taken = 0;

	begin(&service, path, metrics, setup);
	log_setup(&service, "started");
	note(&service, serve(&service, &taken));
	lk_manager_ready();
	while (wait_for_work(&service, next_wait(&service, taken)))
		note(&service, serve(&service, &taken));
	lk_manager_stopping();
	end(&service);
	lk_log("stopped", NULL);
	return 0;
}

static bool is_worth_going_on(const struct service *service)
{
	if (service->is_away || service->ledger.stuck.count >= LK_TAKE_MAX)
		return false;
	return service->has_more || lk_pool_busy(service->pool);
}

int lk_service_once(const char *path, const char *metrics, struct lk_setup *setup)
{
	struct service service;
	size_t taken;
	bool is_connected;

	begin(&service, path, metrics, setup);
	do {
		is_connected = serve(&service, &taken);
		collect(&service, BUSY_MILLISECONDS);
		lk_report_tell(&service.report, true);
	} while (is_connected && is_worth_going_on(&service) && !lk_stop_wait(0));
	note(&service, is_connected);
	end(&service);
	return is_connected && !service.unsent && !service.failures ? 0 : 1;
}
