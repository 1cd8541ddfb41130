/* A password as it is read aloud, over the telephone for instance. Pure but for the translation. */
#pragma once

#include <glib.h>

#define LK_SPELL_GROUP 4 /* letters that one says in one breath */

/* What LETTER is called: "capital A", "digit 0". Free it with lk_secret_wipe(). */
char *lk_spell_letter(gunichar letter);

/* The length in octets of the first group of TEXT: up to LK_SPELL_GROUP letters, and the hyphen behind them. 0 at the end. */
size_t lk_spell_group(const char *text);
