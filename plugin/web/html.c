#include "html.h"

#include <glib.h>
#include <sodium.h>
#include <string.h>

#include "markup.h"

#define FIRST_ROOM 16384

static void reserve(struct lk_html *html, size_t more)
{
	size_t room = html->room == 0 ? FIRST_ROOM : html->room;

	if (html->length + more + 1 <= html->room)
		return;
	while (room < html->length + more + 1)
		room *= 2;
	char *text = g_malloc(room);
	if (html->text != NULL) {
		memcpy(text, html->text, html->length);
		sodium_memzero(html->text, html->length);
	}
	g_free(html->text);
	html->text = text;
	html->room = room;
}

static void add(struct lk_html *html, const char *text, size_t length)
{
	reserve(html, length);
	memcpy(html->text + html->length, text, length);
	html->length += length;
	html->text[html->length] = '\0';
}

void lk_html_raw(struct lk_html *html, const char *markup)
{
	add(html, markup, strlen(markup));
}

static void add_escaped(struct lk_html *html, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		const char *escape = lk_markup_entity(text[i]);

		if (escape != NULL)
			add(html, escape, strlen(escape));
		else
			add(html, text + i, 1);
	}
}

void lk_html_text(struct lk_html *html, const char *text)
{
	add_escaped(html, text, strlen(text));
}

void lk_html_fill(struct lk_html *html, const char *template, const char *name, const char *value)
{
	char *placeholder = g_strdup_printf("{%s}", name);
	const char *found;

	while ((found = strstr(template, placeholder)) != NULL) {
		add_escaped(html, template, (size_t)(found - template));
		lk_html_text(html, value);
		template = found + strlen(placeholder);
	}
	lk_html_text(html, template);
	g_free(placeholder);
}

void lk_html_clear(struct lk_html *html)
{
	if (html->text != NULL)
		sodium_memzero(html->text, html->length);
	g_free(html->text);
	*html = (struct lk_html){NULL};
}
