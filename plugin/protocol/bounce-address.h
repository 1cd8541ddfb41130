/* The sender of one attempt to send a message, on the envelope: where another host's report that it could not be delivered
 * comes back to (VERP). Its local part is
 *
 *   token = 56( %x30-39 / %x61-7A )    ; Crockford's base32 without padding of LK_BOUNCE_BYTES octets, first bits first;
 *                                      ; capitals are read too, since some hosts write them
 *   octets = tag (10) masked (25)
 *   tag    = the first 10 octets of BLAKE2b-256(key, %x01 plain)
 *   masked = plain XOR the first 25 octets of BLAKE2b-256(key, %x02 tag)
 *   plain  = entryUUID (16) first octets of the message's id (8) tries modulo 256 (1)
 *
 * so that it says nothing to who has no key, cannot be made without one, and leaves 8 octets of the 64 that a local part
 * may have (RFC 5321 section 4.5.3.1.1). The same sending has the same token. */
#pragma once

#include <lber.h>

#include "key.h"
#include "message.h"

#define LK_SENDING_ID_BYTES 8
#define LK_BOUNCE_TAG_BYTES 10
#define LK_BOUNCE_TEXT 56

/* One attempt to send a message. No padding: 25 octets. */
struct lk_sending {
	unsigned char entry[LK_UUID_BYTES]; /* entryUUID of what holds the message */
	unsigned char id[LK_SENDING_ID_BYTES]; /* the first octets of its id; few stand on one entry */
	unsigned char attempt; /* how often it had been settled before, modulo 256 */
};

void lk_bounce_address_format(
	const struct lk_sending *sending, const unsigned char key[LK_KEY_BYTES], char ret_token[LK_BOUNCE_TEXT + 1]);

/* LK_ERR_MALFORMED where TOKEN has not that form, LK_ERR_KEY where it was not made with KEY. */
int lk_bounce_address_parse(
	const struct berval *token, const unsigned char key[LK_KEY_BYTES], struct lk_sending *ret_sending);
