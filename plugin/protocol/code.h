/* Recovery codes: 60 random bits as three groups of four symbols of Crockford's base32 (digits and capitals without
 * I, L, O, U), e.g. K7QF-2M9X-4TRB. Sixty bits need no lock-out against guessing.
 *
 * What the directory keeps of one, as a value of the attribute latchkeyCode (fields as in message.h):
 *
 *   1 id=… salt=<32 hex> hash=<64 hex> bind=<64 hex> created=<GeneralizedTime> expires=<GeneralizedTime>
 *   serial=<decimal> generation=<decimal>
 *
 *   id          the id of the message that carries it
 *   hash        BLAKE2b-256, key = salt, of the canonical code followed by the user's entryUUID in text form
 *   bind        BLAKE2b-256, key = salt, over what the code is only good for while it stays as it is: the
 *               user's stored passwords and the address it went to (lk_code_bind)
 *   serial      the user's latchkeySerial when it was made
 *   generation  how many codes in a row were asked for before and not used; it lengthens the life */
#pragma once

#include <lber.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "message.h"

#define LK_CODE_SYMBOLS 12
#define LK_CODE_TEXT 14 /* with its two hyphens */
#define LK_SALT_BYTES 16
#define LK_HASH_BYTES 32

struct lk_stored_code {
	char id[LK_ID_TEXT + 1];
	unsigned char salt[LK_SALT_BYTES];
	unsigned char hash[LK_HASH_BYTES];
	unsigned char bind[LK_HASH_BYTES];
	time_t created;
	time_t expires;
	unsigned long serial;
	unsigned generation;
};

/* A fresh code in the form in which it is shown. */
void lk_code_generate(char ret_code[LK_CODE_TEXT + 1]);

/* Reads a code as people type it: any case, spaces and hyphens anywhere, O for 0, I and L for 1. LK_ERR_MALFORMED
 * where anything else or another number of symbols is left. */
int lk_code_canonical(const struct berval *typed, char ret_symbols[LK_CODE_SYMBOLS + 1]);

void lk_code_hash(const unsigned char salt[LK_SALT_BYTES], const char symbols[LK_CODE_SYMBOLS + 1],
	const struct berval *entry_uuid, unsigned char ret_hash[LK_HASH_BYTES]);

/* PASSWORDS are the stored values in the order in which the directory returns them; the order does not count.
 * ADDRESS is compared without regard to ASCII case. */
void lk_code_bind(const unsigned char salt[LK_SALT_BYTES], const struct berval *passwords, size_t passwords_count,
	const struct berval *address, unsigned char ret_bind[LK_HASH_BYTES]);

/* How long a code of this generation lives: LIFETIME doubled each generation, a day at most (or LIFETIME, if that is
 * longer). Seconds. */
time_t lk_code_lifetime(time_t lifetime, unsigned generation);

/* Free ret_value->bv_val with ber_memfree(). LK_ERR_MALFORMED (the id is none, a time is missing), LK_ERR_NO_MEMORY. */
int lk_stored_code_format(const struct lk_stored_code *code, struct berval *ret_value);
/* Every field is required. LK_ERR_MALFORMED, LK_ERR_TOO_LONG (a number), LK_ERR_VERSION. */
int lk_stored_code_parse(const struct berval *value, struct lk_stored_code *ret_code);

/* Constant-time comparison with HASH. */
bool lk_code_matches(const struct lk_stored_code *code, const unsigned char hash[LK_HASH_BYTES]);
