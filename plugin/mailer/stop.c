#include "stop.h"

#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <sys/signalfd.h>

static int signals = -1;

int lk_stop_init(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return -1;
	signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return signals < 0 ? -1 : 0;
}

/* The signal is never read, so the descriptor stays readable. */
bool lk_stop_wait(int milliseconds)
{
	struct pollfd asked = {.fd = signals, .events = POLLIN};

	return poll(&asked, 1, milliseconds) > 0;
}
