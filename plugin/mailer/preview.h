/* `latchkey-mailer preview`: how a mail will look. */
#pragma once

#include <stdbool.h>

#include "language.h"

/* Writes to standard output the mail of the kind called KIND in the language LANG, about somebody who does not exist: its
 * subject and text, or with AS_HTML the HTML form alone, as a browser shows it. False where there is no such kind. */
bool lk_preview(const struct lk_languages *languages, const char *kind, const char *lang, bool as_html);
