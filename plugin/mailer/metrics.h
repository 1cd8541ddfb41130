/* What monitoring is told of the mailer, in a file in the text format of Prometheus
 * (https://prometheus.io/docs/instrumenting/exposition_formats/): a node exporter's textfile collector reads it, and
 * `latchkey-mailer health`. It names no person, address or message. */
#pragma once

#include <stdbool.h>
#include <time.h>

#include "complaint.h"
#include "message.h"

struct lk_metrics {
	double started; /* when; all times here in seconds since the epoch, 0: never */
	double heartbeat; /* when this was written */
	double settled[LK_STATE_COUNT]; /* how many were sent, deferred, failed, since the start */
	double last_sent;
	double last_failed; /* outlives a restart of the mailer */
	double delay; /* of all that were sent, from their making to their sending, added up */
	double backlog_age; /* for how long the message that is next has been due; 0 where nothing waits */
	double directory_up; /* 1 or 0 */
	double transport_up; /* whether the last mail found somebody who could take it */
	/* In a file of its own, which `latchkey-mailer bounce` writes: */
	double bounced; /* how many messages came back */
	double last_bounced;
	/* In none, but as the directory says: */
	double undelivered; /* how many messages failed, and nothing has come of it since */
};

/* A message was settled as STATE at NOW; it was made at CREATED. */
void lk_metrics_count(struct lk_metrics *metrics, enum lk_state state, time_t created, time_t now);

/* Replaces PATH by what METRICS says, so that a reader sees all of the old file or all of the new one. */
int lk_metrics_write(const char *path, const struct lk_metrics *metrics, struct lk_complaint *ret_complaint);

/* Counts a message that came back in the file PATH, which begins with the first of them. Two processes may do so at
 * once. */
int lk_metrics_count_bounce(const char *path, time_t now, struct lk_complaint *ret_complaint);

/* Reads either file: what is not in it is 0. */
int lk_metrics_read(const char *path, struct lk_metrics *ret_metrics, struct lk_complaint *ret_complaint);
