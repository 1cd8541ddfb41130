/* Points in time as people read them. */
#pragma once

#include <lber.h>
#include <time.h>

#include "language.h"

/* "Saturday, 21 November 2026, 2:02 PM (Korea Standard Time)", "2026년 11월 21일(토) 오후 2:02(한국 표준시)". ZONE is an IANA
 * name; where it is empty or unknown, UTC. Free the result with g_free(). */
char *lk_date_write(const struct lk_language *language, time_t when, const struct berval *zone);
