/* Where a test build dies: LATCHKEY_KILL_AT="operation:point" in slapd's environment kills it there, at once.
 * LATCHKEY_TAKEOVER_SECONDS there shortens the time after which one provider's messages are another's mailer's. */
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

time_t lk_takeover_seconds(void)
{
	const char *wanted = getenv("LATCHKEY_TAKEOVER_SECONDS");

	return wanted ? atoi(wanted) : LK_TAKEOVER_SECONDS;
}
