/* Sealing and opening what a mail will say. */
#include "envelope.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "decoder.h"
#include "encoder.h"
#include "error.h"
#include "text.h"

#define VERSION 1
#define ELEMENTS 14

static const struct lk_bounds text_bounds = {0, LK_ENVELOPE_TEXT_MAX};
static const struct lk_bounds about_bounds = {1, LK_ENVELOPE_TEXT_MAX};
static const struct lk_bounds id_bounds = {LK_ID_BYTES, LK_ID_BYTES};

/* The strings of an Envelope in their order, without the last, which is optional. */
static const size_t texts[] = {
	offsetof(struct lk_envelope, to),
	offsetof(struct lk_envelope, language),
	offsetof(struct lk_envelope, name),
	offsetof(struct lk_envelope, login),
	offsetof(struct lk_envelope, secret),
	offsetof(struct lk_envelope, organization),
	offsetof(struct lk_envelope, portal),
	offsetof(struct lk_envelope, time_zone),
	offsetof(struct lk_envelope, actor),
};

#define TEXTS_COUNT (sizeof(texts) / sizeof(texts[0]))

static const struct berval *text_of(const struct lk_envelope *envelope, size_t i)
{
	return (const struct berval *)((const char *)envelope + texts[i]);
}

static int decode_id(struct lk_decoder *decoder, char ret_id[LK_ID_TEXT + 1])
{
	struct berval id;
	int status = lk_decoder_octets(decoder, LBER_OCTETSTRING, id_bounds, &id);

	if (status == LK_OK)
		lk_hex_format((const unsigned char *)id.bv_val, LK_ID_BYTES, ret_id);
	return status;
}

static int decode_kind(struct lk_decoder *decoder, enum lk_kind *ret_kind)
{
	int kind;
	int status = lk_decoder_number(decoder, LBER_ENUMERATED, 0, LK_KIND_COUNT - 1, &kind);

	if (status == LK_OK)
		*ret_kind = (enum lk_kind)kind;
	return status;
}

static int decode_expires(struct lk_decoder *decoder, time_t *ret_expires)
{
	struct berval text;
	int status = lk_decoder_octets(decoder, LBER_OCTETSTRING, (struct lk_bounds){0, LK_TIME_TEXT}, &text);

	if (status != LK_OK)
		return status;
	if (text.bv_len > 0)
		return lk_time_parse(&text, ret_expires);
	*ret_expires = 0;
	return LK_OK;
}

static int decode_fields(struct lk_decoder *decoder, struct lk_envelope *ret_envelope)
{
	int status = decode_id(decoder, ret_envelope->id);

	if (status == LK_OK)
		status = decode_kind(decoder, &ret_envelope->kind);
	if (status == LK_OK)
		status = decode_expires(decoder, &ret_envelope->expires);
	if (status == LK_OK)
		status = lk_decoder_boolean(decoder, LBER_BOOLEAN, &ret_envelope->must_change);
	for (size_t i = 0; i < TEXTS_COUNT && status == LK_OK; i++)
		status =
			lk_decoder_text(decoder, LBER_OCTETSTRING, text_bounds, (struct berval *)((char *)ret_envelope + texts[i]));
	if (status != LK_OK)
		return status;
	ret_envelope->about = (struct berval){0, NULL};
	return lk_decoder_optional_text(decoder, LK_TAG_CONTEXT(0), about_bounds, &ret_envelope->about);
}

/* ret_envelope is in no sure state after a failure. */
static int decode(const struct berval *plain, struct lk_envelope *ret_envelope)
{
	struct lk_decoder decoder;
	int status = lk_decoder_open(plain, &decoder);

	return status == LK_OK ? lk_decoder_close(&decoder, decode_fields(&decoder, ret_envelope)) : status;
}

static void free_plain(struct berval *plain, void (*release)(void *))
{
	if (plain->bv_val != NULL)
		sodium_memzero(plain->bv_val, plain->bv_len);
	release(plain->bv_val);
	*plain = (struct berval){0, NULL};
}

