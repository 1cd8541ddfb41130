#include "stop.h"

#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <sys/signalfd.h>
#include <unistd.h>

static int signals = -1;
static bool is_over, is_reload;

int lk_stop_init(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return -1;
	signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return signals < 0 ? -1 : 0;
}

static void note_signals(void)
{
	struct signalfd_siginfo info;

	while (read(signals, &info, sizeof info) == (ssize_t)sizeof info) {
		if (info.ssi_signo == SIGHUP)
			is_reload = true;
		else
			is_over = true;
	}
}

bool lk_stop_wait(int milliseconds)
{
	struct pollfd asked = {.fd = signals, .events = POLLIN};

	if (!is_over && poll(&asked, 1, is_reload ? 0 : milliseconds) > 0)
		note_signals();
	return is_over;
}

bool lk_stop_reload(void)
{
	bool asked = is_reload;

	is_reload = false;
	return asked;
}
