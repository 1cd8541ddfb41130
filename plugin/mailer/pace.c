#include "pace.h"

#define FIRST_WAIT 30
#define LONGEST_WAIT 3600
#define READING_TIME 60
#define SHORTEST_WAIT 10
#define GIVE_UP ((time_t)5 * 24 * 3600)
#define LONGEST_RECONNECT 30U

time_t lk_pace_backoff(unsigned tries)
{
	time_t wait = FIRST_WAIT;

	while (tries-- && wait < LONGEST_WAIT)
		wait *= 2;
	return wait < LONGEST_WAIT ? wait : LONGEST_WAIT;
}

bool lk_pace_retry(time_t now, time_t created, time_t expires, unsigned tries, double chance, time_t *ret_when)
{
	time_t wait = lk_pace_backoff(tries);
	time_t when = now + wait + (time_t)(chance * (double)(wait / 4));

	if (now >= created + GIVE_UP)
		return false;
	if (expires && when > expires - READING_TIME)
		when = expires - READING_TIME;
	if (when < now + SHORTEST_WAIT)
		return false;
	*ret_when = when;
	return true;
}

unsigned lk_pace_reconnect(unsigned failures)
{
	unsigned wait = 1;

	while (failures-- && wait < LONGEST_RECONNECT)
		wait *= 2;
	return wait < LONGEST_RECONNECT ? wait : LONGEST_RECONNECT;
}

int lk_pace_window(int window, bool well)
{
	if (!well)
		return 1;
	return window < LK_WINDOW_MOST ? window + 1 : LK_WINDOW_MOST;
}
