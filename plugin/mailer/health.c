#include "health.h"

enum lk_health lk_health_judge(
	const struct lk_metrics *metrics, time_t now, const struct lk_health_limits *limits, const char **ret_reason)
{
	double time_now = (double)now;
	const struct {
		bool holds;
		enum lk_health health;
		const char *reason;
	} findings[] = {
		{metrics->heartbeat == 0, LK_HEALTH_UNKNOWN, "the file was not written by latchkey-mailer"},
		{time_now - metrics->heartbeat > LK_HEALTH_SILENCE, LK_HEALTH_CRITICAL, "the mailer does not serve"},
		{metrics->directory_up == 0, LK_HEALTH_CRITICAL, "the directory is away"},
		{metrics->undelivered != 0, LK_HEALTH_CRITICAL, "messages could not be delivered, and nobody has seen to them"},
		{metrics->last_failed != 0 && time_now - metrics->last_failed < limits->failed_within, LK_HEALTH_CRITICAL,
			"a message has failed"},
		{metrics->last_bounced != 0 && time_now - metrics->last_bounced < limits->failed_within, LK_HEALTH_CRITICAL,
			"a message has come back"},
		{metrics->backlog_age > limits->critical, LK_HEALTH_CRITICAL, "messages have been waiting for too long"},
		{metrics->transport_up == 0, LK_HEALTH_WARNING, "no mail server takes mails"},
		{metrics->backlog_age > limits->warning, LK_HEALTH_WARNING, "messages are waiting"},
	};

	for (size_t i = 0; i < sizeof findings / sizeof *findings; i++) {
		if (findings[i].holds) {
			*ret_reason = findings[i].reason;
			return findings[i].health;
		}
	}
	*ret_reason = "messages are being sent as they come";
	return LK_HEALTH_OK;
}

const char *lk_health_name(enum lk_health health)
{
	static const char *const names[] = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};

	return names[health];
}
