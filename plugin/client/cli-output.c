#include "cli-output.h"

#include <glib/gi18n.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* U+202A to U+202E, U+2066 to U+2069 and the marks U+200E, U+200F and U+061C. */
static bool turns_direction(gunichar c)
{
	return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200e || c == 0x200f || c == 0x061c;
}

char *lk_cli_clean(const char *text)
{
	char *valid = g_utf8_make_valid(text, -1);
	GString *clean = g_string_sized_new(strlen(valid));

	for (const char *at = valid; *at != '\0'; at = g_utf8_next_char(at)) {
		gunichar c = g_utf8_get_char(at);
		g_string_append_unichar(clean, g_unichar_iscntrl(c) || turns_direction(c) ? 0xfffd : c);
	}
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

static void append_placeholder(GString *text, const char *name, size_t length, va_list values)
{
	const char *value = find_value(name, length, values);

	if (value == NULL) {
		g_string_append_printf(text, "{%.*s}", (int)length, name);
		return;
	}
	char *clean = lk_cli_clean(value);
	g_string_append(text, clean);
	g_free(clean);
}

static char *fill(const char *template, va_list values)
{
	GString *text = g_string_new(NULL);
	const char *at = template, *open, *close;

	while ((open = strchr(at, '{')) != NULL && (close = strchr(open, '}')) != NULL) {
		va_list copy;
		va_copy(copy, values);
		g_string_append_len(text, at, open - at);
		append_placeholder(text, open + 1, (size_t)(close - open - 1), copy);
		va_end(copy);
		at = close + 1;
	}
	g_string_append(text, at);
	return g_string_free(text, FALSE);
}

char *lk_cli_fill(const char *template, ...)
{
	va_list values;

	va_start(values, template);
	char *text = fill(template, values);
	va_end(values);
	return text;
}

void lk_cli_say(const char *template, ...)
{
	va_list values;

	va_start(values, template);
	char *text = fill(template, values);
	va_end(values);
	g_print("%s\n", text);
	g_free(text);
}

void lk_cli_complain(const char *template, ...)
{
	va_list values;

	va_start(values, template);
	char *text = fill(template, values);
	va_end(values);
	g_printerr("latchkey: %s\n", text);
	g_free(text);
}

/* Written from the catalogue rather than by strftime(), which needs the reader's locale to be installed. */
char *lk_cli_time(time_t when)
{
	static const char *const days[] = {N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun")};
	GDateTime *local = g_date_time_new_from_unix_local(when);
	char *numbers[] = {g_date_time_format(local, "%Y"), g_date_time_format(local, "%-m"),
		g_date_time_format(local, "%-d"), g_date_time_format(local, "%-l"), g_date_time_format(local, "%M")};
	const char *half = g_date_time_get_hour(local) < 12 ? _("am") : _("pm");

	/* TRANSLATORS: a date and a time of day; {half} is am or pm. */
	char *text = lk_cli_fill(_("{weekday} {year}-{month}-{day}, {hour}:{minute} {half} {zone}"), "weekday",
		_(days[g_date_time_get_day_of_week(local) - 1]), "year", numbers[0], "month", numbers[1], "day", numbers[2],
		"hour", numbers[3], "minute", numbers[4], "half", half, "zone", g_date_time_get_timezone_abbreviation(local),
		NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++)
		g_free(numbers[i]);
	g_date_time_unref(local);
	return text;
}

char *lk_cli_json_time(time_t when)
{
	GDateTime *utc = g_date_time_new_from_unix_utc(when);
	char *text = g_date_time_format(utc, "%Y-%m-%dT%H:%M:%SZ");

	g_date_time_unref(utc);
	return text;
}

void lk_cli_json_text(JsonBuilder *builder, const char *name, const char *text)
{
	json_builder_set_member_name(builder, name);
	if (text == NULL) {
		json_builder_add_null_value(builder);
		return;
	}
	char *valid = g_utf8_make_valid(text, -1);
	json_builder_add_string_value(builder, valid);
	g_free(valid);
}

void lk_cli_json_when(JsonBuilder *builder, const char *name, time_t when)
{
	char *text = when == 0 ? NULL : lk_cli_json_time(when);

	lk_cli_json_text(builder, name, text);
	g_free(text);
}

void lk_cli_json_flag(JsonBuilder *builder, const char *name, bool flag)
{
	json_builder_set_member_name(builder, name);
	json_builder_add_boolean_value(builder, flag);
}

void lk_cli_json_number(JsonBuilder *builder, const char *name, gint64 number)
{
	json_builder_set_member_name(builder, name);
	json_builder_add_int_value(builder, number);
}

JsonBuilder *lk_cli_json_begin(bool ok)
{
	JsonBuilder *builder = json_builder_new();

	json_builder_begin_object(builder);
	lk_cli_json_flag(builder, "ok", ok);
	return builder;
}

static void end(JsonBuilder *builder, bool pretty)
{
	json_builder_end_object(builder);
	JsonNode *root = json_builder_get_root(builder);
	char *text = json_to_string(root, pretty);

	/* JSON is UTF-8 whatever the locale, so not by g_print(). */
	puts(text);
	explicit_bzero(text, strlen(text));
	g_free(text);
	json_node_unref(root);
	g_object_unref(builder);
}

void lk_cli_json_end(JsonBuilder *builder)
{
	end(builder, true);
}

void lk_cli_json_end_line(JsonBuilder *builder)
{
	end(builder, false);
}

bool lk_cli_flush(void)
{
	return fflush(stdout) == 0 && ferror(stdout) == 0;
}
