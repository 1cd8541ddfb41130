/* Where a test build dies: LATCHKEY_KILL_AT="operation:point" in slapd's environment kills it there, at once.
 * LATCHKEY_WAIT_AT names points ("operation:point operation:point") at which it waits for a little longer than a beat.
 * LATCHKEY_HOLD_AT names points at which it waits while there is a file of the name LATCHKEY_HOLD_WHILE.
 * LATCHKEY_TAKEOVER_SECONDS there shortens the time after which one provider's messages are another's mailer's,
 * LATCHKEY_EXPIRY_SECONDS that between two looks for passwords which are about to expire. */
#include "overlay.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static void hold(const char *file)
{
	static const struct timespec moment = {.tv_nsec = 5000000};

	while (file && access(file, F_OK) == 0)
		nanosleep(&moment, NULL);
}

void lk_kill_point(const char *operation, const char *point)
{
	static const struct timespec while_it_beats = {.tv_sec = 1, .tv_nsec = 500000000};
	const char *killed = getenv("LATCHKEY_KILL_AT"), *waits = getenv("LATCHKEY_WAIT_AT"),
			   *holds = getenv("LATCHKEY_HOLD_AT");
	char here[128];

	if (!killed && !waits && !holds)
		return;
	snprintf(here, sizeof here, "%s:%s", operation, point);
	if (killed && !strcmp(killed, here))
		raise(SIGKILL);
	if (waits && strstr(waits, here))
		nanosleep(&while_it_beats, NULL);
	if (holds && strstr(holds, here))
		hold(getenv("LATCHKEY_HOLD_WHILE"));
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
