/* The wishes of whoever runs the mailer: to end (SIGTERM, SIGINT) or to read its files again (SIGHUP). They are looked
 * at between messages only, so that none is left half-way. */
#pragma once

#include <stdbool.h>

/* From here on the signals wait to be asked for, in this thread and in those that it makes. -1 with errno. */
int lk_stop_init(void);

/* Sleeps for MILLISECONDS, or until it is time to end or to reload; whether it is to end. That stays so. */
bool lk_stop_wait(int milliseconds);

/* Whether SIGHUP came since this was last asked. */
bool lk_stop_reload(void);
