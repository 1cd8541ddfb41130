/* What came of a request to the directory, as the pages tell it. */
#pragma once

#include "texts.h"

enum lk_web_operation { LK_WEB_REQUEST, LK_WEB_COMPLETE, LK_WEB_SIGN_IN, LK_WEB_CHANGE };

/* The sentence for the result code RC of OPERATION; LK_WEB_NO_TEXT for success. DIAGNOSTIC is what the directory said,
 * or NULL. */
enum lk_web_text lk_web_outcome(enum lk_web_operation operation, int rc, const char *diagnostic);

/* Whether the new password was what was wrong, so that everything else can stay as it was typed. */
bool lk_web_outcome_is_of_password(enum lk_web_text outcome);

/* The status of HTTP that goes with it. */
unsigned lk_web_outcome_status(enum lk_web_text outcome);