static void encode_fields(struct lk_encoder *encoder, const struct lk_envelope *envelope, const struct berval *id)
{
	static const struct berval never = {0, NULL};

	lk_encoder_octets(encoder, LBER_OCTETSTRING, id);
	lk_encoder_number(encoder, LBER_ENUMERATED, (int)envelope->kind);
	if (envelope->expires == 0)
		lk_encoder_octets(encoder, LBER_OCTETSTRING, &never);
	else
		lk_encoder_time(encoder, LBER_OCTETSTRING, envelope->expires);
	lk_encoder_boolean(encoder, LBER_BOOLEAN, envelope->must_change);
	for (size_t i = 0; i < TEXTS_COUNT; i++)
		lk_encoder_octets(encoder, LBER_OCTETSTRING, text_of(envelope, i));
	lk_encoder_optional_octets(encoder, LK_TAG_CONTEXT(0), envelope->about.bv_len > 0 ? &envelope->about : &never);
}

static int encode(const struct lk_envelope *envelope, const struct berval *id, struct berval *ret_plain)
{
	struct lk_encoder encoder;
	size_t octets = 0;
	int status;

	for (size_t i = 0; i < TEXTS_COUNT; i++) {
		if (text_of(envelope, i)->bv_len > LK_ENVELOPE_TEXT_MAX)
			return LK_ERR_TOO_LONG;
		octets += text_of(envelope, i)->bv_len;
	}
	if (envelope->about.bv_len > LK_ENVELOPE_TEXT_MAX)
		return LK_ERR_TOO_LONG;
	octets += envelope->about.bv_len;
	status = lk_encoder_open(&encoder, ELEMENTS, octets);
	if (status != LK_OK)
		return status;
	encode_fields(&encoder, envelope, id);
	return lk_encoder_close(&encoder, ret_plain);
}

_Static_assert(
	crypto_box_PUBLICKEYBYTES == LK_KEY_BYTES && crypto_box_BEFORENMBYTES == LK_KEY_BYTES, "one size of keys");

int lk_seal_key_make(const unsigned char public_key[LK_KEY_BYTES], struct lk_seal_key *ret_key)
{
	struct lk_seal_key key;
	unsigned char secret[crypto_box_SECRETKEYBYTES];
	int failed;

	crypto_box_keypair(key.ephemeral, secret);
	failed = crypto_box_beforenm(key.shared, public_key, secret);
	sodium_memzero(secret, sizeof(secret));
	if (!failed)
		*ret_key = key;
	sodium_memzero(&key, sizeof(key));
	return failed ? LK_ERR_KEY : LK_OK;
}

/* What crypto_box_seal writes: the ephemeral key, and a crypto_box whose nonce is the BLAKE2b of both public keys. */
static void seal_box(const struct berval *plain, const unsigned char public_key[LK_KEY_BYTES],
	const struct lk_seal_key *key, unsigned char *ret_box)
{
	unsigned char nonce[crypto_box_NONCEBYTES];
	crypto_generichash_state hash;

	crypto_generichash_init(&hash, NULL, 0, sizeof(nonce));
	crypto_generichash_update(&hash, key->ephemeral, sizeof(key->ephemeral));
	crypto_generichash_update(&hash, public_key, LK_KEY_BYTES);
	crypto_generichash_final(&hash, nonce, sizeof(nonce));
	memcpy(ret_box, key->ephemeral, sizeof(key->ephemeral));
	crypto_box_easy_afternm(
		ret_box + sizeof(key->ephemeral), (const unsigned char *)plain->bv_val, plain->bv_len, nonce, key->shared);
}

static int seal_plain(const struct berval *plain, const struct berval *id, const unsigned char public_key[LK_KEY_BYTES],
	const struct lk_seal_key *key, struct berval *ret_sealed)
{
	size_t length = LK_SEALED_HEADER + crypto_box_SEALBYTES + plain->bv_len;
	unsigned char *sealed = ber_memalloc(length);

	if (sealed == NULL)
		return LK_ERR_NO_MEMORY;
	sealed[0] = VERSION;
	memcpy(sealed + 1, id->bv_val, LK_ID_BYTES);
	lk_key_id(public_key, sealed + 1 + LK_ID_BYTES);
	seal_box(plain, public_key, key, sealed + LK_SEALED_HEADER);
	ret_sealed->bv_val = (char *)sealed;
	ret_sealed->bv_len = length;
	return LK_OK;
}

