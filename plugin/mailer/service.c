#include "service.h"

#include <glib.h>
#include <string.h>

#include "error.h"
#include "log.h"
#include "manager.h"
#include "message.h"
#include "opening.h"
#include "pace.h"
#include "report.h"
#include "stop.h"
#include "wire.h"

#define LEASE_SECONDS 60
#define SAFETY_SECONDS 5
#define IDLE_MILLISECONDS 25
#define SETTLE_MILLISECONDS 200

struct service {
	const char *path; /* of the configuration */
	const char *metrics; /* NULL: where the configuration says */
	struct lk_setup *setup;
	struct lk_directory *directory;
	struct lk_report report;
	int most; /* how many to take next */
	unsigned failures; /* of the directory, in a row */
	struct lk_outcomes fresh;
	gint64 fresh_since; /* when the first of them was added */
	/* What the directory could not write down when asked, apart, so that nothing else waits for it. */
	struct lk_outcomes stuck;
	gint64 stuck_until;
	unsigned stuck_failures;
	size_t unsent; /* for `once`: what was due and has not been sent */
};

static gint64 milliseconds(void)
{
	return g_get_monotonic_time() / 1000;
}

static void move_to_stuck(struct service *service)
{
	for (size_t i = 0; i < service->fresh.count; i++) {
		lk_outcomes_add(&service->stuck, &service->fresh.items[i]);
		service->fresh.items[i].holder = NULL;
	}
	lk_outcomes_clear(&service->fresh);
	if (!service->stuck_until)
		service->stuck_until = milliseconds() + 1000 * lk_pace_reconnect(service->stuck_failures);
}

static bool settle_fresh(struct service *service)
{
	size_t left;

	if (!service->fresh.count)
		return true;
	if (!lk_directory_settle(service->directory, &service->fresh, &left))
		return false;
	if (left)
		move_to_stuck(service);
	return true;
}

static bool settle_stuck(struct service *service)
{
	size_t left;

	if (!service->stuck.count || milliseconds() < service->stuck_until)
		return true;
	if (!lk_directory_settle(service->directory, &service->stuck, &left))
		return false;
	service->stuck_failures = left ? service->stuck_failures + 1 : 0;
	service->stuck_until = left ? milliseconds() + 1000 * lk_pace_reconnect(service->stuck_failures) : 0;
	return true;
}

static bool is_handled(const struct service *service, const struct lk_notification *item)
{
	char id[LK_ID_TEXT + 1];

	return service->stuck.count && lk_opening_id(item, id) && lk_outcomes_have(&service->stuck, item->holder, id);
}

static bool handle(struct service *service, const struct lk_notification *item, char away[LK_ANSWER_MAX + 1])
{
	struct lk_outcome outcome;

	if (is_handled(service, item))
		return true;
	if (!lk_mailer_handle(&service->setup->mailer, item, away, &outcome)) {
		service->unsent++;
		return true;
	}
	if (!service->fresh.count)
		service->fresh_since = milliseconds();
	service->unsent += outcome.state != LK_STATE_SENT;
	lk_metrics_count(&service->report.metrics, outcome.state, outcome.created, time(NULL));
	lk_outcomes_add(&service->fresh, &outcome);
	lk_report_tell(&service->report, true);
	return milliseconds() - service->fresh_since < SETTLE_MILLISECONDS || settle_fresh(service);
}

/* Nothing is begun that might not be over before its lease is: somebody else may then send it too. */
static bool handle_all(struct service *service, const struct lk_notification *items, size_t count, gint64 begin_until)
{
	char away[LK_ANSWER_MAX + 1] = "";
	bool is_connected = true;
	size_t done = 0;

	while (done < count && is_connected && milliseconds() < begin_until && !lk_stop_wait(0))
		is_connected = handle(service, &items[done++], away);
	service->unsent += count - done;
	if (done)
		service->report.metrics.transport_up = !*away;
	service->most = lk_pace_batch(service->most, count, done);
	return is_connected && settle_fresh(service);
}

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

