/* Printed recovery codes: 120 random bits as six groups of four symbols of Crockford's base32, written and read like mailed
 * codes (code.h), e.g. K7QF-2M9X-4TRB-0HVN-8E3C-WJ5D. Users get LK_PRINTED_CODES of them at a time and keep them on paper.
 *
 * What the directory keeps of the ten is one value of the attribute latchkeyPrintedCodes, since slapd takes its time over
 * each value of each entry that a search reads (fields as in message.h):
 *
 *   1 salt=<32 hex> hashes=<640 hex> created=<GeneralizedTime>
 *
 *   salt        drawn for these ten, which it also names
 *   hashes      of each of the ten, BLAKE2b-256, key = salt, of the 24 canonical symbols followed by the user's entryUUID in
 *               text form
 *   created     when they were made
 *
 * and of each that was used a value of latchkeyPrintedUsed:
 *
 *   1 salt=<32 hex> code=<0 to 9> server=<number>
 *
 *   salt        that of the ten; of any other, it says nothing
 *   code        which of their hashes is good for nothing any more
 *   server      slapd's serverID where it was used
 *
 * A server has one way to write a mark, and marks are never taken back: two uses of one code at one server are one value
 * twice, which is refused; and what providers that do not hear of each other have marked are values of each, which go
 * together in any order (syncrepl gives up where the same value was added at both). */
#pragma once

#include <lber.h>
#include <stdbool.h>
#include <time.h>

#include "code.h"

#define LK_PRINTED_CODES 10
#define LK_PRINTED_SYMBOLS 24
#define LK_PRINTED_TEXT 29 /* with its five hyphens */
#define LK_SERVER_MAX 4095 /* slapd-config(5), olcServerID */

struct lk_printed_set {
	unsigned char salt[LK_SALT_BYTES];
	unsigned char hashes[LK_PRINTED_CODES][LK_HASH_BYTES];
	time_t created;
};

struct lk_printed_use {
	unsigned char salt[LK_SALT_BYTES];
	unsigned code, server;
};

/* A fresh code in the form in which it is shown. */
void lk_printed_generate(char ret_code[LK_PRINTED_TEXT + 1]);

/* Reads a code as people type it, see lk_code_canonical(). LK_ERR_MALFORMED. */
int lk_printed_canonical(const struct berval *typed, char ret_symbols[LK_PRINTED_SYMBOLS + 1]);

void lk_printed_hash(const unsigned char salt[LK_SALT_BYTES], const char symbols[LK_PRINTED_SYMBOLS + 1],
	const struct berval *entry_uuid, unsigned char ret_hash[LK_HASH_BYTES]);

/* Free ret_value->bv_val with ber_memfree(). LK_ERR_MALFORMED (created is missing), LK_ERR_NO_MEMORY. */
int lk_printed_set_format(const struct lk_printed_set *set, struct berval *ret_value);
/* Every field is required. LK_ERR_MALFORMED, LK_ERR_VERSION. */
int lk_printed_set_parse(const struct berval *value, struct lk_printed_set *ret_set);

/* The same for the mark of a use. LK_ERR_TOO_LONG: there is no such code or server. */
int lk_printed_use_format(const struct lk_printed_use *use, struct berval *ret_value);
int lk_printed_use_parse(const struct berval *value, struct lk_printed_use *ret_use);

/* Which code of SET has that HASH; LK_PRINTED_CODES where none has. All are compared, each in constant time. */
size_t lk_printed_find(const struct lk_printed_set *set, const unsigned char hash[LK_HASH_BYTES]);
