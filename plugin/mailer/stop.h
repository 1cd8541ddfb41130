/* The wish to end: SIGTERM or SIGINT, looked at between messages only, so that none is left half-way. */
#pragma once

#include <stdbool.h>

/* From here on the two signals wait to be asked for. -1 with errno. */
int lk_stop_init(void);

/* Sleeps for MILLISECONDS, or until it is time to end; whether it is. It stays so. */
bool lk_stop_wait(int milliseconds);
