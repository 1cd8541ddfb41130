/* The parts of an account's state that tell of administrators: what they did, and what the reader may do. */
#pragma once

#include <json-glib/json-glib.h>

#include "latchkey.h"

/* The trail, newest first, as sentences; or as the members "events" and "eventsDamaged". */
void lk_cli_trail_say(const struct lk_account *account);
void lk_cli_trail_add(JsonBuilder *builder, const struct lk_account *account);

/* Whether the reader may reset the account; nothing where that is not known. */
void lk_cli_verdict_say(const struct lk_account *account);
