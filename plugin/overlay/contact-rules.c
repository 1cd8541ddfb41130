#include "contact-rules.h"

#include <stdio.h>
#include <string.h>

#include "guard.h"
#include "text.h"
#include "utf8.h"

/* A line, cut where it is full. */
struct line {
	char *text;
	size_t length;
};

static bool is_space(uint32_t character)
{
	return character < 0x20 || (character >= 0x7f && character <= 0x9f) || character == 0x2028 || character == 0x2029;
}

/* What is no UTF-8 ends the text. */
static void append(struct line *line, const struct berval *text)
{
	uint32_t character;
	size_t width;

	for (size_t at = 0; (width = lk_utf8_read(text, at, &character)) != 0; at += width) {
		size_t needed = is_space(character) ? 1 : width;

		if (line->length + needed > LK_CONTACT_LINE_MAX)
			return;
		memcpy(line->text + line->length, is_space(character) ? " " : text->bv_val + at, needed);
		line->length += needed;
	}
}

static void append_text(struct line *line, const char *text)
{
	struct berval value = {strlen(text), (char *)text};

	append(line, &value);
}

/* The same again is counted, and not said again. */
static bool is_said(const struct lk_failures *failures, const char *line)
{
	for (size_t i = 0; i < LK_CONTACT_LINES; i++) {
		if (!strcmp(failures->lines[i], line))
			return true;
	}
	return false;
}

void lk_failures_add(struct lk_failures *failures, const struct berval *who, const struct berval *to,
	const struct berval *answer, time_t now)
{
	char text[LK_CONTACT_LINE_MAX + 1] = "";
	struct line line = {text, 0};

	append(&line, who);
	append_text(&line, " <");
	append(&line, to);
	append_text(&line, ">");
	if (answer->bv_len) {
		append_text(&line, ": ");
		append(&line, answer);
	}
	text[line.length] = '\0';
	if (!failures->count)
		failures->first = now;
	if (!is_said(failures, text)) {
		memmove(failures->lines[1], failures->lines[0], sizeof failures->lines - sizeof failures->lines[0]);
		memcpy(failures->lines[0], text, sizeof text);
	}
	failures->count++;
}

bool lk_failures_are_due(const struct lk_failures *failures, const struct lk_message *last, time_t now)
{
	if (!failures->count || failures->first + LK_CONTACT_GATHER > now)
		return false;
	/* A clock that was set back does not keep it back for long. */
	return !LK_GUARD("contact-in-one-mail",
		last && (lk_message_is_open(last) || (last->created <= now && last->created + LK_CONTACT_PAUSE > now)));
}

struct berval lk_failures_write(const struct lk_failures *failures, char ret_text[LK_ENVELOPE_TEXT_MAX + 1])
{
	size_t length = (size_t)snprintf(ret_text, LK_ENVELOPE_TEXT_MAX + 1, "%u", failures->count);

	for (size_t i = 0; i < LK_CONTACT_LINES && failures->lines[i][0]; i++)
		length += (size_t)snprintf(
			ret_text + length, LK_ENVELOPE_TEXT_MAX + 1 - length, LK_LINE_SEPARATOR "%s", failures->lines[i]);
	return (struct berval){length, ret_text};
}
