#include "report.h"

#include <glib.h>
#include <stdio.h>
#include <unistd.h>

#include "log.h"
#include "manager.h"

#define WRITE_MILLISECONDS 5000
#define SHOW_MILLISECONDS 1000

static gint64 milliseconds(void)
{
	return g_get_monotonic_time() / 1000;
}

static void write_file(struct lk_report *report)
{
	struct lk_complaint complaint;

	report->written = milliseconds();
	report->metrics.heartbeat = (double)(g_get_real_time() / G_USEC_PER_SEC);
	if (!report->path)
		return;
	bool is_written = lk_metrics_write(report->path, &report->metrics, &complaint) == 0;
	if (!is_written && !report->is_unwritable)
		lk_log("metrics-failed", "error", complaint.text, NULL);
	report->is_unwritable = !is_written;
}

void lk_report_begin(struct lk_report *report, const char *path)
{
	struct lk_complaint complaint;
	struct lk_metrics before = {0};

	*report = (struct lk_report){.path = path};
	if (path)
		lk_metrics_read(path, &before, &complaint);
	report->metrics.last_failed = before.last_failed;
	report->metrics.last_sent = before.last_sent;
	report->metrics.started = (double)(g_get_real_time() / G_USEC_PER_SEC);
	report->metrics.transport_up = 1;
}

static char *summary(const struct lk_report *report)
{
	const double *settled = report->metrics.settled;

	return g_strdup_printf("%.0f sent, %.0f deferred, %.0f failed%s", settled[LK_STATE_SENT],
		settled[LK_STATE_DEFERRED], settled[LK_STATE_FAILED],
		report->metrics.directory_up ? "" : "; the directory is away");
}

/* While a backlog is drained, a person at a terminal sees that it goes on. */
static void show(struct lk_report *report, const char *text, bool is_busy)
{
	gint64 now = milliseconds();

	if (!is_busy)
		report->busy_since = 0;
	else if (!report->busy_since) {
		report->busy_since = report->shown = now;
		report->sent_before = report->metrics.settled[LK_STATE_SENT];
	}
	if (!is_busy || now - report->shown < SHOW_MILLISECONDS || !isatty(STDERR_FILENO))
		return;
	double sent = report->metrics.settled[LK_STATE_SENT];
	fprintf(stderr, "latchkey-mailer: %s; %.0f a second\n", text,
		(sent - report->sent_before) * 1000 / (double)(now - report->shown));
	report->shown = now;
	report->sent_before = sent;
}

void lk_report_tell(struct lk_report *report, bool is_busy)
{
	char *text = summary(report);

	lk_manager_alive(text);
	show(report, text, is_busy);
	g_free(text);
	if (report->path && milliseconds() - report->written >= WRITE_MILLISECONDS)
		write_file(report);
}

void lk_report_end(struct lk_report *report)
{
	write_file(report);
}
