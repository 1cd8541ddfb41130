/* Hangul that was meant as Latin letters: what the keys of a 2-beolsik keyboard (KS X 5002, the one that nearly
 * everybody in Korea uses) give while the input method is left on. "ㅏ7ㅂㄹ" is "k7qf", and "규" is "rb". */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LK_HANGUL_KEYS_MOST                                                                                            \
	5 /* of one character: a syllable of two letters, a vowel of two and a final of two is at most that */

/* The keys, as on a keyboard without Caps Lock, that give CHARACTER: a syllable, a letter of the compatibility block,
 * or a conjoining one (as macOS writes them). NUL-terminated. False where CHARACTER is no Hangul. */
bool lk_hangul_keys(uint32_t character, char ret_keys[LK_HANGUL_KEYS_MOST + 1]);

/* Whether CHARACTER is a letter that stands for itself (U+3131 to U+3163), as no name or word has it. */
bool lk_hangul_is_lone(uint32_t character);

/* How many of KEYS, from the first, make a syllable, and the syllable itself, composed (The Unicode Standard, section
 * 3.12). 0 where they begin with none. */
size_t lk_hangul_syllable(const char *keys, uint32_t *ret_character);
