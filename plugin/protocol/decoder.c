/* Reading BER. Each element is peeked at by liblber inside exactly the octets of the element around it: the functions
 * of liblber that move on read one octet more than there may be, and know no end but that of the whole value. */
#include "decoder.h"

#include "error.h"
#include "text.h"

/* Moves REST past its first element. LBER_DEFAULT where there is no whole one. */
static ber_tag_t take_element(BerElement *scanner, struct berval *rest, struct berval *ret_contents)
{
	struct berval contents;
	ber_tag_t tag;
	size_t taken;

	if (rest->bv_len == 0)
		return LBER_DEFAULT;
	ber_init2(scanner, rest, 0);
	tag = ber_peek_element(scanner, &contents);
	if (tag == LBER_DEFAULT)
		return LBER_DEFAULT;
	taken = (size_t)(contents.bv_val + contents.bv_len - rest->bv_val);
	rest->bv_val += taken;
	rest->bv_len -= taken;
	*ret_contents = contents;
	return tag;
}

int lk_decoder_open(const struct berval *ber, struct lk_decoder *ret_decoder)
{
	struct lk_decoder decoder;
	struct berval value;

	if (ber == NULL || ber->bv_val == NULL)
		return LK_ERR_MALFORMED;
	value = *ber;
	decoder.scanner = ber_alloc_t(0);
	if (decoder.scanner == NULL)
		return LK_ERR_NO_MEMORY;
	if (take_element(decoder.scanner, &value, &decoder.rest) != LBER_SEQUENCE || value.bv_len > 0) {
		ber_free(decoder.scanner, 0);
		return LK_ERR_MALFORMED;
	}
	*ret_decoder = decoder;
	return LK_OK;
}

int lk_decoder_close(struct lk_decoder *decoder, int status)
{
	ber_free(decoder->scanner, 0);
	decoder->scanner = NULL;
	return lk_decoder_leave(decoder, status);
}

int lk_decoder_enter(struct lk_decoder *decoder, ber_tag_t tag, struct lk_decoder *ret_inside)
{
	struct lk_decoder inside = {decoder->scanner, {0, NULL}};

	if (take_element(decoder->scanner, &decoder->rest, &inside.rest) != tag)
		return LK_ERR_MALFORMED;
	*ret_inside = inside;
	return LK_OK;
}

int lk_decoder_leave(const struct lk_decoder *inside, int status)
{
	return status == LK_OK && inside->rest.bv_len > 0 ? LK_ERR_MALFORMED : status;
}

bool lk_decoder_next_is(const struct lk_decoder *decoder, ber_tag_t tag)
{
	struct berval rest = decoder->rest, contents;

	return take_element(decoder->scanner, &rest, &contents) == tag;
}

int lk_decoder_count(const struct lk_decoder *decoder, size_t most, size_t *ret_count)
{
	struct berval rest = decoder->rest, contents;
	size_t count = 0;

	while (rest.bv_len > 0) {
		if (take_element(decoder->scanner, &rest, &contents) == LBER_DEFAULT)
			return LK_ERR_MALFORMED;
		if (++count > most)
			return LK_ERR_TOO_LONG;
	}
	*ret_count = count;
	return LK_OK;
}

int lk_decoder_octets(struct lk_decoder *decoder, ber_tag_t tag, struct lk_bounds bounds, struct berval *ret_octets)
{
	struct berval octets;

	if (take_element(decoder->scanner, &decoder->rest, &octets) != tag || octets.bv_len < bounds.least)
		return LK_ERR_MALFORMED;
	if (octets.bv_len > bounds.most)
		return LK_ERR_TOO_LONG;
	*ret_octets = octets;
	return LK_OK;
}

int lk_decoder_text(struct lk_decoder *decoder, ber_tag_t tag, struct lk_bounds bounds, struct berval *ret_text)
{
	struct berval text;
	int status = lk_decoder_octets(decoder, tag, bounds, &text);

	if (status != LK_OK)
		return status;
	if (!lk_text_is_clean(&text))
		return LK_ERR_NOT_UTF8;
	*ret_text = text;
	return LK_OK;
}

int lk_decoder_optional_text(
	struct lk_decoder *decoder, ber_tag_t tag, struct lk_bounds bounds, struct berval *ret_text)
{
	if (!lk_decoder_next_is(decoder, tag))
		return LK_OK;
	return lk_decoder_text(decoder, tag, bounds, ret_text);
}

int lk_decoder_number(struct lk_decoder *decoder, ber_tag_t tag, int least, int most, int *ret_number)
{
	struct berval octets;
	ber_int_t number;
	int status = lk_decoder_octets(decoder, tag, (struct lk_bounds){1, sizeof(ber_int_t)}, &octets);

	if (status != LK_OK)
		return LK_ERR_MALFORMED;
	if (ber_decode_int(&octets, &number) != 0 || number < least || number > most)
		return LK_ERR_MALFORMED;
	*ret_number = number;
	return LK_OK;
}

int lk_decoder_boolean(struct lk_decoder *decoder, ber_tag_t tag, bool *ret_boolean)
{
	struct berval octets;

	if (lk_decoder_octets(decoder, tag, (struct lk_bounds){1, 1}, &octets) != LK_OK)
		return LK_ERR_MALFORMED;
	*ret_boolean = octets.bv_val[0] != 0;
	return LK_OK;
}

int lk_decoder_time(struct lk_decoder *decoder, ber_tag_t tag, time_t *ret_when)
{
	struct berval text;

	if (lk_decoder_octets(decoder, tag, (struct lk_bounds){LK_TIME_TEXT, LK_TIME_TEXT}, &text) != LK_OK)
		return LK_ERR_MALFORMED;
	return lk_time_parse(&text, ret_when);
}

int lk_decoder_id(struct lk_decoder *decoder, ber_tag_t tag, char ret_id[LK_ID_TEXT + 1])
{
	struct berval text;
	unsigned char id[LK_ID_BYTES];

	if (lk_decoder_octets(decoder, tag, (struct lk_bounds){LK_ID_TEXT, LK_ID_TEXT}, &text) != LK_OK)
		return LK_ERR_MALFORMED;
	if (lk_hex_parse(&text, id, sizeof(id)) != LK_OK)
		return LK_ERR_MALFORMED;
	lk_hex_format(id, sizeof(id), ret_id);
	return LK_OK;
}
