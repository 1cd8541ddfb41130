#include "log.h"

#include <glib.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

static gboolean is_plain(const char *value)
{
	if (!*value)
		return FALSE;
	for (; *value; value++)
		if (!g_ascii_isalnum(*value) && !strchr("@.,:;/+-_<>[]()*%", *value))
			return FALSE;
	return TRUE;
}

static void append_quoted(GString *line, const char *value)
{
	g_string_append_c(line, '"');
	for (; *value; value++) {
		unsigned char octet = (unsigned char)*value;

		if (octet < 0x20 || octet == 0x7f)
			g_string_append_printf(line, "\\x%02x", octet);
		else if (octet == '"' || octet == '\\')
			g_string_append_printf(line, "\\%c", octet);
		else
			g_string_append_c(line, (char)octet);
	}
	g_string_append_c(line, '"');
}

static void append_pair(GString *line, const char *key, const char *value)
{
	g_string_append_printf(line, "%s%s=", line->len ? " " : "", key);
	if (is_plain(value))
		g_string_append(line, value);
	else
		append_quoted(line, value);
}

void lk_log(const char *event, ...)
{
	GString *line = g_string_sized_new(256);
	const char *key;
	va_list pairs;

	append_pair(line, "event", event);
	va_start(pairs, event);
	while ((key = va_arg(pairs, const char *))) {
		const char *value = va_arg(pairs, const char *);
		if (value)
			append_pair(line, key, value);
	}
	va_end(pairs);
	g_string_append_c(line, '\n');

	/* One write a line, so that lines of several processes do not mix. Nobody can be told when it fails. */
	if (write(STDERR_FILENO, line->str, line->len) < 0)
		line->len = 0;
	g_string_free(line, TRUE);
}
