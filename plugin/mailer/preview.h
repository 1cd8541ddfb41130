/* `latchkey-mailer preview`: how a mail will look. */
#pragma once

#include <stdbool.h>

#include "language.h"

struct lk_preview {
	const char *kind; /* its name */
	const char *lang;
	bool as_html; /* the HTML form alone, as a browser shows it; else subject and text */
	bool is_by_user; /* what administrators and users can both do, the user did */
};

/* Writes such a mail about somebody who does not exist to standard output. False where there is no such kind. */
bool lk_preview(const struct lk_languages *languages, const struct lk_preview *preview);
