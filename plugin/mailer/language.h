/* The languages that mails are written in: for each its templates (one a kind) and its phrases (gettext). */
#pragma once

#include <lber.h>

#include "complaint.h"
#include "message.h"

struct lk_language;
struct lk_languages;

/* Reads DIRECTORY/<kind>.<language>.txt for every kind and language, DIRECTORY/frame.html, and
 * CATALOGS/<language>/LC_MESSAGES/latchkey.mo. Every one must be there and sound. */
int lk_languages_load(const char *directory, const char *catalogs, struct lk_languages **ret_languages,
	struct lk_complaint *ret_complaint);

/* Takes from DIRECTORY the same files, where they are there, in place of those that LANGUAGES has. One that is of no
 * use is left out: lk_languages_faults() says which, and why. Not to be called once LANGUAGES are in use. */
void lk_languages_replace(struct lk_languages *languages, const char *directory);

/* Sentences; the array ends with NULL. */
const char *const *lk_languages_faults(const struct lk_languages *languages);

void lk_languages_free(struct lk_languages *languages); /* takes NULL */

/* By the first subtag of TAG, in any case ("ko", "KO-kr"); English where there is no such language. */
const struct lk_language *lk_languages_find(const struct lk_languages *languages, const struct berval *tag);

/* The HTML that stands around every mail. */
const char *lk_languages_frame(const struct lk_languages *languages);

const char *lk_language_tag(const struct lk_language *language);
const char *lk_language_template(const struct lk_language *language, enum lk_kind kind);

/* TEXT in this language; it must have been marked for gettext as NC_("mail", …). */
const char *lk_language_phrase(const struct lk_language *language, const char *text);
