#include "date.h"

#include <glib/gi18n.h>
#include <string.h>

#include "expand.h"

#define FORMAT NC_("mail", "{weekday}, {day} {month} {year}, {hour}:{minute} {half} ({zone})")

static const char *const months[] = {
	NC_("mail", "January"),
	NC_("mail", "February"),
	NC_("mail", "March"),
	NC_("mail", "April"),
	NC_("mail", "May"),
	NC_("mail", "June"),
	NC_("mail", "July"),
	NC_("mail", "August"),
	NC_("mail", "September"),
	NC_("mail", "October"),
	NC_("mail", "November"),
	NC_("mail", "December"),
};

static const char *const weekdays[] = {
	NC_("mail", "Monday"),
	NC_("mail", "Tuesday"),
	NC_("mail", "Wednesday"),
	NC_("mail", "Thursday"),
	NC_("mail", "Friday"),
	NC_("mail", "Saturday"),
	NC_("mail", "Sunday"),
};

/* Abbreviations that most readers would not know, or that a language has words for. */
static const struct {
	const char *abbreviation;
	const char *name;
} zones[] = {
	{"KST", NC_("mail", "Korea Standard Time")},
	{"UTC", "UTC"},
};

/* Nothing that could lead out of the zone files' directory. */
static gboolean is_zone_name(const struct berval *zone)
{
	for (ber_len_t i = 0; i < zone->bv_len; i++)
		if (!g_ascii_isalnum(zone->bv_val[i]) && !strchr("_+-/", zone->bv_val[i]))
			return FALSE;
	return zone->bv_len > 0 && zone->bv_val[0] != '/';
}

static GTimeZone *find_zone(const struct berval *zone)
{
	GTimeZone *found = NULL;

	if (is_zone_name(zone)) {
		char *name = g_strndup(zone->bv_val, zone->bv_len);
		found = g_time_zone_new_identifier(name);
		g_free(name);
	}
	return found ? found : g_time_zone_new_utc();
}

/* Abbreviations such as CST stand for several zones, and some zones have digits for one: the offset tells them. */
static char *zone_name(const struct lk_language *language, GDateTime *date)
{
	const char *abbreviation = g_date_time_get_timezone_abbreviation(date);

	for (gsize i = 0; i < G_N_ELEMENTS(zones); i++)
		if (strcmp(abbreviation, zones[i].abbreviation) == 0)
			return g_strdup(lk_language_phrase(language, zones[i].name));
	return g_date_time_format(date, g_ascii_isalpha(*abbreviation) ? "%Z, UTC%:z" : "UTC%:z");
}

static char *write_date(const struct lk_language *language, GDateTime *date)
{
	int hour = g_date_time_get_hour(date);
	char year[8], day[8], clock_hour[8], minute[8];
	char *zone = zone_name(language, date);
	const struct lk_value values[] = {
		{"year", year},
		{"month", lk_language_phrase(language, months[g_date_time_get_month(date) - 1])},
		{"day", day},
		{"weekday", lk_language_phrase(language, weekdays[g_date_time_get_day_of_week(date) - 1])},
		{"half", lk_language_phrase(language, hour < 12 ? NC_("mail", "AM") : NC_("mail", "PM"))},
		{"hour", clock_hour},
		{"minute", minute},
		{"zone", zone},
		{NULL},
	};
	struct lk_secret text = {0};

	g_snprintf(year, sizeof year, "%d", g_date_time_get_year(date));
	g_snprintf(day, sizeof day, "%d", g_date_time_get_day_of_month(date));
	g_snprintf(clock_hour, sizeof clock_hour, "%d", hour % 12 ? hour % 12 : 12);
	g_snprintf(minute, sizeof minute, "%02d", g_date_time_get_minute(date));
	const char *format = lk_language_phrase(language, FORMAT);
	lk_expand(format, strlen(format), values, LK_FORM_TEXT, &text);
	char *result = g_strdup(lk_secret_text(&text));
	lk_secret_wipe(&text);
	g_free(zone);
	return result;
}

char *lk_date_write(const struct lk_language *language, time_t when, const struct berval *zone)
{
	GTimeZone *found = find_zone(zone);
	GDateTime *utc = g_date_time_new_from_unix_utc(when);
	GDateTime *local = g_date_time_to_timezone(utc, found);
	char *text = write_date(language, local);

	g_date_time_unref(local);
	g_date_time_unref(utc);
	g_time_zone_unref(found);
	return text;
}
