#include "text.h"

#include <glib/gi18n.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

/* U+202A to U+202E, U+2066 to U+2069 and the marks U+200E, U+200F and U+061C. */
static bool turns_direction(gunichar c)
{
	return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200e || c == 0x200f || c == 0x061c;
}

char *lk_text_clean(const char *text)
{
	if (text == NULL)
		return g_strdup("");

	char *valid = g_utf8_make_valid(text, (gssize)strnlen(text, (size_t)LK_TEXT_SHOWN * 6));
	GString *clean = g_string_sized_new(strlen(valid));
	size_t shown = 0;
	for (const char *at = valid; *at != '\0' && shown < LK_TEXT_SHOWN; at = g_utf8_next_char(at), shown++) {
		gunichar c = g_utf8_get_char(at);
		g_string_append_unichar(clean, g_unichar_iscntrl(c) || turns_direction(c) ? 0xfffd : c);
	}
	if (shown == LK_TEXT_SHOWN)
		g_string_append(clean, "…");
	g_free(valid);
	return g_string_free(clean, FALSE);
}

static const char *find_value(const char *name, size_t length, va_list values)
{
	const char *candidate, *found = NULL;

	while ((candidate = va_arg(values, const char *)) != NULL) {
		const char *value = va_arg(values, const char *);
		if (strlen(candidate) == length && strncmp(candidate, name, length) == 0)
			found = value;
	}
	return found;
}

static void append_value(GString *text, const char *name, size_t length, va_list values)
{
	const char *value = find_value(name, length, values);
	char *clean = lk_text_clean(value);

	g_string_append(text, clean);
	g_free(clean);
}

char *lk_text_fill(const char *template, ...)
{
	GString *text = g_string_new(NULL);
	const char *at = template, *open, *close;

	while ((open = strchr(at, '{')) != NULL && (close = strchr(open, '}')) != NULL) {
		va_list values;
		va_start(values, template);
		g_string_append_len(text, at, open - at);
		append_value(text, open + 1, (size_t)(close - open - 1), values);
		va_end(values);
		at = close + 1;
	}
	g_string_append(text, at);
	return g_string_free(text, FALSE);
}

/* Written from the catalogue rather than by strftime(), which needs the reader's locale to be installed. */
static char *format_time(const char *template, time_t when)
{
	static const char *const days[] = {N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun")};
	GDateTime *local = g_date_time_new_from_unix_local(when);
	if (local == NULL)
		return g_strdup("");

	static const char *const formats[] = {"%Y", "%-m", "%-d", "%-l", "%M"};
	char *numbers[G_N_ELEMENTS(formats)];
	for (size_t i = 0; i < G_N_ELEMENTS(formats); i++)
		numbers[i] = g_strstrip(g_date_time_format(local, formats[i]));
	char *text = lk_text_fill(template, "weekday", _(days[g_date_time_get_day_of_week(local) - 1]), "year", numbers[0],
		"month", numbers[1], "day", numbers[2], "hour", numbers[3], "minute", numbers[4], "half",
		g_date_time_get_hour(local) < 12 ? _("am") : _("pm"), "zone", g_date_time_get_timezone_abbreviation(local),
		NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(formats); i++)
		g_free(numbers[i]);
	g_date_time_unref(local);
	return text;
}

char *lk_text_time(time_t when)
{
	/* TRANSLATORS: a date and a time of day; {half} is am or pm. */
	return format_time(_("{weekday} {year}-{month}-{day}, {hour}:{minute} {half} {zone}"), when);
}

char *lk_text_time_short(time_t when)
{
	/* TRANSLATORS: a date and a time of day in a list; {half} is am or pm. */
	return format_time(_("{year}-{month}-{day}, {hour}:{minute} {half}"), when);
}

static int days_between(time_t when, time_t now)
{
	GDateTime *then = g_date_time_new_from_unix_local(when), *today = g_date_time_new_from_unix_local(now);
	GDate first, second;

	g_date_clear(&first, 1);
	g_date_clear(&second, 1);
	if (then != NULL && today != NULL) {
		g_date_set_dmy(&first, (GDateDay)g_date_time_get_day_of_month(then), (GDateMonth)g_date_time_get_month(then),
			(GDateYear)g_date_time_get_year(then));
		g_date_set_dmy(&second, (GDateDay)g_date_time_get_day_of_month(today), (GDateMonth)g_date_time_get_month(today),
			(GDateYear)g_date_time_get_year(today));
	}
	g_clear_pointer(&then, g_date_time_unref);
	g_clear_pointer(&today, g_date_time_unref);
	return g_date_valid(&first) && g_date_valid(&second) ? g_date_days_between(&first, &second) : -1;
}

char *lk_text_when(time_t when, time_t now)
{
	switch (days_between(when, now)) {
	case 0:
		/* TRANSLATORS: {half} is am or pm. */
		return format_time(_("today, {hour}:{minute} {half}"), when);
	case 1:
		return format_time(_("yesterday, {hour}:{minute} {half}"), when);
	default:
		return lk_text_time(when);
	}
}

char *lk_text_language(void)
{
	const char *locale = g_get_language_names()[0];

	if (strcmp(locale, "C") == 0 || g_str_has_prefix(locale, "C.") || strcmp(locale, "POSIX") == 0)
		return NULL;
	char *tag = g_strndup(locale, strcspn(locale, ".@"));
	return g_strdelimit(tag, "_", '-');
}
