/* What stands before a line of slapd's log, in the forms of log-line.h. */
#pragma once

#include <lber.h>
#include <time.h>

/* Takes the stamp off REST, if it begins with one; *ret_when is the time that it tells, else untouched. What is no
 * stamp as a whole stays. NOW: the year of a stamp without one is such that it is at most a day ahead. */
void lk_log_stamp_take(struct berval *rest, time_t now, time_t *ret_when);

/* A time as people write it: "2026-11-22", with "T04:01" or "T04:01:59" and a fraction, and with "Z" or "+09:00"; local
 * time without these. Takes it off REST. LK_ERR_MALFORMED. */
int lk_log_time_take(struct berval *rest, time_t *ret_when);
