/* What people type where a code is asked for, in words that help. Pure but for the translation. */
#pragma once

#include "latchkey.h"

/* What is wrong with TYPED where the first proof is asked for, a mailed or printed code, or, with SECOND, the other one. NULL where
 * nothing is. Free it with g_free(). */
char *lk_typed_fault(const struct lk_client_typed *typed, bool second);

/* How TYPED was understood where that is worth telling: it was typed as Hangul. NULL otherwise. Free it with g_free(). */
char *lk_typed_note(const struct lk_client_typed *typed);

/* TEXT, which is being typed, as groups of four letters and digits: "k7qf2m" is "K7QF-2M". Free it with lk_secret_wipe(). */
char *lk_typed_groups(const char *text);
