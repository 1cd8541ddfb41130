/* Where a test build dies: LATCHKEY_KILL_AT="operation:point" in slapd's environment kills it there, at once.
 * LATCHKEY_TAKEOVER_SECONDS there shortens the time after which one provider's messages are another's mailer's,
 * LATCHKEY_EXPIRY_SECONDS that between two looks for passwords which are about to expire. */
#include "overlay.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

void lk_kill_point(const char *operation, const char *point)
{
	const char *wanted = getenv("LATCHKEY_KILL_AT");
	char here[128];

	if (!wanted)
		return;
	snprintf(here, sizeof here, "%s:%s", operation, point);
	if (!strcmp(wanted, here))
		raise(SIGKILL);
}

static time_t seconds_of(const char *name, time_t otherwise)
{
	const char *wanted = getenv(name);

	return wanted ? atoi(wanted) : otherwise;
}

time_t lk_takeover_seconds(void)
{
	return seconds_of("LATCHKEY_TAKEOVER_SECONDS", LK_TAKEOVER_SECONDS);
}

time_t lk_expiry_interval(void)
{
	return seconds_of("LATCHKEY_EXPIRY_SECONDS", LK_EXPIRY_INTERVAL);
}
