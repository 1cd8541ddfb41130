#include "template.h"

#include <glib.h>
#include <string.h>

#define ALONE "    "
#define ALONE_WIDTH 4

struct line {
	const char *text;
	size_t length;
};

/* What has been written of the paragraph that is under way. */
struct writer {
	const struct lk_value *values;
	enum lk_form form;
	struct lk_secret *body;
	bool in_paragraph;
	bool is_alone;
};

/* Cuts the line that *REST begins with off it; false at the end. */
static bool next_line(const char **rest, struct line *ret_line)
{
	if (!**rest)
		return false;
	*ret_line = (struct line){.text = *rest, .length = strcspn(*rest, "\n")};
	*rest += ret_line->length;
	if (**rest)
		(*rest)++;
	return true;
}

static bool is_blank(struct line line)
{
	return strspn(line.text, " \t\r") >= line.length;
}

/* The length of the condition that LINE begins with, 0 where there is none. */
static size_t condition_length(struct line line)
{
	if (line.length < 4 || line.text[0] != '{' || !strchr("?!", line.text[1]))
		return 0;
	size_t name = strspn(line.text + 2, "abcdefghijklmnopqrstuvwxyz_");
	return name && line.text[2 + name] == '}' ? name + 3 : 0;
}

/* Takes the conditions off LINE; false where one of them does not hold. */
static bool conditions_hold(struct line *line, const struct lk_value *values)
{
	size_t length;

	while ((length = condition_length(*line))) {
		const struct lk_value *value = lk_value_find(values, line->text + 2, length - 3);
		bool wants_empty = line->text[1] == '!';
		if (!value || lk_value_is_empty(value) != wants_empty)
			return false;
		line->text += length;
		line->length -= length;
	}
	return true;
}

static void write_text(struct writer *writer, const char *text)
{
	lk_secret_append_text(writer->body, text);
}

/* What has to look so in every mail program stands in attributes, since some drop the style sheet of the frame. */
static void open_html(struct writer *writer)
{
	write_text(writer, writer->is_alone
						   ? "<p class=\"alone\" style=\"font-family: monospace; font-size: 1.5em; "
							 "font-weight: bold; text-align: center; text-wrap: balance; overflow-wrap: anywhere;\">"
						   : "<p>");
}

static void open_paragraph(struct writer *writer, bool is_alone)
{
	writer->in_paragraph = true;
	writer->is_alone = is_alone;
	if (writer->form == LK_FORM_HTML)
		open_html(writer);
	else if (writer->body->length)
		write_text(writer, "\n");
}

static void close_paragraph(struct writer *writer)
{
	if (!writer->in_paragraph)
		return;
	writer->in_paragraph = false;
	write_text(writer, writer->form == LK_FORM_HTML ? "</p>\n" : "\n");
}

static const char *line_break(const struct writer *writer)
{
	if (writer->form == LK_FORM_TEXT)
		return "\n";
	return writer->is_alone ? "<br>\n" : "\n";
}

static void write_line(struct writer *writer, struct line line)
{
	bool is_alone = line.length > ALONE_WIDTH && memcmp(line.text, ALONE, ALONE_WIDTH) == 0;

	if (writer->in_paragraph)
		write_text(writer, line_break(writer));
	else
		open_paragraph(writer, is_alone);
	if (is_alone && writer->form == LK_FORM_HTML) {
		line.text += ALONE_WIDTH;
		line.length -= ALONE_WIDTH;
	}
	lk_expand(line.text, line.length, writer->values, writer->form, writer->body);
}

void lk_template_render(const char *text, const struct lk_value *values, enum lk_form form, struct lk_secret *ret_body)
{
	struct writer writer = {.values = values, .form = form, .body = ret_body};
	struct line line;

	while (next_line(&text, &line)) {
		if (is_blank(line))
			close_paragraph(&writer);
		else if (line.text[0] != '#' && conditions_hold(&line, values))
			write_line(&writer, line);
	}
	close_paragraph(&writer);
}

static const char *unknown_in(struct line line, const struct lk_value *values)
{
	size_t length;

	while ((length = condition_length(line))) {
		if (!lk_value_find(values, line.text + 2, length - 3))
			return line.text;
		line.text += length;
		line.length -= length;
	}
	return lk_placeholder_unknown(line.text, line.length, values);
}

int lk_template_check(const char *text, const struct lk_value *values, struct lk_complaint *ret_complaint)
{
	struct line line;

	if (!g_utf8_validate(text, -1, NULL))
		return lk_complain(ret_complaint, "it is not UTF-8");
	for (unsigned number = 1; next_line(&text, &line); number++) {
		const char *unknown = line.text[0] == '#' ? NULL : unknown_in(line, values);
		if (unknown)
			return lk_complain(
				ret_complaint, "line %u: nothing is called %.*s", number, (int)strcspn(unknown, "}") + 1, unknown);
	}
	return 0;
}