static int seal(const struct lk_envelope *envelope, const unsigned char public_key[LK_KEY_BYTES],
	const struct lk_seal_key *key, struct berval *ret_sealed)
{
	struct berval id_text = {strnlen(envelope->id, LK_ID_TEXT + 1), (char *)envelope->id}, plain;
	char id_octets[LK_ID_BYTES];
	struct berval id = {LK_ID_BYTES, id_octets};
	struct lk_envelope again;
	int status = lk_hex_parse(&id_text, (unsigned char *)id_octets, LK_ID_BYTES);

	if (status == LK_OK)
		status = encode(envelope, &id, &plain);
	if (status != LK_OK)
		return status;
	/* A message that cannot be opened would be lost when it is too late to say so. */
	status = decode(&plain, &again);
	if (status == LK_OK)
		status = seal_plain(&plain, &id, public_key, key, ret_sealed);
	free_plain(&plain, ber_memfree);
	return status;
}

int lk_envelope_seal_with(const struct lk_envelope *envelope, const unsigned char public_key[LK_KEY_BYTES],
	struct lk_seal_key *key, struct berval *ret_sealed)
{
	int status = seal(envelope, public_key, key, ret_sealed);

	sodium_memzero(key, sizeof(*key));
	return status;
}

int lk_envelope_seal(
	const struct lk_envelope *envelope, const unsigned char public_key[LK_KEY_BYTES], struct berval *ret_sealed)
{
	struct lk_seal_key key;
	int status = lk_seal_key_make(public_key, &key);

	return status == LK_OK ? lk_envelope_seal_with(envelope, public_key, &key, ret_sealed) : status;
}

int lk_sealed_header(
	const struct berval *sealed, char ret_id[LK_ID_TEXT + 1], unsigned char ret_key_id[LK_KEY_ID_BYTES])
{
	const unsigned char *octets = (const unsigned char *)sealed->bv_val;

	if (sealed->bv_len == 0)
		return LK_ERR_MALFORMED;
	if (octets[0] != VERSION)
		return LK_ERR_VERSION;
	if (sealed->bv_len < LK_SEALED_HEADER + crypto_box_SEALBYTES)
		return LK_ERR_MALFORMED;
	lk_hex_format(octets + 1, LK_ID_BYTES, ret_id);
	memcpy(ret_key_id, octets + 1 + LK_ID_BYTES, LK_KEY_ID_BYTES);
	return LK_OK;
}

static const struct lk_key_pair *find_pair(
	const unsigned char key_id[LK_KEY_ID_BYTES], const struct lk_key_pair *pairs, size_t pairs_count)
{
	unsigned char id[LK_KEY_ID_BYTES];

	for (size_t i = 0; i < pairs_count; i++) {
		lk_key_id(pairs[i].public_key, id);
		if (memcmp(id, key_id, LK_KEY_ID_BYTES) == 0)
			return &pairs[i];
	}
	return NULL;
}

static int open_box(const struct berval *sealed, const struct lk_key_pair *pair, struct berval *ret_plain)
{
	const unsigned char *box = (const unsigned char *)sealed->bv_val + LK_SEALED_HEADER;
	size_t length = sealed->bv_len - LK_SEALED_HEADER;
	struct berval plain = {length - crypto_box_SEALBYTES, malloc(length)};

	if (plain.bv_val == NULL)
		return LK_ERR_NO_MEMORY;
	if (crypto_box_seal_open((unsigned char *)plain.bv_val, box, length, pair->public_key, pair->secret_key) != 0) {
		free_plain(&plain, free);
		return LK_ERR_SEALED;
	}
	*ret_plain = plain;
	return LK_OK;
}

int lk_envelope_open(const struct berval *sealed, const struct lk_key_pair *pairs, size_t pairs_count,
	struct berval *ret_plain, struct lk_envelope *ret_envelope)
{
	unsigned char key_id[LK_KEY_ID_BYTES];
	const struct lk_key_pair *pair;
	struct lk_envelope envelope;
	char id[LK_ID_TEXT + 1];
	struct berval plain;
	int status = lk_sealed_header(sealed, id, key_id);

	if (status != LK_OK)
		return status;
	pair = find_pair(key_id, pairs, pairs_count);
	if (pair == NULL)
		return LK_ERR_KEY;
	status = open_box(sealed, pair, &plain);
	if (status != LK_OK)
		return status;
	status = decode(&plain, &envelope);
	if (status == LK_OK && strcmp(envelope.id, id) != 0)
		status = LK_ERR_SEALED;
	if (status != LK_OK) {
		free_plain(&plain, free);
		return status;
	}
	*ret_plain = plain;
	*ret_envelope = envelope;
	return LK_OK;
}

void lk_envelope_wipe(struct berval *plain, struct lk_envelope *envelope)
{
	free_plain(plain, free);
	sodium_memzero(envelope, sizeof(*envelope));
}
