/* Text that grows, of which every part is erased: pages hold codes. What comes from outside goes through lk_html_text()
 * or lk_html_fill() alone. */
#pragma once

#include <stddef.h>

struct lk_html {
	char *text; /* NUL-terminated once something was added */
	size_t length;
	size_t room;
};

/* Markup of ours, as it is. */
void lk_html_raw(struct lk_html *html, const char *markup);

/* Anything else: in contents and in quoted attributes it stays text. */
void lk_html_text(struct lk_html *html, const char *text);

/* TEMPLATE, a sentence, with NAME in braces replaced by VALUE; both are escaped. */
void lk_html_fill(struct lk_html *html, const char *template, const char *name, const char *value);

/* Erases and frees. */
void lk_html_clear(struct lk_html *html);
