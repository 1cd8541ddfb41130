#include "expiry-rules.h"

#include <stdio.h>

#include "error.h"
#include "text.h"

#define DAY 86400

bool lk_expiry_noted_parse(const struct berval *value, struct lk_expiry_noted *ret_noted)
{
	struct berval time = {.bv_len = LK_TIME_TEXT, .bv_val = value->bv_val};
	struct lk_expiry_noted noted = {0};

	if (value->bv_len < LK_TIME_TEXT + 2 || value->bv_len > LK_EXPIRY_NOTED_MAX || value->bv_val[LK_TIME_TEXT] != ' ' ||
		lk_time_parse(&time, &noted.expires) != LK_OK)
		return false;
	for (size_t i = LK_TIME_TEXT + 1; i < value->bv_len; i++) {
		if (value->bv_val[i] < '0' || value->bv_val[i] > '9')
			return false;
		noted.days = noted.days * 10 + (unsigned)(value->bv_val[i] - '0');
	}
	*ret_noted = noted;
	return true;
}

void lk_expiry_noted_format(const struct lk_expiry_noted *noted, char ret_text[LK_EXPIRY_NOTED_MAX + 1])
{
	lk_time_format(noted->expires, ret_text);
	snprintf(ret_text + LK_TIME_TEXT, LK_EXPIRY_NOTED_MAX + 1 - LK_TIME_TEXT, " %u", noted->days % 1000);
}

/* The nearest of DAYS that has begun; 0: none. */
static unsigned begun(const struct lk_expiry_days *days, time_t left, time_t max_age)
{
	for (size_t i = 0; i < days->count; i++) {
		time_t before = (time_t)days->days[i] * DAY;

		if (left <= before)
			return before < max_age ? days->days[i] : 0;
	}
	return 0;
}

unsigned lk_expiry_due(
	const struct lk_expiry_days *days, time_t expires, time_t max_age, const struct lk_expiry_noted *noted, time_t now)
{
	unsigned due = expires > now ? begun(days, expires - now, max_age) : 0;

	return noted && noted->expires == expires && noted->days <= due ? 0 : due;
}

time_t lk_expiry_look(time_t now, unsigned server, time_t interval)
{
	return (now - (time_t)(server % LK_EXPIRY_PLACES) * (interval / LK_EXPIRY_PLACES)) / interval;
}
