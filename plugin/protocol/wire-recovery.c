/* RecoveryRequestValue and RecoveryCompleteValue. */
#include "wire.h"

#include "error.h"
#include "wire-common.h"
#include "wire-fields.h"

static const struct lk_bounds user_bounds = {1, LK_USER_MAX};
static const struct lk_bounds proof_bounds = {1, LK_PROOF_MAX};
static const struct lk_bounds password_bounds = {1, LK_PASSWORD_MAX};

static const struct lk_wire_rule request_rules[] = {
	{LK_TAG_CONTEXT(0), &lk_wire_text, offsetof(struct lk_recovery_request, user), {1, LK_USER_MAX}, false},
	{LK_TAG_CONTEXT(1), &lk_wire_text, offsetof(struct lk_recovery_request, locale), {1, LK_LOCALE_MAX}, true},
};
static const struct lk_wire_format request = LK_WIRE_FORMAT(struct lk_recovery_request, request_rules);

int lk_wire_encode_recovery_request(const struct lk_recovery_request *value, struct berval **ret_ber)
{
	return lk_wire_encode_fields(&request, value, ret_ber);
}

int lk_wire_decode_recovery_request(const struct berval *ber, struct lk_recovery_request *ret_value)
{
	return lk_wire_decode_fields(&request, ber, ret_value);
}

static int check_complete(const struct berval *ber, const void *context)
{
	struct lk_recovery_complete value;

	(void)context;
	return lk_wire_decode_recovery_complete(ber, &value);
}

static size_t complete_octets(const struct lk_recovery_complete *value)
{
	size_t octets = value->user.bv_len + value->new_password.bv_len;

	for (size_t i = 0; i < value->proofs_count; i++)
		octets += value->proofs[i].proof.bv_len;
	return octets;
}

static void encode_proofs(struct lk_encoder *encoder, const struct lk_recovery_complete *value)
{
	lk_encoder_begin(encoder, LK_TAG_CONTEXT_CONSTRUCTED(1));
	for (size_t i = 0; i < value->proofs_count; i++) {
		lk_encoder_begin(encoder, LBER_SEQUENCE);
		lk_encoder_number(encoder, LBER_ENUMERATED, (int)value->proofs[i].method);
		lk_encoder_octets(encoder, LBER_OCTETSTRING, &value->proofs[i].proof);
		lk_encoder_end(encoder);
	}
	lk_encoder_end(encoder);
}

int lk_wire_encode_recovery_complete(const struct lk_recovery_complete *value, struct berval **ret_ber)
{
	struct lk_encoder encoder;
	int status;

	if (value->proofs_count > LK_PROOFS_MAX)
		return LK_ERR_TOO_LONG;
	status = lk_encoder_open(&encoder, 3 + 3 * value->proofs_count, complete_octets(value));
	if (status != LK_OK)
		return status;
	lk_encoder_octets(&encoder, LK_TAG_CONTEXT(0), &value->user);
	encode_proofs(&encoder, value);
	lk_encoder_optional_octets(&encoder, LK_TAG_CONTEXT(2), &value->new_password);
	return lk_wire_finish(&encoder, check_complete, NULL, ret_ber);
}

static int decode_proof(struct lk_decoder *proofs, struct lk_proof *ret_proof)
{
	struct lk_decoder inside;
	int method;
	int status = lk_decoder_enter(proofs, LBER_SEQUENCE, &inside);

	if (status == LK_OK)
		status = lk_decoder_number(&inside, LBER_ENUMERATED, LK_METHOD_MAIL, LK_METHOD_RECOVERY_CODE, &method);
	if (status != LK_OK)
		return status;
	ret_proof->method = (enum lk_method)method;
	return lk_decoder_leave(&inside, lk_decoder_text(&inside, LBER_OCTETSTRING, proof_bounds, &ret_proof->proof));
}

static int decode_proofs(struct lk_decoder *decoder, struct lk_recovery_complete *ret_value)
{
	struct lk_decoder proofs;
	size_t count;
	int status = lk_decoder_enter(decoder, LK_TAG_CONTEXT_CONSTRUCTED(1), &proofs);

	if (status == LK_OK)
		status = lk_decoder_count(&proofs, LK_PROOFS_MAX, &count);
	if (status != LK_OK)
		return status;
	for (size_t i = 0; i < count && status == LK_OK; i++)
		status = decode_proof(&proofs, &ret_value->proofs[i]);
	ret_value->proofs_count = count;
	return count > 0 ? status : LK_ERR_MALFORMED;
}

int lk_wire_decode_recovery_complete(const struct berval *ber, struct lk_recovery_complete *ret_value)
{
	struct lk_recovery_complete value = {0};
	struct lk_decoder decoder;
	int status = lk_decoder_open(ber, &decoder);

	if (status != LK_OK)
		return status;
	status = lk_decoder_text(&decoder, LK_TAG_CONTEXT(0), user_bounds, &value.user);
	if (status == LK_OK)
		status = decode_proofs(&decoder, &value);
	if (status == LK_OK && lk_decoder_next_is(&decoder, LK_TAG_CONTEXT(2)))
		status = lk_decoder_octets(&decoder, LK_TAG_CONTEXT(2), password_bounds, &value.new_password);
	status = lk_decoder_close(&decoder, status);
	if (status == LK_OK)
		*ret_value = value;
	return status;
}
