#include "metrics.h"

#include <errno.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>

#define PREFIX "latchkey_mailer_"
#define AT(member) offsetof(struct lk_metrics, member)
#define SETTLED(state) (AT(settled) + (state) * sizeof(double))

/* One line each; those of one name follow each other. */
static const struct {
	const char *name;
	const char *labels;
	size_t offset;
	const char *type;
	const char *help;
} series[] = {
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

static GString *format(const struct lk_metrics *metrics)
{
	struct lk_metrics copy = *metrics;
	GString *text = g_string_new(NULL);
	char number[G_ASCII_DTOSTR_BUF_SIZE];

	for (size_t i = 0; i < G_N_ELEMENTS(series); i++) {
		if (series[i].type)
			g_string_append_printf(text, "# HELP " PREFIX "%s %s\n# TYPE " PREFIX "%s %s\n", series[i].name,
				series[i].help, series[i].name, series[i].type);
		g_ascii_formatd(number, sizeof number, "%.15g", *value_of(&copy, series[i].offset));
		g_string_append_printf(text, PREFIX "%s%s %s\n", series[i].name, series[i].labels, number);
	}
	return text;
}

/* Readable by all, whatever the umask: whoever collects it is somebody else, and nothing in it is secret. */
int lk_metrics_write(const char *path, const struct lk_metrics *metrics, struct lk_complaint *ret_complaint)
{
	GString *text = format(metrics);
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

static void read_line(const char *line, struct lk_metrics *metrics)
{
	for (size_t i = 0; i < G_N_ELEMENTS(series); i++) {
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
	for (char **line = lines; *line; line++)
		read_line(*line, &metrics);
	g_strfreev(lines);
	g_free(text);
	*ret_metrics = metrics;
	return 0;
}
