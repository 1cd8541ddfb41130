/* The values of the operations by which users enrol. */
#include "wire-enrol.h"

#include "decoder.h"
#include "encoder.h"
#include "error.h"
#include "wire-common.h"

static const struct lk_bounds address_bounds = {1, LK_ADDRESS_MAX};
static const struct lk_bounds locale_bounds = {1, LK_LOCALE_MAX};
static const struct lk_bounds proof_bounds = {1, LK_PROOF_MAX};
static const struct lk_bounds secret_bounds = {LK_TOTP_SECRET_BYTES, LK_TOTP_SECRET_BYTES};
static const struct lk_bounds issuer_bounds = {0, LK_ISSUER_MAX};
static const struct lk_bounds printed_bounds = {LK_PRINTED_TEXT, LK_PRINTED_TEXT};

/* --- addresses ------------------------------------------------------------------------------------------------------ */

static int check_address_add(const struct berval *ber)
{
	struct lk_address_add value;

	return lk_wire_decode_address_add(ber, &value);
}

int lk_wire_encode_address_add(const struct lk_address_add *value, struct berval **ret_ber)
{
	struct lk_encoder encoder;
	int status = lk_encoder_open(&encoder, 2, value->address.bv_len + value->locale.bv_len);

	if (status != LK_OK)
		return status;
	lk_encoder_octets(&encoder, LK_TAG_CONTEXT(0), &value->address);
	lk_encoder_optional_octets(&encoder, LK_TAG_CONTEXT(1), &value->locale);
	return lk_wire_finish(&encoder, check_address_add, ret_ber);
}

int lk_wire_decode_address_add(const struct berval *ber, struct lk_address_add *ret_value)
{
	struct lk_address_add value = {0};
	struct lk_decoder decoder;
	int status = lk_decoder_open(ber, &decoder);

	if (status != LK_OK)
		return status;
	status = lk_decoder_text(&decoder, LK_TAG_CONTEXT(0), address_bounds, &value.address);
	if (status == LK_OK)
		status = lk_decoder_optional_text(&decoder, LK_TAG_CONTEXT(1), locale_bounds, &value.locale);
	status = lk_decoder_close(&decoder, status);
	if (status == LK_OK)
		*ret_value = value;
	return status;
}

static int check_address_prove(const struct berval *ber)
{
	struct berval code;

	return lk_wire_decode_address_prove(ber, &code);
}

int lk_wire_encode_address_prove(const struct berval *code, struct berval **ret_ber)
{
	struct lk_encoder encoder;
	int status = lk_encoder_open(&encoder, 1, code->bv_len);

	if (status != LK_OK)
		return status;
	lk_encoder_octets(&encoder, LK_TAG_CONTEXT(0), code);
	return lk_wire_finish(&encoder, check_address_prove, ret_ber);
}

int lk_wire_decode_address_prove(const struct berval *ber, struct berval *ret_code)
{
	struct lk_decoder decoder;
	struct berval code;
	int status = lk_decoder_open(ber, &decoder);

	if (status != LK_OK)
		return status;
	status = lk_decoder_close(&decoder, lk_decoder_text(&decoder, LK_TAG_CONTEXT(0), proof_bounds, &code));
	if (status == LK_OK)
		*ret_code = code;
	return status;
}

/* --- the authenticator app ------------------------------------------------------------------------------------------ */

static int check_totp_enrol(const struct berval *ber)
{
	struct berval value;

	return lk_wire_decode_totp_enrol(ber, &value);
}

int lk_wire_encode_totp_enrol(const struct berval *value, struct berval **ret_ber)
{
	struct lk_encoder encoder;
	int status = lk_encoder_open(&encoder, 1, value->bv_len);

	if (status != LK_OK)
		return status;
	lk_encoder_optional_octets(&encoder, LK_TAG_CONTEXT(0), value);
	return lk_wire_finish(&encoder, check_totp_enrol, ret_ber);
}

int lk_wire_decode_totp_enrol(const struct berval *ber, struct berval *ret_value)
{
	struct berval value = {0, NULL};
	struct lk_decoder decoder;
	int status = lk_decoder_open(ber, &decoder);

	if (status != LK_OK)
		return status;
	status = lk_decoder_close(&decoder, lk_decoder_optional_text(&decoder, LK_TAG_CONTEXT(0), proof_bounds, &value));
	if (status == LK_OK)
		*ret_value = value;
	return status;
}

