/* Printed recovery codes: 120 random bits as six groups of four symbols of Crockford's base32, written and read like mailed
 * codes (code.h), e.g. K7QF-2M9X-4TRB-0HVN-8E3C-WJ5D. Users get LK_PRINTED_CODES of them at a time and keep them on paper.
 *
 * What the directory keeps of one, as a value of the attribute latchkeyPrintedCode (fields as in message.h):
 *
 *   1 salt=<32 hex> hash=<64 hex> created=<GeneralizedTime>
 *
 *   hash        BLAKE2b-256, key = salt, of the 24 canonical symbols followed by the user's entryUUID in text form
 *   created     when the ten were made
 *
 * A code that has been used is a value that is gone. */
#pragma once

#include <lber.h>
#include <stdbool.h>
#include <time.h>

#include "code.h"

#define LK_PRINTED_CODES 10
#define LK_PRINTED_SYMBOLS 24
#define LK_PRINTED_TEXT 29 /* with its five hyphens */

struct lk_stored_printed {
	unsigned char salt[LK_SALT_BYTES];
	unsigned char hash[LK_HASH_BYTES];
	time_t created;
};

/* A fresh code in the form in which it is shown. */
void lk_printed_generate(char ret_code[LK_PRINTED_TEXT + 1]);

/* Reads a code as people type it, see lk_code_canonical(). LK_ERR_MALFORMED. */
int lk_printed_canonical(const struct berval *typed, char ret_symbols[LK_PRINTED_SYMBOLS + 1]);

void lk_printed_hash(const unsigned char salt[LK_SALT_BYTES], const char symbols[LK_PRINTED_SYMBOLS + 1],
	const struct berval *entry_uuid, unsigned char ret_hash[LK_HASH_BYTES]);

/* Free ret_value->bv_val with ber_memfree(). LK_ERR_MALFORMED (created is missing), LK_ERR_NO_MEMORY. */
int lk_stored_printed_format(const struct lk_stored_printed *code, struct berval *ret_value);
/* Every field is required. LK_ERR_MALFORMED, LK_ERR_VERSION. */
int lk_stored_printed_parse(const struct berval *value, struct lk_stored_printed *ret_code);

/* Constant-time comparison with HASH. */
bool lk_printed_matches(const struct lk_stored_printed *code, const unsigned char hash[LK_HASH_BYTES]);
