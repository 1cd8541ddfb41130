/* What mailed and printed codes have in common: symbols of Crockford's base32 (digits and capitals without I, L, O, U)
 * in groups of four, and their salted hash; for the files of this folder. */
#pragma once

#include <lber.h>
#include <stddef.h>

#include "code.h"

#define LK_SYMBOLS_MAX 24
#define LK_SYMBOLS_TEXT(count) ((count) + ((count)-1) / 4) /* with a hyphen between two groups */

/* COUNT random symbols as they are shown; ret_text has LK_SYMBOLS_TEXT(COUNT) + 1 octets. */
void lk_symbols_generate(size_t count, char *ret_text);

/* Reads COUNT symbols (at most LK_SYMBOLS_MAX) as people type them: any case, spaces and hyphens anywhere, O for 0, I
 * and L for 1. LK_ERR_MALFORMED where anything else or another number of symbols is left. */
int lk_symbols_read(const struct berval *typed, size_t count, char *ret_symbols);

/* BLAKE2b-256, key = salt, of the symbols followed by the user's entryUUID in text form. */
void lk_symbols_hash(const unsigned char salt[LK_SALT_BYTES], const char *symbols, size_t count,
	const struct berval *entry_uuid, unsigned char ret_hash[LK_HASH_BYTES]);
