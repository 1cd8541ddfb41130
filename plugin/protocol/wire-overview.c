/* NotificationOverviewResponse. */
#include "wire-overview.h"

#include "decoder.h"
#include "encoder.h"
#include "error.h"
#include "wire-common.h"

static int check_overview(const struct berval *ber)
{
	struct lk_wire_overview value;

	return lk_wire_decode_overview(ber, &value);
}

int lk_wire_encode_overview(const struct lk_wire_overview *value, struct berval **ret_ber)
{
	struct lk_encoder encoder;
	int status = lk_encoder_open(&encoder, 3, 0);

	if (status != LK_OK)
		return status;
	lk_encoder_number(&encoder, LBER_INTEGER, value->failed);
	lk_encoder_number(&encoder, LBER_INTEGER, value->open);
	lk_encoder_boolean(&encoder, LBER_BOOLEAN, value->durable);
	return lk_wire_finish(&encoder, check_overview, ret_ber);
}

static int read_overview(struct lk_decoder *decoder, struct lk_wire_overview *value)
{
	int status = lk_decoder_number(decoder, LBER_INTEGER, 0, LK_OVERVIEW_MOST, &value->failed);

	if (status == LK_OK)
		status = lk_decoder_number(decoder, LBER_INTEGER, 0, LK_OVERVIEW_MOST, &value->open);
	if (status == LK_OK)
		status = lk_decoder_boolean(decoder, LBER_BOOLEAN, &value->durable);
	return status;
}

int lk_wire_decode_overview(const struct berval *ber, struct lk_wire_overview *ret_value)
{
	struct lk_wire_overview value = {0};
	struct lk_decoder decoder;
	int status = lk_decoder_open(ber, &decoder);

	if (status != LK_OK)
		return status;
	status = lk_decoder_close(&decoder, read_overview(&decoder, &value));
	if (status == LK_OK)
		*ret_value = value;
	return status;
}
