#include "sentence.h"

#include <glib/gi18n.h>
#include <stdbool.h>
#include <string.h>

/* U+202A to U+202E, U+2066 to U+2069 and the marks U+200E, U+200F and U+061C. */
static bool turns_direction(gunichar c)
{
	return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200e || c == 0x200f || c == 0x061c;
}

char *lk_sentence_clean(const char *text, size_t most)
{
	char *valid = g_utf8_make_valid(text, most == 0 ? -1 : (gssize)strnlen(text, most * 6));
	GString *clean = g_string_sized_new(strlen(valid));
	size_t shown = 0;

	for (const char *at = valid; *at != '\0' && (most == 0 || shown < most); at = g_utf8_next_char(at), shown++) {
		gunichar c = g_utf8_get_char(at);
		g_string_append_unichar(clean, g_unichar_iscntrl(c) || turns_direction(c) ? 0xfffd : c);
	}
	if (most != 0 && shown == most)
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

static void append_value(GString *text, const char *name, size_t length, lk_sentence_show *show, va_list values)
{
	char *shown = show(name, length, find_value(name, length, values));

	g_string_append(text, shown);
	g_free(shown);
}

char *lk_sentence_fill(const char *template, lk_sentence_show *show, va_list values)
{
	GString *text = g_string_new(NULL);
	const char *at = template, *open, *close;

	while ((open = strchr(at, '{')) != NULL && (close = strchr(open, '}')) != NULL) {
		va_list copy;
		va_copy(copy, values);
		g_string_append_len(text, at, open - at);
		append_value(text, open + 1, (size_t)(close - open - 1), show, copy);
		va_end(copy);
		at = close + 1;
	}
	g_string_append(text, at);
	return g_string_free(text, FALSE);
}

static char *show_as_it_is(const char *name, size_t length, const char *value)
{
	return value == NULL ? g_strndup(name, length) : g_strdup(value);
}

static char *fill(const char *template, ...)
{
	va_list values;

	va_start(values, template);
	char *text = lk_sentence_fill(template, show_as_it_is, values);
	va_end(values);
	return text;
}

/* Written from the catalogue rather than by strftime(), which needs the reader's locale to be installed. */
char *lk_sentence_time(const char *template, time_t when)
{
	static const char *const days[] = {N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun")};
	GDateTime *local = g_date_time_new_from_unix_local(when);
	if (local == NULL)
		return g_strdup("");

	static const char *const formats[] = {"%Y", "%-m", "%-d", "%-l", "%M"};
	char *numbers[G_N_ELEMENTS(formats)];
	for (size_t i = 0; i < G_N_ELEMENTS(formats); i++)
		numbers[i] = g_strstrip(g_date_time_format(local, formats[i]));
	char *text = fill(template, "weekday", _(days[g_date_time_get_day_of_week(local) - 1]), "year", numbers[0], "month",
		numbers[1], "day", numbers[2], "hour", numbers[3], "minute", numbers[4], "half",
		g_date_time_get_hour(local) < 12 ? _("am") : _("pm"), "zone", g_date_time_get_timezone_abbreviation(local),
		NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(formats); i++)
		g_free(numbers[i]);
	g_date_time_unref(local);
	return text;
}
