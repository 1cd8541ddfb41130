#include "log.h"

#include <glib.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

static void append_value(GString *line, const char *value)
{
	const char *plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:-_/";

	if (*value != '\0' && value[strspn(value, plain)] == '\0') {
		g_string_append(line, value);
		return;
	}
	g_string_append_c(line, '"');
	for (; *value != '\0'; value++) {
		if ((unsigned char)*value < ' ' || *value == 0x7f || *value == '"' || *value == '\\')
			g_string_append_printf(line, "\\%02X", (unsigned char)*value);
		else
			g_string_append_c(line, *value);
	}
	g_string_append_c(line, '"');
}

void lk_web_log(const char *event, ...)
{
	GString *line = g_string_new("event=");
	const char *key;
	va_list pairs;

	append_value(line, event);
	va_start(pairs, event);
	while ((key = va_arg(pairs, const char *)) != NULL) {
		const char *value = va_arg(pairs, const char *);
		if (value == NULL)
			continue;
		g_string_append_printf(line, " %s=", key);
		append_value(line, value);
	}
	va_end(pairs);
	g_string_append_c(line, '\n');
	/* One write a line, so that lines do not mix. Nobody can be told when it fails. */
	if (write(STDERR_FILENO, line->str, line->len) < 0)
		line->len = 0;
	g_string_free(line, TRUE);
}
