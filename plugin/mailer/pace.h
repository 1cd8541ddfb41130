/* When to try again, and how much to take at once. Pure: the caller brings the clock. */
#pragma once

#include <stdbool.h>
#include <time.h>

/* Seconds until the next attempt after TRIES earlier ones: 30 s doubled each time, an hour at most. */
time_t lk_pace_backoff(unsigned tries);

/* When to try a message again that could not be handed on at NOW. The last attempt is early enough that the reader
 * has a minute before EXPIRES (0: never); a message is given up five days after CREATED. False where no attempt is
 * left. */
bool lk_pace_retry(time_t now, time_t created, time_t expires, unsigned tries, time_t *ret_when);

/* Seconds to wait before the directory is asked again, after FAILURES in a row: 1 s doubled each time, 30 s at most. */
unsigned lk_pace_reconnect(unsigned failures);

#define LK_BATCH_MOST 50

/* How many to take next, after TAKEN were and DONE of them could be handled in the time of their lease: one at
 * first, twice as many while all goes well, and never more than a slow mail server has just been seen to manage. */
int lk_pace_batch(int most, size_t taken, size_t done);
