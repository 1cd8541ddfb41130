/* SessionIdentifierControlValue. */
#include "wire-session.h"

#include "decoder.h"
#include "encoder.h"
#include "error.h"
#include "wire-common.h"

static const struct lk_bounds ip_bounds = {0, LK_SESSION_IP_MAX};
static const struct lk_bounds name_bounds = {0, LK_SESSION_NAME_MAX};
static const struct lk_bounds format_bounds = {0, LK_SESSION_FORMAT_MAX};

static int check_session(const struct berval *ber)
{
	struct lk_session value;

	return lk_wire_decode_session(ber, &value);
}

int lk_wire_encode_session(const struct lk_session *value, struct berval **ret_ber)
{
	struct lk_encoder encoder;
	size_t octets =
		value->source_ip.bv_len + value->source_name.bv_len + value->format.bv_len + value->identifier.bv_len;
	int status = lk_encoder_open(&encoder, 4, octets);

	if (status != LK_OK)
		return status;
	lk_encoder_octets(&encoder, LBER_OCTETSTRING, &value->source_ip);
	lk_encoder_octets(&encoder, LBER_OCTETSTRING, &value->source_name);
	lk_encoder_octets(&encoder, LBER_OCTETSTRING, &value->format);
	lk_encoder_octets(&encoder, LBER_OCTETSTRING, &value->identifier);
	return lk_wire_finish(&encoder, check_session, ret_ber);
}

int lk_wire_decode_session(const struct berval *ber, struct lk_session *ret_value)
{
	struct lk_session value = {0};
	struct lk_decoder decoder;
	int status = lk_decoder_open(ber, &decoder);

	if (status != LK_OK)
		return status;
	status = lk_decoder_text(&decoder, LBER_OCTETSTRING, ip_bounds, &value.source_ip);
	if (status == LK_OK)
		status = lk_decoder_octets(&decoder, LBER_OCTETSTRING, name_bounds, &value.source_name);
	if (status == LK_OK)
		status = lk_decoder_octets(&decoder, LBER_OCTETSTRING, format_bounds, &value.format);
	if (status == LK_OK)
		status = lk_decoder_octets(&decoder, LBER_OCTETSTRING, name_bounds, &value.identifier);
	status = lk_decoder_close(&decoder, status);
	if (status == LK_OK)
		*ret_value = value;
	return status;
}
