/* Putting values into a text:  pattern = *( character / "{" name "}" ),  name = 1*( a-z / "_" ).
 * A brace that begins no such placeholder stands for itself. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "secret.h"

/* Arrays of these end with a NULL name. A NULL text counts as empty. */
struct lk_value {
	const char *name;
	const char *text;
	bool is_markup; /* HTML already: left as it is where HTML is written */
};

enum lk_form {
	LK_FORM_TEXT, /* nothing is escaped */
	LK_FORM_HTML, /* the pattern is text as well: it and the values are escaped; an http(s) address becomes a link */
	LK_FORM_FRAME, /* the pattern is HTML: the values alone are escaped */
};

/* NULL where there is no such name. */
const struct lk_value *lk_value_find(const struct lk_value *values, const char *name, size_t length);
bool lk_value_is_empty(const struct lk_value *value);

/* Appends PATTERN with its placeholders replaced; one that VALUES does not name stays as it stands. */
void lk_expand(
	const char *pattern, size_t length, const struct lk_value *values, enum lk_form form, struct lk_secret *ret_text);

/* The first placeholder in PATTERN that VALUES does not name, or NULL. */
const char *lk_placeholder_unknown(const char *pattern, size_t length, const struct lk_value *values);
