#include "answer.h"

#include <glib.h>
#include <string.h>

static char *valid_line(const char *answer)
{
	char *line = g_utf8_make_valid(answer, -1);

	for (char *at = line; *at; at++)
		if (g_ascii_iscntrl(*at))
			*at = ' ';
	return line;
}

static gboolean begins_with(const char *text, const struct berval *secret)
{
	return secret->bv_len && strlen(text) >= secret->bv_len && memcmp(text, secret->bv_val, secret->bv_len) == 0;
}

static void append_clean(GString *clean, gunichar character)
{
	if (!g_unichar_iscntrl(character))
		g_string_append_unichar(clean, character);
}

static void cut(GString *text, gsize most)
{
	if (text->len <= most)
		return;
	while (((unsigned char)text->str[most] & 0xc0) == 0x80)
		most--;
	g_string_truncate(text, most);
}

void lk_answer_clean(const char *answer, const struct berval *secret, char ret_answer[LK_ANSWER_MAX + 1])
{
	char *line = valid_line(answer);
	GString *clean = g_string_new(NULL);

	for (const char *at = line; *at;) {
		if (begins_with(at, secret)) {
			g_string_append(clean, "...");
			at += secret->bv_len;
			continue;
		}
		append_clean(clean, g_utf8_get_char(at));
		at = g_utf8_next_char(at);
	}
	cut(clean, LK_ANSWER_MAX);
	strcpy(ret_answer, g_strstrip(clean->str));
	g_string_free(clean, TRUE);
	g_free(line);
}
