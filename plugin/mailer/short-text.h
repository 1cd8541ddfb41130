/* What a message says, short enough for one SMS. */
#pragma once

#include "envelope.h"
#include "language.h"
#include "secret.h"

#define LK_SHORT_MOST 90 /* octets in EUC-KR */

/* The organization in brackets, and the code or password or else SUBJECT, in the reader's language. The organization's
 * name is cut where it is too long, and what EUC-KR cannot write becomes a question mark. *ret_text is UTF-8, and
 * appended to. */
void lk_short_text_write(const struct lk_language *language, const struct lk_envelope *envelope, const char *subject,
	struct lk_secret *ret_text);
