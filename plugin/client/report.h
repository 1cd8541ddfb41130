/* What policies that observe would have refused, put together from log lines, in bounded memory. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <time.h>

#include "log-line.h"

#define LK_REPORT_KINDS 4096
#define LK_REPORT_TARGETS 200000 /* of all kinds together */
#define LK_REPORT_EXAMPLES 3

/* Requests of one actor from one client, of one sort, that one rule would have refused. Strings are NUL-terminated. */
struct lk_report_kind {
	char *actor, *client, *event, *changes, *rule;
	guint64 count;
	time_t first, last; /* 0: not known */
	guint64 targets; /* different ones */
	bool more_targets; /* there may be more of them */
	char *examples[LK_REPORT_EXAMPLES]; /* targets; NULL after the last */
};

struct lk_report;

/* Lines of before SINCE (0: none) are left out. Free with lk_report_free(). */
struct lk_report *lk_report_new(time_t since);
void lk_report_free(struct lk_report *report); /* takes NULL */

/* An lk_log_seen. What slapd itself has refused would be no loss, so it does not count. */
void lk_report_add(void *report, const struct lk_log_line *line);

/* The kinds, those with most requests first; free with g_ptr_array_unref(), before REPORT. */
GPtrArray *lk_report_kinds(const struct lk_report *report);
/* How many requests are in no kind, since there are too many of these. */
guint64 lk_report_others(const struct lk_report *report);
/* How many lines do not say when they were written, and were left out for that. */
guint64 lk_report_undated(const struct lk_report *report);
