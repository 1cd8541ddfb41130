/* What people type or paste where a code is asked for. Beside the code alone, in any spelling that lk_symbols_read() takes,
 * that is
 *
 *   - full-width letters and digits, every kind of dash and space, quotes and full stops around it;
 *   - Hangul, where the input method was left on (hangul.h);
 *   - a text with the code in it, the whole mail for instance: there the groups have to be joined by hyphens, as mails write
 *     them. A field of one line drops the line ends of what is pasted, so that the next word may follow the code at once;
 *   - a temporary password, which is none, but is told apart so that its owner can be told what to do with it. */
#pragma once

#include <lber.h>
#include <stdbool.h>
#include <stddef.h>

#include "printed-code.h"

enum lk_typed_kind {
	LK_TYPED_NOTHING, /* empty, or nothing but spaces */
	LK_TYPED_MAILED,
	LK_TYPED_PRINTED,
	LK_TYPED_TOTP, /* six digits */
	LK_TYPED_TEMPORARY, /* a temporary password */
	LK_TYPED_SEVERAL, /* a text with different codes in it */
	LK_TYPED_UNKNOWN, /* anything else */
};

/* What is longer is looked at as far as this, in characters. */
#define LK_TYPED_MOST 16384

struct lk_typed {
	enum lk_typed_kind kind;
	char code[LK_PRINTED_TEXT + 1]; /* as it is shown, in groups; empty where there is none */
	bool from_hangul; /* keys were read out of Hangul */
	bool from_text; /* more stood around it */
	size_t symbols; /* with LK_TYPED_UNKNOWN: how many letters and digits there were */
};

/* Never fails; erase *ret_typed. What is not UTF-8 is as any other character that no code has. */
void lk_typed_read(const struct berval *typed, struct lk_typed *ret_typed);
