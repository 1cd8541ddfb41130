/* The Notify control's values. */
#include "wire.h"

#include "decoder.h"
#include "encoder.h"
#include "error.h"
#include "wire-common.h"

static const struct lk_bounds address_bounds = {1, LK_ADDRESS_MAX};
static const struct lk_bounds locale_bounds = {1, LK_LOCALE_MAX};
static const struct lk_bounds reason_bounds = {1, LK_REASON_MAX};
static const struct lk_bounds ticket_bounds = {1, LK_TICKET_MAX};

static int check_notify(const struct berval *ber)
{
	struct lk_notify value;

	return lk_wire_decode_notify(ber, &value);
}

int lk_wire_encode_notify(const struct lk_notify *value, struct berval **ret_ber)
{
	struct lk_encoder encoder;
	size_t octets = value->to.bv_len + value->locale.bv_len + value->reason.bv_len + value->ticket.bv_len;
	int status = lk_encoder_open(&encoder, 6, octets);

	if (status != LK_OK)
		return status;
	lk_encoder_optional_octets(&encoder, LK_TAG_CONTEXT(0), &value->to);
	lk_encoder_optional_octets(&encoder, LK_TAG_CONTEXT(1), &value->locale);
	/* A default is not written (RFC 4511 section 5.1). */
	if (!value->must_change)
		lk_encoder_boolean(&encoder, LK_TAG_CONTEXT(2), false);
	if (value->conceal)
		lk_encoder_boolean(&encoder, LK_TAG_CONTEXT(3), true);
	lk_encoder_optional_octets(&encoder, LK_TAG_CONTEXT(4), &value->reason);
	lk_encoder_optional_octets(&encoder, LK_TAG_CONTEXT(5), &value->ticket);
	return lk_wire_finish(&encoder, check_notify, ret_ber);
}

static int optional_boolean(struct lk_decoder *decoder, ber_tag_t tag, bool *ret_boolean)
{
	return lk_decoder_next_is(decoder, tag) ? lk_decoder_boolean(decoder, tag, ret_boolean) : LK_OK;
}

static int decode_notify_fields(struct lk_decoder *decoder, struct lk_notify *ret_value)
{
	int status = lk_decoder_optional_text(decoder, LK_TAG_CONTEXT(0), address_bounds, &ret_value->to);

	if (status == LK_OK)
		status = lk_decoder_optional_text(decoder, LK_TAG_CONTEXT(1), locale_bounds, &ret_value->locale);
	if (status == LK_OK)
		status = optional_boolean(decoder, LK_TAG_CONTEXT(2), &ret_value->must_change);
	if (status == LK_OK)
		status = optional_boolean(decoder, LK_TAG_CONTEXT(3), &ret_value->conceal);
	if (status == LK_OK)
		status = lk_decoder_optional_text(decoder, LK_TAG_CONTEXT(4), reason_bounds, &ret_value->reason);
	if (status == LK_OK)
		status = lk_decoder_optional_text(decoder, LK_TAG_CONTEXT(5), ticket_bounds, &ret_value->ticket);
	return status;
}

int lk_wire_decode_notify(const struct berval *ber, struct lk_notify *ret_value)
{
	struct lk_notify value = {.must_change = true};
	struct lk_decoder decoder;
	int status = lk_decoder_open(ber, &decoder);

	if (status != LK_OK)
		return status;
	status = lk_decoder_close(&decoder, decode_notify_fields(&decoder, &value));
	if (status == LK_OK)
		*ret_value = value;
	return status;
}

static int check_response(const struct berval *ber)
{
	struct lk_notify_response value;

	return lk_wire_decode_notify_response(ber, &value);
}

int lk_wire_encode_notify_response(const struct lk_notify_response *value, struct berval **ret_ber)
{
	struct berval id = {LK_ID_TEXT, (char *)value->id};
	struct lk_encoder encoder;
	int status = lk_encoder_open(&encoder, 4, LK_ID_TEXT);

	if (status != LK_OK)
		return status;
	lk_encoder_octets(&encoder, LK_TAG_CONTEXT(0), &id);
	if (value->expires != 0)
		lk_encoder_time(&encoder, LK_TAG_CONTEXT(1), value->expires);
	lk_encoder_boolean(&encoder, LK_TAG_CONTEXT(2), value->must_change);
	if (value->code)
		lk_encoder_boolean(&encoder, LK_TAG_CONTEXT(3), true);
	return lk_wire_finish(&encoder, check_response, ret_ber);
}

static int decode_response_fields(struct lk_decoder *decoder, struct lk_notify_response *ret_value)
{
	int status = lk_decoder_id(decoder, LK_TAG_CONTEXT(0), ret_value->id);

	if (status == LK_OK && lk_decoder_next_is(decoder, LK_TAG_CONTEXT(1)))
		status = lk_decoder_time(decoder, LK_TAG_CONTEXT(1), &ret_value->expires);
	if (status == LK_OK)
		status = lk_decoder_boolean(decoder, LK_TAG_CONTEXT(2), &ret_value->must_change);
	if (status == LK_OK)
		status = optional_boolean(decoder, LK_TAG_CONTEXT(3), &ret_value->code);
	return status;
}

int lk_wire_decode_notify_response(const struct berval *ber, struct lk_notify_response *ret_value)
{
	struct lk_notify_response value = {0};
	struct lk_decoder decoder;
	int status = lk_decoder_open(ber, &decoder);

	if (status != LK_OK)
		return status;
	status = lk_decoder_close(&decoder, decode_response_fields(&decoder, &value));
	if (status == LK_OK)
		*ret_value = value;
	return status;
}
