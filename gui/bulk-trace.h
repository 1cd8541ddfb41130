/* Whether a reset was done whose answer was lost: by how it was lost, and by what the account shows. Pure. */
#pragma once

#include "latchkey.h"

/* Whether a reset that ended with CODE, a result code of LDAP or of libldap's own, may have been done all the same. */
bool lk_bulk_may_be_done(int code);

/* Whether AFTER, read later than BEFORE, shows a reset by ACTOR (a DN) that BEFORE does not: in its events, or by a mail that only a
 * reset queues. A reset by somebody else is not taken for it. */
bool lk_bulk_was_done(const struct lk_account *before, const struct lk_account *after, const char *actor);
