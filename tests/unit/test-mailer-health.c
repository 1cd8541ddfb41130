/* What the mailer tells monitoring, and what that makes of it. */
#include "support.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "health.h"
#include "metrics.h"

#define NOW 1800000000

static const struct lk_health_limits limits = {.warning = 120, .critical = 900, .failed_within = 86400};

static struct lk_metrics well(void)
{
	return (struct lk_metrics){.started = NOW - 100, .heartbeat = NOW - 5, .directory_up = 1, .transport_up = 1};
}

static void judge(struct lk_metrics metrics, enum lk_health expected, const char *reason)
{
	const char *given;

	assert_int_equal(lk_health_judge(&metrics, NOW, &limits, &given), expected);
	assert_string_equal(given, reason);
}

static void health_is_the_worst_that_is_known(void **state)
{
	struct lk_metrics metrics = well();

	(void)state;
	judge(metrics, LK_HEALTH_OK, "messages are being sent as they come");
	metrics.backlog_age = 120;
	judge(metrics, LK_HEALTH_OK, "messages are being sent as they come");
	metrics.backlog_age = 121;
	judge(metrics, LK_HEALTH_WARNING, "messages are waiting");
	metrics.transport_up = 0;
	judge(metrics, LK_HEALTH_WARNING, "no mail server takes mails");
	metrics.backlog_age = 901;
	judge(metrics, LK_HEALTH_CRITICAL, "messages have been waiting for too long");
	metrics.last_bounced = NOW - 86399;
	judge(metrics, LK_HEALTH_CRITICAL, "a message has come back");
	metrics.last_failed = NOW - 86399;
	judge(metrics, LK_HEALTH_CRITICAL, "a message has failed");
	metrics.directory_up = 0;
	judge(metrics, LK_HEALTH_CRITICAL, "the directory is away");
	metrics.heartbeat = NOW - LK_HEALTH_SILENCE - 1;
	judge(metrics, LK_HEALTH_CRITICAL, "the mailer does not serve");
	judge((struct lk_metrics){0}, LK_HEALTH_UNKNOWN, "the file was not written by latchkey-mailer");
}

static void an_old_failure_is_forgotten(void **state)
{
	struct lk_metrics metrics = well();

	(void)state;
	metrics.last_failed = NOW - 86400;
	metrics.last_bounced = NOW - 86400;
	judge(metrics, LK_HEALTH_OK, "messages are being sent as they come");
}

static void outcomes_are_counted(void **state)
{
	struct lk_metrics metrics = {0};

	(void)state;
	lk_metrics_count(&metrics, LK_STATE_SENT, NOW - 7, NOW);
	lk_metrics_count(&metrics, LK_STATE_SENT, 0, NOW);
	lk_metrics_count(&metrics, LK_STATE_DEFERRED, NOW - 7, NOW);
	assert_true(metrics.last_failed == 0);
	lk_metrics_count(&metrics, LK_STATE_FAILED, NOW - 7, NOW + 1);
	assert_true(metrics.settled[LK_STATE_SENT] == 2 && metrics.settled[LK_STATE_DEFERRED] == 1);
	assert_true(metrics.last_sent == NOW && metrics.last_failed == NOW + 1 && metrics.delay == 7);
}

static void what_is_written_is_read_back(void **state)
{
	char *folder = g_dir_make_tmp("latchkey-XXXXXX", NULL);
	char *path = g_build_filename(folder, "mailer.prom", NULL);
	struct lk_metrics metrics = well(), found;
	struct lk_complaint complaint;
	struct stat status;
	char *text;

	(void)state;
	metrics.settled[LK_STATE_SENT] = 123456789;
	metrics.last_failed = NOW - 3;
	assert_int_equal(lk_metrics_write(path, &metrics, &complaint), 0);
	assert_int_equal(lk_metrics_write(path, &metrics, &complaint), 0);
	assert_int_equal(lk_metrics_read(path, &found, &complaint), 0);
	assert_memory_equal(&metrics, &found, sizeof metrics);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0644);
	assert_true(g_file_get_contents(path, &text, NULL, NULL));
	assert_non_null(strstr(text, "# TYPE latchkey_mailer_settled_total counter\n"
								 "latchkey_mailer_settled_total{state=\"sent\"} 123456789\n"
								 "latchkey_mailer_settled_total{state=\"deferred\"} 0\n"));
	g_free(text);
	assert_int_equal(g_unlink(path), 0);
	assert_int_equal(g_rmdir(folder), 0); /* nothing else is left */
	assert_int_equal(lk_metrics_write(path, &metrics, &complaint), -1);
	assert_int_equal(lk_metrics_read(path, &found, &complaint), -1);
	g_free(path);
	g_free(folder);
}

#define PROCESSES 4
#define BOUNCES 50

static pid_t count_bounces(const char *path)
{
	struct lk_complaint complaint;
	pid_t child = fork();

	for (int i = 0; child == 0 && i < BOUNCES; i++)
		if (lk_metrics_count_bounce(path, NOW, &complaint) < 0)
			_exit(1);
	if (child == 0)
		_exit(0);
	return child;
}

static void several_at_once_count_every_bounce(void **state)
{
	char *folder = g_dir_make_tmp("latchkey-XXXXXX", NULL);
	char *path = g_build_filename(folder, "bounces.prom", NULL);
	struct lk_complaint complaint;
	struct lk_metrics found;
	pid_t children[PROCESSES];
	int status;

	(void)state;
	for (int i = 0; i < PROCESSES; i++)
		children[i] = count_bounces(path);
	for (int i = 0; i < PROCESSES; i++) {
		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		assert_int_equal(status, 0);
	}
	assert_int_equal(lk_metrics_read(path, &found, &complaint), 0);
	assert_true(found.bounced == PROCESSES * BOUNCES && found.last_bounced == NOW && found.heartbeat == 0);
	assert_int_equal(g_unlink(path), 0);
	assert_int_equal(g_rmdir(folder), 0); /* nothing else is left */
	assert_int_equal(lk_metrics_count_bounce(path, NOW, &complaint), -1);
	g_free(path);
	g_free(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(health_is_the_worst_that_is_known),
		cmocka_unit_test(an_old_failure_is_forgotten),
		cmocka_unit_test(outcomes_are_counted),
		cmocka_unit_test(several_at_once_count_every_bounce),
		cmocka_unit_test(what_is_written_is_read_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
