#include "manager.h"

#include <inttypes.h>
#include <systemd/sd-daemon.h>
#include <time.h>

static uint64_t monotonic_microseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

void lk_manager_ready(void)
{
	sd_notify(0, "READY=1");
}

void lk_manager_reloading(void)
{
	sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" PRIu64, monotonic_microseconds());
}

void lk_manager_stopping(void)
{
	sd_notify(0, "STOPPING=1\nSTATUS=");
}

void lk_manager_alive(const char *status)
{
	static uint64_t last;
	uint64_t now = monotonic_microseconds();

	if (last && now - last < 1000000)
		return;
	last = now;
	sd_notifyf(0, "WATCHDOG=1\nSTATUS=%s", status);
}
