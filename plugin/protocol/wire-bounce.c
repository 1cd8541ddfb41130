/* NotificationBounceValue. */
#include "wire-bounce.h"

#include <string.h>

#include "decoder.h"
#include "encoder.h"
#include "error.h"
#include "wire-common.h"

static const struct lk_bounds answer_bounds = {0, LK_ANSWER_MAX};

static int check_bounce(const struct berval *ber, const void *context)
{
	struct lk_bounce value;

	(void)context;
	return lk_wire_decode_bounce(ber, &value);
}

int lk_wire_encode_bounce(const struct lk_bounce *value, struct berval **ret_ber)
{
	const struct lk_sending *sending = &value->sending;
	struct berval entry = {LK_UUID_BYTES, (char *)sending->entry}, id = {LK_SENDING_ID_BYTES, (char *)sending->id};
	struct lk_encoder encoder;
	int status = lk_encoder_open(&encoder, 5, entry.bv_len + id.bv_len + value->answer.bv_len);

	if (status != LK_OK)
		return status;
	lk_encoder_octets(&encoder, LBER_OCTETSTRING, &entry);
	lk_encoder_octets(&encoder, LBER_OCTETSTRING, &id);
	lk_encoder_number(&encoder, LBER_INTEGER, sending->attempt);
	lk_encoder_number(&encoder, LBER_ENUMERATED, (int)value->state);
	lk_encoder_octets(&encoder, LBER_OCTETSTRING, &value->answer);
	return lk_wire_finish(&encoder, check_bounce, NULL, ret_ber);
}

/* Exactly LENGTH octets. */
static int read_octets(struct lk_decoder *decoder, unsigned char *ret_octets, size_t length)
{
	struct berval octets;
	int status = lk_decoder_octets(decoder, LBER_OCTETSTRING, (struct lk_bounds){length, length}, &octets);

	if (status == LK_OK)
		memcpy(ret_octets, octets.bv_val, length);
	return status;
}

static int read_bounce(struct lk_decoder *decoder, struct lk_bounce *value)
{
	int attempt = 0, state = 0;
	int status = read_octets(decoder, value->sending.entry, LK_UUID_BYTES);

	if (status == LK_OK)
		status = read_octets(decoder, value->sending.id, LK_SENDING_ID_BYTES);
	if (status == LK_OK)
		status = lk_decoder_number(decoder, LBER_INTEGER, 0, 255, &attempt);
	if (status == LK_OK)
		status = lk_decoder_number(decoder, LBER_ENUMERATED, LK_STATE_SENT, LK_STATE_FAILED, &state);
	if (status == LK_OK)
		status = lk_decoder_text(decoder, LBER_OCTETSTRING, answer_bounds, &value->answer);
	value->sending.attempt = (unsigned char)attempt;
	value->state = (enum lk_state)state;
	return status;
}

int lk_wire_decode_bounce(const struct berval *ber, struct lk_bounce *ret_value)
{
	struct lk_bounce value = {0};
	struct lk_decoder decoder;
	int status = lk_decoder_open(ber, &decoder);

	if (status != LK_OK)
		return status;
	status = lk_decoder_close(&decoder, read_bounce(&decoder, &value));
	if (status == LK_OK)
		*ret_value = value;
	return status;
}
