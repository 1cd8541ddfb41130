/* NotificationTake and NotificationSettle: their values and their responses. */
#include "wire.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>

#include "error.h"
#include "text.h"
#include "wire-common.h"
#include "wire-fields.h"

static const struct lk_bounds any_bounds = {0, SIZE_MAX};
static const struct lk_bounds holder_bounds = {1, LK_HOLDER_MAX};
static const struct lk_bounds uuid_bounds = {LK_UUID_BYTES, LK_UUID_BYTES};
static const struct lk_bounds answer_bounds = {0, LK_ANSWER_MAX};

/* Reads the next of a SEQUENCE OF into ITEM, which is zeroed. */
typedef int (*item_reader)(struct lk_decoder *items, void *item);

static int read_items(struct lk_decoder *decoder, item_reader read, size_t size, void **ret_items, size_t *ret_count)
{
	char *items;
	size_t count;
	int status = lk_decoder_count(decoder, LK_TAKE_MAX, &count);

	if (status != LK_OK)
		return status;
	items = count > 0 ? calloc(count, size) : NULL;
	if (items == NULL && count > 0)
		return LK_ERR_NO_MEMORY;
	for (size_t i = 0; i < count && status == LK_OK; i++)
		status = read(decoder, items + i * size);
	if (status != LK_OK) {
		free(items);
		return status;
	}
	*ret_items = items;
	*ret_count = count;
	return LK_OK;
}

/* The whole of BER as a SEQUENCE OF what READ reads; *ret_items is freed with free(), NULL for none. */
static int decode_items(const struct berval *ber, item_reader read, size_t size, void **ret_items, size_t *ret_count)
{
	struct lk_decoder decoder;
	int status = lk_decoder_open(ber, &decoder);

	if (status != LK_OK)
		return status;
	return lk_decoder_close(&decoder, read_items(&decoder, read, size, ret_items, ret_count));
}

static int read_holder(struct lk_decoder *decoder, struct berval *ret_holder)
{
	struct berval holder;
	int status = lk_decoder_octets(decoder, LBER_OCTETSTRING, holder_bounds, &holder);

	if (status != LK_OK)
		return status;
	if (!lk_text_is_utf8(&holder))
		return LK_ERR_NOT_UTF8;
	*ret_holder = holder;
	return LK_OK;
}

static const struct lk_wire_rule take_rules[] = {
	{LBER_INTEGER, &lk_wire_number, offsetof(struct lk_take, most), {1, LK_TAKE_MAX}, false},
	{LBER_INTEGER, &lk_wire_number, offsetof(struct lk_take, lease), {1, LK_LEASE_MAX}, false},
};
static const struct lk_wire_format take = LK_WIRE_FORMAT(struct lk_take, take_rules);

int lk_wire_encode_take(const struct lk_take *value, struct berval **ret_ber)
{
	return lk_wire_encode_fields(&take, value, ret_ber);
}

int lk_wire_decode_take(const struct berval *ber, struct lk_take *ret_value)
{
	return lk_wire_decode_fields(&take, ber, ret_value);
}

static int check_taken(const struct berval *ber, const void *context)
{
	struct lk_taken *taken = NULL;
	size_t count;
	int status = lk_wire_decode_taken(ber, &taken, &count);

	(void)context;
	free(taken);
	return status;
}

int lk_wire_encode_taken(const struct lk_taken *taken, size_t count, struct berval **ret_ber)
{
	struct lk_encoder encoder;
	size_t octets = 0;
	int status;

	if (count > LK_TAKE_MAX)
		return LK_ERR_TOO_LONG;
	for (size_t i = 0; i < count; i++)
		octets +=
			taken[i].holder.bv_len + taken[i].message.bv_len + taken[i].sealed.bv_len + taken[i].entry_uuid.bv_len;
	status = lk_encoder_open(&encoder, 5 * count, octets);
	if (status != LK_OK)
		return status;
	for (size_t i = 0; i < count; i++) {
		lk_encoder_begin(&encoder, LBER_SEQUENCE);
		lk_encoder_octets(&encoder, LBER_OCTETSTRING, &taken[i].holder);
		lk_encoder_octets(&encoder, LBER_OCTETSTRING, &taken[i].message);
		lk_encoder_octets(&encoder, LBER_OCTETSTRING, &taken[i].sealed);
		lk_encoder_optional_octets(&encoder, LK_TAG_CONTEXT(0), &taken[i].entry_uuid);
		lk_encoder_end(&encoder);
	}
	return lk_wire_finish(&encoder, check_taken, NULL, ret_ber);
}

static int read_taken(struct lk_decoder *items, void *item)
{
	struct lk_taken *taken = item;
	struct lk_decoder inside;
	int status = lk_decoder_enter(items, LBER_SEQUENCE, &inside);

	if (status != LK_OK)
		return status;
	status = read_holder(&inside, &taken->holder);
	if (status == LK_OK)
		status = lk_decoder_octets(&inside, LBER_OCTETSTRING, any_bounds, &taken->message);
	if (status == LK_OK)
		status = lk_decoder_octets(&inside, LBER_OCTETSTRING, any_bounds, &taken->sealed);
	if (status == LK_OK && lk_decoder_next_is(&inside, LK_TAG_CONTEXT(0)))
		status = lk_decoder_octets(&inside, LK_TAG_CONTEXT(0), uuid_bounds, &taken->entry_uuid);
	return lk_decoder_leave(&inside, status);
}

