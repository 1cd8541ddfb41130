/* A message as named fields, for a command (RFC 8259). */
#pragma once

#include <time.h>

#include "envelope.h"
#include "language.h"
#include "secret.h"

/* One JSON object: id, kind, address, person, login, organization, language, portal, actor and text (of one SMS) are
 * strings, mustChange is a boolean; secret (string), expires (RFC 3339, UTC) and lifetime (the seconds from NOW until
 * then) are there where the message has them. Kept in locked memory; *ret_json is appended to. */
void lk_json_write(const struct lk_languages *languages, const struct lk_envelope *envelope, time_t created, time_t now,
	struct lk_secret *ret_json);
