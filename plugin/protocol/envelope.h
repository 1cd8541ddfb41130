/* What a mail will say, sealed so that only the mailer can read it (libsodium crypto_box_seal).
 *
 * A value of the attribute latchkeySealed:
 *
 *   octets  1       version, 1
 *           16      the message's id
 *           8       the key it is sealed to: lk_key_id() of the public key
 *           rest    crypto_box_seal of an Envelope, BER:
 *
 *   Envelope ::= SEQUENCE {                              -- all strings UTF-8 without control characters
 *        id           OCTET STRING (SIZE (16)),         -- must equal the id outside
 *        kind         ENUMERATED,                       -- enum lk_kind
 *        expires      OCTET STRING,                     -- GeneralizedTime, or empty: never
 *        mustChange   BOOLEAN,
 *        to           OCTET STRING,                     -- mail address; the one that counts, but that a temporary
 *                                                       -- password or welcome goes to the one outside (a resend)
 *        language     OCTET STRING,                     -- RFC 5646
 *        name         OCTET STRING,                     -- of the person: displayName, else cn
 *        login        OCTET STRING,                     -- what they sign in with
 *        secret       OCTET STRING,                     -- the code or password; empty where there is none
 *        organization OCTET STRING,                     -- latchkeyOrganization
 *        portal       OCTET STRING,                     -- latchkeyPortal; empty where there is none
 *        timeZone     OCTET STRING,                     -- IANA name; empty: UTC
 *        actor        OCTET STRING,                     -- name of the administrator; empty: the user or a stranger
 *        about    [0] OCTET STRING (SIZE (1..)) OPTIONAL }
 *                                                       -- the address that a resentElsewhere tells of, the name of the
 *                                                       -- administrator whom an administratorReset tells of, the
 *                                                       -- attribute that a credentialChanged tells of, how many
 *                                                       -- messages a deliveryFailed tells of and a line for each of
 *                                                       -- the newest, with U+2028 between them
 *
 * Each string has at most LK_ENVELOPE_TEXT_MAX octets. */
#pragma once

#include <lber.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "key.h"
#include "message.h"

#define LK_ENVELOPE_TEXT_MAX 1024
#define LK_LINE_SEPARATOR "\xe2\x80\xa8" /* U+2028, between the lines of what a deliveryFailed tells of */
#define LK_SEALED_HEADER (1 + LK_ID_BYTES + LK_KEY_ID_BYTES)

/* Strings are not NUL-terminated; absent ones are empty. */
struct lk_envelope {
	char id[LK_ID_TEXT + 1];
	enum lk_kind kind;
	time_t expires; /* 0: never */
	bool must_change;
	struct berval to, language, name, login, secret, organization, portal, time_zone, actor, about;
};

/* What sealing needs beside the text: a key pair of its own for each message, of which the secret half has already met
 * the recipient's key and is gone. Nearly all the work of sealing is in it, and none of it needs to know the message.
 * Secret, and for one message: two sealed with one would give both away. */
struct lk_seal_key {
	unsigned char ephemeral[LK_KEY_BYTES]; /* the public half */
	unsigned char shared[LK_KEY_BYTES];
};

/* Makes one for PUBLIC_KEY. LK_ERR_KEY where that is no key of a recipient. */
int lk_seal_key_make(const unsigned char public_key[LK_KEY_BYTES], struct lk_seal_key *ret_key);

/* Seals ENVELOPE to PUBLIC_KEY. *ret_sealed is freed with ber_memfree(ret_sealed->bv_val).
 * What could not be opened again is refused: LK_ERR_MALFORMED (id or kind), LK_ERR_TOO_LONG, LK_ERR_NOT_UTF8 (also for
 * a control character), and LK_ERR_KEY, LK_ERR_NO_MEMORY. */
int lk_envelope_seal(
	const struct lk_envelope *envelope, const unsigned char public_key[LK_KEY_BYTES], struct berval *ret_sealed);

/* The same with KEY, which was made for PUBLIC_KEY; it is erased, whatever comes of it. */
int lk_envelope_seal_with(const struct lk_envelope *envelope, const unsigned char public_key[LK_KEY_BYTES],
	struct lk_seal_key *key, struct berval *ret_sealed);

/* Reads the header alone. LK_ERR_MALFORMED, LK_ERR_VERSION. */
int lk_sealed_header(
	const struct berval *sealed, char ret_id[LK_ID_TEXT + 1], unsigned char ret_key_id[LK_KEY_ID_BYTES]);

/* Opens SEALED with the key of PAIRS that its header names. ret_envelope points into *ret_plain, which the caller
 * erases and frees with lk_envelope_wipe(). LK_ERR_KEY: none of PAIRS is the one; LK_ERR_SEALED: damaged, or the id
 * inside is another; LK_ERR_MALFORMED, LK_ERR_VERSION, LK_ERR_TOO_LONG, LK_ERR_NOT_UTF8, LK_ERR_NO_MEMORY. */
int lk_envelope_open(const struct berval *sealed, const struct lk_key_pair *pairs, size_t pairs_count,
	struct berval *ret_plain, struct lk_envelope *ret_envelope);

/* Erases and frees what lk_envelope_open() returned; takes a zeroed PLAIN. */
void lk_envelope_wipe(struct berval *plain, struct lk_envelope *envelope);
