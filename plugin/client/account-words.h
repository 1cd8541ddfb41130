/* What the directory says of an account by a word, in the reader's language: the command and the app say it alike. All
 * of it is constant and translated; a word that is not known stands for itself, but for verdicts. */
#pragma once

#include <stdbool.h>

const char *lk_words_kind(const char *kind); /* of a message */
const char *lk_words_delivery(const char *state); /* the same */
const char *lk_words_delivery_short(const char *state); /* the same, for lists */

/* WHAT happened, and where it is given by which RULE, as in slapo-latchkey(5). */
const char *lk_words_event(const char *what, const char *rule);

/* Whether WHAT is what users do for themselves, where no rule decided. */
bool lk_words_event_is_of_the_user(const char *what);

/* A sentence on why a reset is refused by VERDICT, a value of latchkeyResetVerdict; NULL where it is not known. */
const char *lk_words_verdict(const char *verdict);
