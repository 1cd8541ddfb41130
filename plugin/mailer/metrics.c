#include "metrics.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <stddef.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define PREFIX "latchkey_mailer_"
#define AT(member) offsetof(struct lk_metrics, member)
#define SETTLED(state) (AT(settled) + (state) * sizeof(double))

/* One line each; those of one name follow each other. */
struct series {
	const char *name;
	const char *labels;
	size_t offset;
	const char *type;
	const char *help;
};

static const struct series series_of_mailer[] = {
	{"start_time_seconds", "", AT(started), "gauge", "When the mailer was started."},
	{"heartbeat_timestamp_seconds", "", AT(heartbeat), "gauge", "When the mailer last wrote this."},
	{"settled_total", "{state=\"sent\"}", SETTLED(LK_STATE_SENT), "counter",
		"What became of messages, each attempt counted."},
	{"settled_total", "{state=\"deferred\"}", SETTLED(LK_STATE_DEFERRED), NULL, NULL},
	{"settled_total", "{state=\"failed\"}", SETTLED(LK_STATE_FAILED), NULL, NULL},
	{"last_sent_timestamp_seconds", "", AT(last_sent), "gauge", "When a message was last sent."},
	{"last_failed_timestamp_seconds", "", AT(last_failed), "gauge",
		"When a message last failed for good; kept over restarts."},
	{"delay_seconds_total", "", AT(delay), "counter", "From the making of each sent message to its sending, added up."},
	{"backlog_age_seconds", "", AT(backlog_age), "gauge", "For how long the message that is next has been due."},
	{"directory_up", "", AT(directory_up), "gauge", "Whether the directory answers."},
	{"transport_up", "", AT(transport_up), "gauge", "Whether the last mail found somebody who could take it."},
};

static const struct series series_of_bounces[] = {
	{"bounced_total", "", AT(bounced), "counter", "How many messages came back."},
	{"last_bounced_timestamp_seconds", "", AT(last_bounced), "gauge", "When the last one did."},
};

static double *value_of(struct lk_metrics *metrics, size_t offset)
{
	return (double *)((char *)metrics + offset);
}

void lk_metrics_count(struct lk_metrics *metrics, enum lk_state state, time_t created, time_t now)
{
	metrics->settled[state]++;
	if (state == LK_STATE_SENT) {
		metrics->last_sent = (double)now;
		metrics->delay += created && created < now ? (double)(now - created) : 0;
	}
	if (state == LK_STATE_FAILED)
		metrics->last_failed = (double)now;
}

static GString *format(const struct series *series, size_t count, const struct lk_metrics *metrics)
{
	struct lk_metrics copy = *metrics;
	GString *text = g_string_new(NULL);
	char number[G_ASCII_DTOSTR_BUF_SIZE];

	for (size_t i = 0; i < count; i++) {
		if (series[i].type)
			g_string_append_printf(text, "# HELP " PREFIX "%s %s\n# TYPE " PREFIX "%s %s\n", series[i].name,
				series[i].help, series[i].name, series[i].type);
		g_ascii_formatd(number, sizeof number, "%.15g", *value_of(&copy, series[i].offset));
		g_string_append_printf(text, PREFIX "%s%s %s\n", series[i].name, series[i].labels, number);
	}
	return text;
}

/* Readable by all, whatever the umask: whoever collects it is somebody else, and nothing in it is secret. */
static int replace(const char *path, GString *text, struct lk_complaint *ret_complaint)
{
	char *fresh = g_strconcat(path, ".new", NULL);
	GError *error = NULL;
	int result = 0;

	if (!g_file_set_contents_full(fresh, text->str, (gssize)text->len, G_FILE_SET_CONTENTS_NONE, 0644, &error)) {
		result = lk_complain(ret_complaint, "%s", error->message);
		g_error_free(error);
	} else if (g_chmod(fresh, 0644) < 0 || g_rename(fresh, path) < 0) {
		result = lk_complain(ret_complaint, "%s: %s", path, g_strerror(errno));
		g_unlink(fresh);
	}
	g_free(fresh);
	g_string_free(text, TRUE);
	return result;
}

int lk_metrics_write(const char *path, const struct lk_metrics *metrics, struct lk_complaint *ret_complaint)
{
	return replace(path, format(series_of_mailer, G_N_ELEMENTS(series_of_mailer), metrics), ret_complaint);
}

/* The folder's descriptor holds the lock, so that no file is left behind for it. */
static int lock_folder(const char *path)
{
	char *folder = g_path_get_dirname(path);
	int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	g_free(folder);
	if (descriptor >= 0)
		flock(descriptor, LOCK_EX);
	return descriptor;
}

int lk_metrics_count_bounce(const char *path, time_t now, struct lk_complaint *ret_complaint)
{
	struct lk_metrics metrics = {0};
	struct lk_complaint none_yet;
	int lock = lock_folder(path);

	if (lock < 0)
		return lk_complain(ret_complaint, "%s: %s", path, g_strerror(errno));
	lk_metrics_read(path, &metrics, &none_yet);
	metrics.bounced++;
	metrics.last_bounced = (double)now;
	int result = replace(path, format(series_of_bounces, G_N_ELEMENTS(series_of_bounces), &metrics), ret_complaint);
	close(lock);
	return result;
}

static void read_line(const char *line, const struct series *series, size_t count, struct lk_metrics *metrics)
{
	for (size_t i = 0; i < count; i++) {
		char *name = g_strconcat(PREFIX, series[i].name, series[i].labels, " ", NULL);
		if (g_str_has_prefix(line, name))
			*value_of(metrics, series[i].offset) = g_ascii_strtod(line + strlen(name), NULL);
		g_free(name);
	}
}

int lk_metrics_read(const char *path, struct lk_metrics *ret_metrics, struct lk_complaint *ret_complaint)
{
	struct lk_metrics metrics = {0};
	GError *error = NULL;
	char *text;

	if (!g_file_get_contents(path, &text, NULL, &error)) {
		lk_complain(ret_complaint, "%s", error->message);
		g_error_free(error);
		return -1;
	}
	char **lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line; line++) {
		read_line(*line, series_of_mailer, G_N_ELEMENTS(series_of_mailer), &metrics);
		read_line(*line, series_of_bounces, G_N_ELEMENTS(series_of_bounces), &metrics);
	}
	g_strfreev(lines);
	g_free(text);
	*ret_metrics = metrics;
	return 0;
}