int lk_wire_decode_taken(const struct berval *ber, struct lk_taken **ret_taken, size_t *ret_count)
{
	void *items;
	int status = decode_items(ber, read_taken, sizeof(**ret_taken), &items, ret_count);

	if (status == LK_OK)
		*ret_taken = items;
	return status;
}

static int check_settle(const struct berval *ber, const void *context)
{
	struct lk_settlement *items = NULL;
	size_t count;
	int status = lk_wire_decode_settle(ber, &items, &count);

	(void)context;
	free(items);
	return status;
}

static void encode_settlement(struct lk_encoder *encoder, const struct lk_settlement *item)
{
	struct berval id = {LK_ID_TEXT, (char *)item->id};

	lk_encoder_begin(encoder, LBER_SEQUENCE);
	lk_encoder_octets(encoder, LBER_OCTETSTRING, &item->holder);
	lk_encoder_octets(encoder, LBER_OCTETSTRING, &id);
	lk_encoder_number(encoder, LBER_ENUMERATED, (int)item->state);
	lk_encoder_octets(encoder, LBER_OCTETSTRING, &item->answer);
	if (item->retry_at != 0)
		lk_encoder_time(encoder, LK_TAG_CONTEXT(0), item->retry_at);
	lk_encoder_end(encoder);
}

int lk_wire_encode_settle(const struct lk_settlement *items, size_t count, struct berval **ret_ber)
{
	struct lk_encoder encoder;
	size_t octets = 0;
	int status;

	if (count > LK_TAKE_MAX)
		return LK_ERR_TOO_LONG;
	for (size_t i = 0; i < count; i++)
		octets += items[i].holder.bv_len + LK_ID_TEXT + items[i].answer.bv_len;
	status = lk_encoder_open(&encoder, 6 * count, octets);
	if (status != LK_OK)
		return status;
	for (size_t i = 0; i < count; i++)
		encode_settlement(&encoder, &items[i]);
	return lk_wire_finish(&encoder, check_settle, NULL, ret_ber);
}

static int read_state(struct lk_decoder *decoder, enum lk_state *ret_state)
{
	int state;
	int status = lk_decoder_number(decoder, LBER_ENUMERATED, LK_STATE_DEFERRED, LK_STATE_FAILED, &state);

	if (status == LK_OK)
		*ret_state = (enum lk_state)state;
	return status;
}

static int read_settlement(struct lk_decoder *items, void *item)
{
	struct lk_settlement *settlement = item;
	struct lk_decoder inside;
	int status = lk_decoder_enter(items, LBER_SEQUENCE, &inside);

	if (status != LK_OK)
		return status;
	status = read_holder(&inside, &settlement->holder);
	if (status == LK_OK)
		status = lk_decoder_id(&inside, LBER_OCTETSTRING, settlement->id);
	if (status == LK_OK)
		status = read_state(&inside, &settlement->state);
	if (status == LK_OK)
		status = lk_decoder_text(&inside, LBER_OCTETSTRING, answer_bounds, &settlement->answer);
	if (status == LK_OK && settlement->state == LK_STATE_DEFERRED)
		status = lk_decoder_time(&inside, LK_TAG_CONTEXT(0), &settlement->retry_at);
	return lk_decoder_leave(&inside, status);
}

int lk_wire_decode_settle(const struct berval *ber, struct lk_settlement **ret_items, size_t *ret_count)
{
	void *items;
	size_t count;
	int status = decode_items(ber, read_settlement, sizeof(**ret_items), &items, &count);

	if (status != LK_OK)
		return status;
	if (count == 0)
		return LK_ERR_MALFORMED;
	*ret_items = items;
	*ret_count = count;
	return LK_OK;
}

static int check_settled(const struct berval *ber, const void *context)
{
	int *results = NULL;
	size_t count;
	int status = lk_wire_decode_settled(ber, &results, &count);

	(void)context;
	free(results);
	return status;
}

int lk_wire_encode_settled(const int *results, size_t count, struct berval **ret_ber)
{
	struct lk_encoder encoder;
	int status;

	if (count > LK_TAKE_MAX)
		return LK_ERR_TOO_LONG;
	status = lk_encoder_open(&encoder, count, 0);
	if (status != LK_OK)
		return status;
	for (size_t i = 0; i < count; i++)
		lk_encoder_number(&encoder, LBER_ENUMERATED, results[i]);
	return lk_wire_finish(&encoder, check_settled, NULL, ret_ber);
}

static int read_result(struct lk_decoder *items, void *item)
{
	return lk_decoder_number(items, LBER_ENUMERATED, 0, INT_MAX, item);
}

int lk_wire_decode_settled(const struct berval *ber, int **ret_results, size_t *ret_count)
{
	void *items;
	size_t count;
	int status = decode_items(ber, read_result, sizeof(**ret_results), &items, &count);

	if (status != LK_OK)
		return status;
	if (count == 0)
		return LK_ERR_MALFORMED;
	*ret_results = items;
	*ret_count = count;
	return LK_OK;
}
