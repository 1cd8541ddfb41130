#include "cli-output.h"

#include <glib/gi18n.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sentence.h"

char *lk_cli_clean(const char *text)
{
	return lk_sentence_clean(text, 0);
}

static char *show(const char *name, size_t length, const char *value)
{
	return value == NULL ? g_strdup_printf("{%.*s}", (int)length, name) : lk_cli_clean(value);
}

char *lk_cli_fill(const char *template, ...)
{
	va_list values;

	va_start(values, template);
	char *text = lk_sentence_fill(template, show, values);
	va_end(values);
	return text;
}

void lk_cli_say(const char *template, ...)
{
	va_list values;

	va_start(values, template);
	char *text = lk_sentence_fill(template, show, values);
	va_end(values);
	g_print("%s\n", text);
	g_free(text);
}

void lk_cli_complain(const char *template, ...)
{
	va_list values;

	va_start(values, template);
	char *text = lk_sentence_fill(template, show, values);
	va_end(values);
	g_printerr("latchkey: %s\n", text);
	g_free(text);
}

char *lk_cli_time(time_t when)
{
	/* TRANSLATORS: a date and a time of day; {half} is am or pm. */
	return lk_sentence_time(_("{weekday} {year}-{month}-{day}, {hour}:{minute} {half} {zone}"), when);
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
