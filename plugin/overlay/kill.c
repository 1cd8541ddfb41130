/* Where a test build dies: LATCHKEY_KILL_AT="operation:point" in slapd's environment kills it there, at once. */
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
