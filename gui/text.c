#include "text.h"

#include <glib/gi18n.h>
#include <stdarg.h>
#include <string.h>

#include "sentence.h"

char *lk_text_clean(const char *text)
{
	return text == NULL ? g_strdup("") : lk_sentence_clean(text, LK_TEXT_SHOWN);
}

static char *show(const char *name, size_t length, const char *value)
{
	(void)name, (void)length;
	return lk_text_clean(value);
}

char *lk_text_fill(const char *template, ...)
{
	va_list values;

	va_start(values, template);
	char *text = lk_sentence_fill(template, show, values);
	va_end(values);
	return text;
}

char *lk_text_time(time_t when)
{
	/* TRANSLATORS: a date and a time of day; {half} is am or pm. */
	return lk_sentence_time(_("{weekday} {year}-{month}-{day}, {hour}:{minute} {half} {zone}"), when);
}

char *lk_text_time_short(time_t when)
{
	/* TRANSLATORS: a date and a time of day in a list; {half} is am or pm. */
	return lk_sentence_time(_("{year}-{month}-{day}, {hour}:{minute} {half}"), when);
}

void lk_text_add_line(GString *lines, char *line)
{
	if (*line != '\0')
		g_string_append_printf(lines, "%s%s", lines->len > 0 ? "\n" : "", line);
	g_free(line);
}

void lk_text_add_time(GString *lines, const char *template, time_t when)
{
	char *text = lk_text_time(when);

	lk_text_add_line(lines, lk_text_fill(template, "time", text, NULL));
	g_free(text);
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
		return lk_sentence_time(_("today, {hour}:{minute} {half}"), when);
	case 1:
		return lk_sentence_time(_("yesterday, {hour}:{minute} {half}"), when);
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
