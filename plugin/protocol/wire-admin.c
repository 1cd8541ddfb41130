/* NotificationResendValue and AccountValue. */
#include "wire-admin.h"

#include "decoder.h"
#include "encoder.h"
#include "error.h"
#include "wire-common.h"

static const struct lk_bounds user_bounds = {1, LK_USER_MAX};
static const struct lk_bounds address_bounds = {1, LK_ADDRESS_MAX};
static const struct lk_bounds reason_bounds = {1, LK_REASON_MAX};
static const struct lk_bounds ticket_bounds = {1, LK_TICKET_MAX};

static int check_resend(const struct berval *ber)
{
	struct lk_resend value;

	return lk_wire_decode_resend(ber, &value);
}

int lk_wire_encode_resend(const struct lk_resend *value, struct berval **ret_ber)
{
	struct berval id = {LK_ID_TEXT, (char *)value->id};
	struct lk_encoder encoder;
	int status = lk_encoder_open(&encoder, 3, value->user.bv_len + LK_ID_TEXT + value->to.bv_len);

	if (status != LK_OK)
		return status;
	lk_encoder_octets(&encoder, LK_TAG_CONTEXT(0), &value->user);
	lk_encoder_octets(&encoder, LK_TAG_CONTEXT(1), &id);
	lk_encoder_optional_octets(&encoder, LK_TAG_CONTEXT(2), &value->to);
	return lk_wire_finish(&encoder, check_resend, ret_ber);
}

int lk_wire_decode_resend(const struct berval *ber, struct lk_resend *ret_value)
{
	struct lk_resend value = {0};
	struct lk_decoder decoder;
	int status = lk_decoder_open(ber, &decoder);

	if (status != LK_OK)
		return status;
	status = lk_decoder_text(&decoder, LK_TAG_CONTEXT(0), user_bounds, &value.user);
	if (status == LK_OK)
		status = lk_decoder_id(&decoder, LK_TAG_CONTEXT(1), value.id);
	if (status == LK_OK)
		status = lk_decoder_optional_text(&decoder, LK_TAG_CONTEXT(2), address_bounds, &value.to);
	status = lk_decoder_close(&decoder, status);
	if (status == LK_OK)
		*ret_value = value;
	return status;
}

static int check_account(const struct berval *ber)
{
	struct lk_account_request value;

	return lk_wire_decode_account(ber, &value);
}

int lk_wire_encode_account(const struct lk_account_request *value, struct berval **ret_ber)
{
	struct lk_encoder encoder;
	int status = lk_encoder_open(&encoder, 3, value->user.bv_len + value->reason.bv_len + value->ticket.bv_len);

	if (status != LK_OK)
		return status;
	lk_encoder_octets(&encoder, LK_TAG_CONTEXT(0), &value->user);
	lk_encoder_optional_octets(&encoder, LK_TAG_CONTEXT(1), &value->reason);
	lk_encoder_optional_octets(&encoder, LK_TAG_CONTEXT(2), &value->ticket);
	return lk_wire_finish(&encoder, check_account, ret_ber);
}

int lk_wire_decode_account(const struct berval *ber, struct lk_account_request *ret_value)
{
	struct lk_account_request value = {0};
	struct lk_decoder decoder;
	int status = lk_decoder_open(ber, &decoder);

	if (status != LK_OK)
		return status;
	status = lk_decoder_text(&decoder, LK_TAG_CONTEXT(0), user_bounds, &value.user);
	if (status == LK_OK)
		status = lk_decoder_optional_text(&decoder, LK_TAG_CONTEXT(1), reason_bounds, &value.reason);
	if (status == LK_OK)
		status = lk_decoder_optional_text(&decoder, LK_TAG_CONTEXT(2), ticket_bounds, &value.ticket);
	status = lk_decoder_close(&decoder, status);
	if (status == LK_OK)
		*ret_value = value;
	return status;
}
