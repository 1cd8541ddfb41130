#include "expand.h"

#include <string.h>

#include "markup.h"

const struct lk_value *lk_value_find(const struct lk_value *values, const char *name, size_t length)
{
	for (; values->name; values++)
		if (strlen(values->name) == length && memcmp(values->name, name, length) == 0)
			return values;
	return NULL;
}

bool lk_value_is_empty(const struct lk_value *value)
{
	return !value->text || !*value->text;
}

/* The length of the placeholder that TEXT begins with, braces included; 0 where it begins with none. */
static size_t measure_placeholder(const char *text, size_t length)
{
	size_t end = 1;

	if (length < 3 || text[0] != '{')
		return 0;
	while (end < length && (text[end] == '_' || (text[end] >= 'a' && text[end] <= 'z')))
		end++;
	return end > 1 && end < length && text[end] == '}' ? end + 1 : 0;
}

/* Values alone have line ends in them. */
static const char *entity(char character)
{
	return character == '\n' ? "<br>\n" : lk_markup_entity(character);
}

static void append_escaped(struct lk_secret *out, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		const char *replacement = entity(text[i]);
		if (replacement)
			lk_secret_append_text(out, replacement);
		else
			lk_secret_append(out, text + i, 1);
	}
}

static void append_link(struct lk_secret *out, const char *address)
{
	lk_secret_append_text(out, "<a href=\"");
	append_escaped(out, address, strlen(address));
	lk_secret_append_text(out, "\">");
	append_escaped(out, address, strlen(address));
	lk_secret_append_text(out, "</a>");
}

static bool is_web_address(const char *text)
{
	return strncmp(text, "https://", 8) == 0 || strncmp(text, "http://", 7) == 0;
}

static void append_value(struct lk_secret *out, const struct lk_value *value, enum lk_form form)
{
	if (lk_value_is_empty(value))
		return;
	if (form == LK_FORM_TEXT || value->is_markup)
		lk_secret_append_text(out, value->text);
	else if (form == LK_FORM_HTML && is_web_address(value->text))
		append_link(out, value->text);
	else
		append_escaped(out, value->text, strlen(value->text));
}

static void append_literal(struct lk_secret *out, const char *text, size_t length, enum lk_form form)
{
	if (form == LK_FORM_HTML)
		append_escaped(out, text, length);
	else
		lk_secret_append(out, text, length);
}

void lk_expand(
	const char *pattern, size_t length, const struct lk_value *values, enum lk_form form, struct lk_secret *ret_text)
{
	for (size_t at = 0; at < length;) {
		size_t placeholder = measure_placeholder(pattern + at, length - at);
		const struct lk_value *value = placeholder ? lk_value_find(values, pattern + at + 1, placeholder - 2) : NULL;
		if (value) {
			append_value(ret_text, value, form);
			at += placeholder;
			continue;
		}
		size_t literal = 1;
		while (at + literal < length && pattern[at + literal] != '{')
			literal++;
		append_literal(ret_text, pattern + at, literal, form);
		at += literal;
	}
}

const char *lk_placeholder_unknown(const char *pattern, size_t length, const struct lk_value *values)
{
	for (size_t at = 0; at < length; at++) {
		size_t placeholder = measure_placeholder(pattern + at, length - at);
		if (placeholder && !lk_value_find(values, pattern + at + 1, placeholder - 2))
			return pattern + at;
	}
	return NULL;
}
