/* Messages to a command of the site's. */
#pragma once

#include <stddef.h>

#include "config.h"
#include "transport.h"

/* Runs the command of HOOK, writes MESSAGE to its standard input, and waits for its end: status 0 is sent, 69
 * (sysexits.h: EX_UNAVAILABLE) failed, and everything else deferred: another status, a signal, a command that is not
 * there, and one that takes longer than its timeout and is killed, with whatever it has started. The answer is the
 * first that it says on its standard output or error. */
void lk_hook_run(
	const struct lk_hook_config *hook, const char *message, size_t length, struct lk_delivery *ret_delivery);
