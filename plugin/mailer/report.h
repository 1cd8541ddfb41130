/* What the service tells about itself while it runs: to monitoring, to the service manager, and to whoever watches it
 * at a terminal. */
#pragma once

#include <glib.h>

#include "metrics.h"

struct lk_report {
	const char *path; /* of the file for monitoring; or NULL */
	struct lk_metrics metrics;
	gint64 written; /* milliseconds; when the file was last written, or tried */
	bool is_unwritable; /* which was said */
	gint64 busy_since; /* 0: nothing is due */
	gint64 shown; /* when a line last went to the terminal */
	double sent_before; /* when it did */
};

/* Begins with what a mailer before this one left in PATH (or NULL). */
void lk_report_begin(struct lk_report *report, const char *path);

/* To be called often: passes on what is new, as often as is good for each reader. IS_BUSY: there is something to do. */
void lk_report_tell(struct lk_report *report, bool is_busy);

/* The last word. */
void lk_report_end(struct lk_report *report);
