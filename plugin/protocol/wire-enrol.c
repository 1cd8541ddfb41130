/* The values of the operations by which users enrol. */
#include "wire-enrol.h"

#include "error.h"
#include "wire-common.h"
#include "wire-fields.h"

static const struct lk_bounds printed_bounds = {LK_PRINTED_TEXT, LK_PRINTED_TEXT};

/* --- addresses ------------------------------------------------------------------------------------------------------ */

static const struct lk_wire_rule add_rules[] = {
	{LK_TAG_CONTEXT(0), &lk_wire_text, offsetof(struct lk_address_add, address), {1, LK_ADDRESS_MAX}, false},
	{LK_TAG_CONTEXT(1), &lk_wire_text, offsetof(struct lk_address_add, locale), {1, LK_LOCALE_MAX}, true},
};
static const struct lk_wire_format address_add = LK_WIRE_FORMAT(struct lk_address_add, add_rules);

int lk_wire_encode_address_add(const struct lk_address_add *value, struct berval **ret_ber)
{
	return lk_wire_encode_fields(&address_add, value, ret_ber);
}

int lk_wire_decode_address_add(const struct berval *ber, struct lk_address_add *ret_value)
{
	return lk_wire_decode_fields(&address_add, ber, ret_value);
}

static const struct lk_wire_rule prove_rules[] = {
	{LK_TAG_CONTEXT(0), &lk_wire_text, 0, {1, LK_PROOF_MAX}, false},
};
static const struct lk_wire_format address_prove = LK_WIRE_FORMAT(struct berval, prove_rules);

int lk_wire_encode_address_prove(const struct berval *code, struct berval **ret_ber)
{
	return lk_wire_encode_fields(&address_prove, code, ret_ber);
}

int lk_wire_decode_address_prove(const struct berval *ber, struct berval *ret_code)
{
	return lk_wire_decode_fields(&address_prove, ber, ret_code);
}

/* --- the authenticator app ------------------------------------------------------------------------------------------ */

static const struct lk_wire_rule totp_rules[] = {
	{LK_TAG_CONTEXT(0), &lk_wire_text, 0, {1, LK_PROOF_MAX}, true},
};
static const struct lk_wire_format totp_enrol = LK_WIRE_FORMAT(struct berval, totp_rules);

int lk_wire_encode_totp_enrol(const struct berval *value, struct berval **ret_ber)
{
	return lk_wire_encode_fields(&totp_enrol, value, ret_ber);
}

int lk_wire_decode_totp_enrol(const struct berval *ber, struct berval *ret_value)
{
	return lk_wire_decode_fields(&totp_enrol, ber, ret_value);
}

static const struct lk_wire_rule enrolment_rules[] = {
	{LK_TAG_CONTEXT(0), &lk_wire_octets, offsetof(struct lk_totp_enrolment, secret),
		{LK_TOTP_SECRET_BYTES, LK_TOTP_SECRET_BYTES}, false},
	{LK_TAG_CONTEXT(1), &lk_wire_text, offsetof(struct lk_totp_enrolment, issuer), {0, LK_ISSUER_MAX}, false},
	{LK_TAG_CONTEXT(2), &lk_wire_text, offsetof(struct lk_totp_enrolment, account), {0, LK_ISSUER_MAX}, false},
	{LK_TAG_CONTEXT(3), &lk_wire_number, offsetof(struct lk_totp_enrolment, digits), {6, 8}, false},
	{LK_TAG_CONTEXT(4), &lk_wire_number, offsetof(struct lk_totp_enrolment, period), {1, 300}, false},
};
static const struct lk_wire_format totp_enrolment = LK_WIRE_FORMAT(struct lk_totp_enrolment, enrolment_rules);

int lk_wire_encode_totp_enrolment(const struct lk_totp_enrolment *value, struct berval **ret_ber)
{
	return lk_wire_encode_fields(&totp_enrolment, value, ret_ber);
}

int lk_wire_decode_totp_enrolment(const struct berval *ber, struct lk_totp_enrolment *ret_value)
{
	return lk_wire_decode_fields(&totp_enrolment, ber, ret_value);
}

/* --- printed codes -------------------------------------------------------------------------------------------------- */

static int check_printed_codes(const struct berval *ber, const void *context)
{
	struct berval codes[LK_PRINTED_CODES];
	size_t count;

	(void)context;
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
	return lk_wire_finish(&encoder, check_printed_codes, NULL, ret_ber);
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