static int check_totp_enrolment(const struct berval *ber)
{
	struct lk_totp_enrolment value;

	return lk_wire_decode_totp_enrolment(ber, &value);
}

int lk_wire_encode_totp_enrolment(const struct lk_totp_enrolment *value, struct berval **ret_ber)
{
	struct lk_encoder encoder;
	int status = lk_encoder_open(&encoder, 5, value->secret.bv_len + value->issuer.bv_len + value->account.bv_len);

	if (status != LK_OK)
		return status;
	lk_encoder_octets(&encoder, LK_TAG_CONTEXT(0), &value->secret);
	lk_encoder_octets(&encoder, LK_TAG_CONTEXT(1), &value->issuer);
	lk_encoder_octets(&encoder, LK_TAG_CONTEXT(2), &value->account);
	lk_encoder_number(&encoder, LK_TAG_CONTEXT(3), value->digits);
	lk_encoder_number(&encoder, LK_TAG_CONTEXT(4), value->period);
	return lk_wire_finish(&encoder, check_totp_enrolment, ret_ber);
}

static int decode_enrolment_fields(struct lk_decoder *decoder, struct lk_totp_enrolment *ret_value)
{
	int status = lk_decoder_octets(decoder, LK_TAG_CONTEXT(0), secret_bounds, &ret_value->secret);

	if (status == LK_OK)
		status = lk_decoder_text(decoder, LK_TAG_CONTEXT(1), issuer_bounds, &ret_value->issuer);
	if (status == LK_OK)
		status = lk_decoder_text(decoder, LK_TAG_CONTEXT(2), issuer_bounds, &ret_value->account);
	if (status == LK_OK)
		status = lk_decoder_number(decoder, LK_TAG_CONTEXT(3), 6, 8, &ret_value->digits);
	if (status == LK_OK)
		status = lk_decoder_number(decoder, LK_TAG_CONTEXT(4), 1, 300, &ret_value->period);
	return status;
}

int lk_wire_decode_totp_enrolment(const struct berval *ber, struct lk_totp_enrolment *ret_value)
{
	struct lk_totp_enrolment value = {0};
	struct lk_decoder decoder;
	int status = lk_decoder_open(ber, &decoder);

	if (status != LK_OK)
		return status;
	status = lk_decoder_close(&decoder, decode_enrolment_fields(&decoder, &value));
	if (status == LK_OK)
		*ret_value = value;
	return status;
}

/* --- printed codes -------------------------------------------------------------------------------------------------- */

static int check_printed_codes(const struct berval *ber)
{
	struct berval codes[LK_PRINTED_CODES];
	size_t count;

	return lk_wire_decode_printed_codes(ber, codes, &count);
}

int lk_wire_encode_printed_codes(const struct berval *codes, size_t count, struct berval **ret_ber)
{
	struct lk_encoder encoder;
	int status;

	if (count > LK_PRINTED_CODES)
		return LK_ERR_TOO_LONG;
	status = lk_encoder_open(&encoder, count, count * LK_PRINTED_TEXT);
	if (status != LK_OK)
		return status;
	for (size_t i = 0; i < count; i++)
		lk_encoder_octets(&encoder, LBER_OCTETSTRING, &codes[i]);
	return lk_wire_finish(&encoder, check_printed_codes, ret_ber);
}

int lk_wire_decode_printed_codes(const struct berval *ber, struct berval ret_codes[LK_PRINTED_CODES], size_t *ret_count)
{
	struct berval codes[LK_PRINTED_CODES] = {0};
	struct lk_decoder decoder;
	size_t count = 0;
	int status = lk_decoder_open(ber, &decoder);

	if (status != LK_OK)
		return status;
	status = lk_decoder_count(&decoder, LK_PRINTED_CODES, &count);
	for (size_t i = 0; i < count && status == LK_OK; i++)
		status = lk_decoder_text(&decoder, LBER_OCTETSTRING, printed_bounds, &codes[i]);
	if (status == LK_OK && count == 0)
		status = LK_ERR_MALFORMED;
	status = lk_decoder_close(&decoder, status);
	if (status != LK_OK)
		return status;
	for (size_t i = 0; i < count; i++)
		ret_codes[i] = codes[i];
	*ret_count = count;
	return LK_OK;
}
