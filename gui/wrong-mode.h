/* Hangul typed in the wrong mode of the keyboard. Pure. */
#pragma once

/* What the keys of KEYS would have written in Hangul on a Korean keyboard of two sets (KS X 5002), as Unicode's composed
 * syllables: rlawjdgus is 김정현. NULL where KEYS are no complete syllables, so that they can have meant nothing else. Free it
 * with g_free(). */
char *lk_hangul_of_keys(const char *keys);
