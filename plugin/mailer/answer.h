/* What a mail server said, made fit to be stored and logged. Pure. */
#pragma once

#include <lber.h>

#include "message.h"

/* One line of UTF-8 without control characters, of at most LK_ANSWER_MAX octets. A server may repeat what it was sent:
 * where SECRET (may be empty) occurs, three dots stand instead. */
void lk_answer_clean(const char *answer, const struct berval *secret, char ret_answer[LK_ANSWER_MAX + 1]);
