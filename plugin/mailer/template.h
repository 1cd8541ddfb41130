/* The words of one kind of mail in one language, and how both forms of the mail are made from them. Pure.
 *
 * A template is UTF-8 text:
 *
 *   # A line that begins with "#" is a remark and is not sent.
 *   Hello {name},
 *
 *   {?actor}{actor} has reset the password of your account {login}.
 *   {!actor}The password of your account {login} has been reset.
 *
 *       {secret}
 *
 *   {name}          is replaced by a value
 *   {?name}         at the beginning of a line: the line is left out where the value is empty; {!name}: where it is
 *                   not. Several may follow each other
 *   an empty line   ends a paragraph; one that has lost all of its lines leaves no gap
 *   four spaces     before a paragraph: it is shown alone, large, on lines of its own
 *
 * In the text form lines stay as they are; in the HTML form those of a paragraph flow together, and all values are
 * escaped. Values never shape the mail: the lines are found before a value is put in. */
#pragma once

#include "complaint.h"
#include "expand.h"

/* VALUES tells which names there are; their texts do not matter. TEXT is NUL-terminated. */
int lk_template_check(const char *text, const struct lk_value *values, struct lk_complaint *ret_complaint);

/* Appends the mail's body in FORM (LK_FORM_TEXT or LK_FORM_HTML); lines end with LF. */
void lk_template_render(const char *text, const struct lk_value *values, enum lk_form form, struct lk_secret *ret_body);
