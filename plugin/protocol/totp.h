/* Time-based one-time passwords: RFC 6238 with what every authenticator app can do, HMAC-SHA-1, six digits, thirty seconds.
 * HMAC-SHA-1 comes from nettle (libsodium has none), the library that slapd itself carries with GnuTLS.
 *
 * What the directory keeps of a secret, as the value of latchkeyTotp, and of latchkeyTotpPending until the first value has
 * been typed (fields as in message.h):
 *
 *   1 nonce=<48 hex> sealed=<72 hex> step=<decimal> created=<GeneralizedTime>
 *
 *   nonce       fresh for each sealing
 *   sealed      crypto_secretbox of the 20 octets of the secret. Its key is BLAKE2b-256, key = the key of the key file,
 *               of "latchkey-totp" followed by the user's entryUUID in text form: so a value that was moved to another
 *               entry opens nothing
 *   step        the last time step of which a value was accepted; no value of it or of an earlier one is again
 *   created     when the secret was made */
#pragma once

#include <lber.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "key.h"

#define LK_TOTP_SECRET_BYTES 20
#define LK_TOTP_SECRET_TEXT 32 /* base32, RFC 4648 section 6; needs no padding */
#define LK_TOTP_DIGITS 6
#define LK_TOTP_PERIOD 30 /* seconds */
#define LK_TOTP_WINDOW 1 /* steps by which a clock may be wrong */
#define LK_TOTP_NONCE_BYTES 24
#define LK_TOTP_SEALED_BYTES (LK_TOTP_SECRET_BYTES + 16)

struct lk_stored_totp {
	unsigned char nonce[LK_TOTP_NONCE_BYTES];
	unsigned char sealed[LK_TOTP_SEALED_BYTES];
	unsigned long step;
	time_t created;
};

void lk_totp_generate(unsigned char ret_secret[LK_TOTP_SECRET_BYTES]);

/* HOTP (RFC 4226 section 5.3) of six digits. */
uint32_t lk_hotp(const unsigned char secret[LK_TOTP_SECRET_BYTES], uint64_t counter);

/* Whether TYPED (six digits, spaces anywhere) is the value of a step within the window around NOW and after LAST_STEP.
 * The work is the same whatever was typed. *ret_step is that step. */
bool lk_totp_accepts(const unsigned char secret[LK_TOTP_SECRET_BYTES], const struct berval *typed, time_t now,
	unsigned long last_step, unsigned long *ret_step);

/* Whether TYPED has the form of a value. */
bool lk_totp_is_value(const struct berval *typed);

/* Seals SECRET into *ret_totp, whose other members stay as they are. */
void lk_totp_seal(const unsigned char secret[LK_TOTP_SECRET_BYTES], const unsigned char key[LK_KEY_BYTES],
	const struct berval *entry_uuid, struct lk_stored_totp *ret_totp);
/* LK_ERR_SEALED: another key, another user, or damaged. The caller erases the secret. */
int lk_totp_open(const struct lk_stored_totp *totp, const unsigned char key[LK_KEY_BYTES],
	const struct berval *entry_uuid, unsigned char ret_secret[LK_TOTP_SECRET_BYTES]);

/* Free ret_value->bv_val with ber_memfree(). LK_ERR_MALFORMED (created is missing), LK_ERR_NO_MEMORY. */
int lk_stored_totp_format(const struct lk_stored_totp *totp, struct berval *ret_value);
/* Every field is required. LK_ERR_MALFORMED, LK_ERR_TOO_LONG, LK_ERR_VERSION. */
int lk_stored_totp_parse(const struct berval *value, struct lk_stored_totp *ret_totp);

/* The secret as people type it into an app. */
void lk_totp_secret_text(const unsigned char secret[LK_TOTP_SECRET_BYTES], char ret_text[LK_TOTP_SECRET_TEXT + 1]);

/* The secret as apps read it from a picture, NUL-terminated:
 *   otpauth://totp/ISSUER%3AACCOUNT?secret=…&issuer=ISSUER&algorithm=SHA1&digits=6&period=30
 * with what is not unreserved in a URI (RFC 3986 section 2.3) percent-encoded; without an issuer, without its two places.
 * LK_ERR_NO_MEMORY. Whoever has it erases it, and frees ret_uri->bv_val with ber_memfree(). */
int lk_totp_uri(const unsigned char secret[LK_TOTP_SECRET_BYTES], const struct berval *issuer,
	const struct berval *account, struct berval *ret_uri);
