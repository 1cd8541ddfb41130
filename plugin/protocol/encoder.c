/* Writing BER. */
#include "encoder.h"

#include <sodium.h>

#include "error.h"
#include "text.h"

int lk_encoder_open(struct lk_encoder *ret_encoder, size_t elements, size_t octets)
{
	struct lk_encoder encoder = {0};

	encoder.space.bv_len = (elements + 1) * LK_ELEMENT_SPACE + octets;
	encoder.space.bv_val = ber_memalloc(encoder.space.bv_len);
	encoder.ber = ber_alloc_t(LBER_USE_DER);
	if (encoder.space.bv_val == NULL || encoder.ber == NULL) {
		ber_memfree(encoder.space.bv_val);
		ber_free(encoder.ber, 0);
		return LK_ERR_NO_MEMORY;
	}
	ber_init2(encoder.ber, &encoder.space, LBER_USE_DER);
	*ret_encoder = encoder;
	lk_encoder_begin(ret_encoder, LBER_SEQUENCE);
	return LK_OK;
}

int lk_encoder_close(struct lk_encoder *encoder, struct berval *ret_ber)
{
	struct berval value;

	lk_encoder_end(encoder);
	if (!encoder->failed && ber_flatten2(encoder->ber, &value, 0) < 0)
		encoder->failed = true;
	ber_free(encoder->ber, 0);
	if (encoder->failed) {
		sodium_memzero(encoder->space.bv_val, encoder->space.bv_len);
		ber_memfree(encoder->space.bv_val);
		return LK_ERR_NO_MEMORY;
	}
	/* Ending a SEQUENCE moves its contents to the front: behind the value stands a piece of it once more. */
	sodium_memzero(value.bv_val + value.bv_len, encoder->space.bv_len - value.bv_len);
	*ret_ber = value;
	return LK_OK;
}

static void note(struct lk_encoder *encoder, int written)
{
	if (written < 0)
		encoder->failed = true;
}

void lk_encoder_begin(struct lk_encoder *encoder, ber_tag_t tag)
{
	if (!encoder->failed)
		note(encoder, ber_start_seq(encoder->ber, tag));
}

void lk_encoder_end(struct lk_encoder *encoder)
{
	if (!encoder->failed)
		note(encoder, ber_put_seq(encoder->ber));
}

void lk_encoder_octets(struct lk_encoder *encoder, ber_tag_t tag, const struct berval *octets)
{
	if (!encoder->failed)
		note(encoder, ber_put_ostring(encoder->ber, octets->bv_len > 0 ? octets->bv_val : "", octets->bv_len, tag));
}

void lk_encoder_optional_octets(struct lk_encoder *encoder, ber_tag_t tag, const struct berval *octets)
{
	if (octets->bv_val != NULL)
		lk_encoder_octets(encoder, tag, octets);
}

void lk_encoder_number(struct lk_encoder *encoder, ber_tag_t tag, int number)
{
	if (!encoder->failed)
		note(encoder, ber_put_int(encoder->ber, number, tag));
}

void lk_encoder_boolean(struct lk_encoder *encoder, ber_tag_t tag, bool boolean)
{
	if (!encoder->failed)
		note(encoder, ber_put_boolean(encoder->ber, boolean, tag));
}

void lk_encoder_time(struct lk_encoder *encoder, ber_tag_t tag, time_t when)
{
	char text[LK_TIME_TEXT + 1];
	struct berval octets = {LK_TIME_TEXT, text};

	lk_time_format(when, text);
	lk_encoder_octets(encoder, tag, &octets);
}
