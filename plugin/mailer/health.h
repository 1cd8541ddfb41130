/* What monitoring should think of the mailer, from what it last wrote about itself. Pure. */
#pragma once

#include <time.h>

#include "metrics.h"

/* The exit statuses of monitoring plugins (https://www.monitoring-plugins.org/doc/guidelines.html). */
enum lk_health { LK_HEALTH_OK, LK_HEALTH_WARNING, LK_HEALTH_CRITICAL, LK_HEALTH_UNKNOWN };

/* In seconds. */
struct lk_health_limits {
	double warning; /* of the backlog's age */
	double critical; /* the same */
	double failed_within; /* a message that failed so long ago is still bad news */
};

#define LK_HEALTH_SILENCE 60 /* a mailer that has written nothing for so many seconds does not serve */

/* *ret_reason is a static sentence. */
enum lk_health lk_health_judge(
	const struct lk_metrics *metrics, time_t now, const struct lk_health_limits *limits, const char **ret_reason);

const char *lk_health_name(enum lk_health health); /* OK, WARNING, ... */
