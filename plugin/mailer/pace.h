/* When to try again, and how much to take at once. Pure: the caller brings the clock. */
#pragma once

#include <stdbool.h>
#include <time.h>

/* Seconds until the next attempt after TRIES earlier ones: 30 s doubled each time, an hour at most. */
time_t lk_pace_backoff(unsigned tries);

/* When to try a message again that could not be handed on at NOW. CHANCE (0 to 1) is drawn for each message: what
 * failed together is tried again spread over a quarter of the wait, and not all at once. The last attempt is early
 * enough that the reader has a minute before EXPIRES (0: never); a message is given up five days after CREATED. False
 * where no attempt is left. */
bool lk_pace_retry(time_t now, time_t created, time_t expires, unsigned tries, double chance, time_t *ret_when);

/* Seconds to wait before the directory is asked again, after FAILURES in a row: 1 s doubled each time, 30 s at most. */
unsigned lk_pace_reconnect(unsigned failures);

#define LK_WINDOW_MOST 256

/* How many messages may be in hand at once, after WINDOW were and one of them went WELL or not: one at first, twice as
 * many in each round while all goes well, and one again where a mail server is slow or away: what is in hand is out of
 * everybody else's. */
int lk_pace_window(int window, bool well);