/* Takes once, and handles what it got. False when the directory is away. */
static bool serve(struct service *service, size_t *ret_taken)
{
	struct lk_notification *items;
	gint64 begin_until = milliseconds() + 1000 * (LEASE_SECONDS - LK_DELIVERY_SECONDS - SAFETY_SECONDS);

	*ret_taken = 0;
	if (!lk_directory_connect(service->directory) || !settle_fresh(service) || !settle_stuck(service))
		return false;
	if (service->stuck.count >= LK_TAKE_MAX)
		return true;
	if (!lk_directory_take(service->directory, service->most, LEASE_SECONDS, &items, ret_taken))
		return false;
	service->report.metrics.directory_up = 1;
	service->report.metrics.backlog_age = backlog_age(items, *ret_taken);
	bool is_connected = handle_all(service, items, *ret_taken, begin_until);
	lk_client_notifications_free(items, *ret_taken);
	return is_connected;
}

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

static int next_wait(const struct service *service, size_t taken)
{
	if (service->failures)
		return 1000 * (int)lk_pace_reconnect(service->failures - 1);
	return taken ? 0 : IDLE_MILLISECONDS;
}

static const char *metrics_path(const struct service *service)
{
	return service->metrics ? service->metrics : service->setup->config->metrics;
}

static void begin(struct service *service, const char *path, const char *metrics, struct lk_setup *setup)
{
	*service = (struct service){.path = path, .metrics = metrics, .setup = setup, .most = 1};
	service->directory = lk_directory_new(&setup->config->directory);
	lk_report_begin(&service->report, metrics_path(service));
}

/* What is still to be reported gets one last chance. */
static void end(struct service *service)
{
	service->stuck_until = 0;
	if ((service->fresh.count || service->stuck.count) &&
		!(lk_directory_connect(service->directory) && settle_fresh(service) && settle_stuck(service)))
		lk_log("unsettled", "error", lk_directory_reason(service->directory), NULL);
	lk_report_end(&service->report);
	lk_outcomes_clear(&service->fresh);
	lk_outcomes_clear(&service->stuck);
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

/* Between two messages: what is still to be reported is reported by the new connection. */
static void reload(struct service *service)
{
	struct lk_complaint complaint;
	struct lk_setup fresh;

	lk_manager_reloading();
	if (lk_setup_load(service->path, &fresh, &complaint) < 0) {
		lk_log("reload-failed", "error", complaint.text, NULL);
	} else {
		lk_directory_free(service->directory);
		lk_setup_free(service->setup);
		*service->setup = fresh;
		service->directory = lk_directory_new(&service->setup->config->directory);
		service->report.path = metrics_path(service);
		log_setup(service, "reloaded");
	}
	lk_manager_ready();
}

/* In pieces of a second, so that nobody takes a long wait for the end of us. */
static bool wait_for_work(struct service *service, int milliseconds_left, size_t taken)
{
	do {
		int piece = MIN(milliseconds_left, 1000);
		lk_report_tell(&service->report, taken > 0);
		if (lk_stop_wait(piece))
			return false;
		if (lk_stop_reload()) {
			reload(service);
			return true;
		}
		milliseconds_left -= piece;
	} while (milliseconds_left > 0);
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
	while (wait_for_work(&service, next_wait(&service, taken), taken))
		note(&service, serve(&service, &taken));
	lk_manager_stopping();
	end(&service);
	lk_log("stopped", NULL);
	return 0;
}

int lk_service_once(const char *path, const char *metrics, struct lk_setup *setup)
{
	struct service service;
	size_t taken;
	bool is_connected;

	begin(&service, path, metrics, setup);
	do {
		is_connected = serve(&service, &taken);
	} while (is_connected && taken && !lk_stop_wait(0));
	note(&service, is_connected);
	bool is_done = is_connected && !service.unsent && !service.stuck.count;
	end(&service);
	return is_done ? 0 : 1;
}
