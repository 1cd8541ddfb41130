/* Whether a reset was done whose answer was lost, by what the account shows. Pure. */
#pragma once

#include "latchkey.h"

/* Whether AFTER, read later than BEFORE, shows a reset by ACTOR (a DN) that BEFORE does not: in its events, or by a mail that only a
 * reset queues. A reset by somebody else is not taken for it. */
bool lk_bulk_was_done(const struct lk_account *before, const struct lk_account *after, const char *actor);
