#include "form.h"

#include <glib.h>
#include <string.h>

static const struct {
	const char *name;
	size_t offset;
} fields[] = {
	{"token", offsetof(struct lk_web_form, token)},
	{"user", offsetof(struct lk_web_form, user)},
	{"code", offsetof(struct lk_web_form, code)},
	{"second", offsetof(struct lk_web_form, second)},
	{"old", offsetof(struct lk_web_form, old)},
	{"new", offsetof(struct lk_web_form, new)},
	{"repeated", offsetof(struct lk_web_form, repeated)},
	{"go", offsetof(struct lk_web_form, go)},
	{"again", offsetof(struct lk_web_form, again)},
};

/* The octet that begins at *AT, which moves behind it; -1 where an escape is none, or is a NUL. */
static int read_octet(const char **at)
{
	const char *text = *at;

	*at += 1;
	if (*text == '+')
		return ' ';
	if (*text != '%')
		return *text == '\0' ? -1 : (unsigned char)*text;
	if (!g_ascii_isxdigit(text[1]) || !g_ascii_isxdigit(text[2]))
		return -1;
	*at += 2;
	int octet = g_ascii_xdigit_value(text[1]) * 16 + g_ascii_xdigit_value(text[2]);
	return octet == 0 ? -1 : octet;
}

/* In place, from TEXT to END, where a NUL is written. What is decoded is never longer. */
static bool decode(char *text, const char *end)
{
	const char *at = text;
	char *to = text;

	while (at < end) {
		int octet = read_octet(&at);
		if (octet < 0 || at > end)
			return false;
		*to++ = (char)octet;
	}
	*to = '\0';
	return g_utf8_validate(text, -1, NULL);
}

static bool set_field(struct lk_web_form *form, const char *name, char *value)
{
	for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
		char **place = (char **)((char *)form + fields[i].offset);
		if (strcmp(fields[i].name, name) != 0)
			continue;
		if (*place != NULL)
			return false;
		*place = value;
	}
	return true;
}

/* One pair, which ends at END: there stands an ampersand, or the end of all. */
static bool read_pair(char *pair, char *end, struct lk_web_form *form)
{
	char *equals = memchr(pair, '=', (size_t)(end - pair)), *value = equals == NULL ? end : equals + 1;

	*end = '\0';
	if (equals != NULL)
		*equals = '\0';
	return decode(pair, equals == NULL ? end : equals) && decode(value, end) && set_field(form, pair, value);
}

bool lk_web_form_read(char *body, size_t length, struct lk_web_form *ret_form)
{
	struct lk_web_form form = {NULL};
	char *last = body + length;

	*last = '\0';
	while (body < last) {
		char *end = memchr(body, '&', (size_t)(last - body));
		if (end == NULL)
			end = last;
		if (end > body && !read_pair(body, end, &form))
			return false;
		body = end + 1;
	}
	*ret_form = form;
	return true;
}
