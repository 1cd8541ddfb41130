#include "wire-fields.h"

#include <string.h>

#include "error.h"
#include "wire-common.h"

/* --- types of elements ---------------------------------------------------------------------------------------------- */

static int read_octets(struct lk_decoder *decoder, const struct lk_wire_rule *rule, void *ret_field)
{
	return lk_decoder_octets(decoder, rule->tag, rule->bounds, ret_field);
}

static int read_text(struct lk_decoder *decoder, const struct lk_wire_rule *rule, void *ret_field)
{
	return lk_decoder_text(decoder, rule->tag, rule->bounds, ret_field);
}

static void write_string(struct lk_encoder *encoder, const struct lk_wire_rule *rule, const void *field)
{
	lk_encoder_octets(encoder, rule->tag, field);
}

static bool is_no_string(const void *field, const void *by_default)
{
	(void)by_default;
	return ((const struct berval *)field)->bv_val == NULL;
}

static size_t octets_of_string(const void *field)
{
	return ((const struct berval *)field)->bv_len;
}

static int read_id(struct lk_decoder *decoder, const struct lk_wire_rule *rule, void *ret_field)
{
	return lk_decoder_id(decoder, rule->tag, ret_field);
}

static void write_id(struct lk_encoder *encoder, const struct lk_wire_rule *rule, const void *field)
{
	struct berval id = {LK_ID_TEXT, (char *)field};

	lk_encoder_octets(encoder, rule->tag, &id);
}

static size_t octets_of_id(const void *field)
{
	(void)field;
	return LK_ID_TEXT;
}

static int read_number(struct lk_decoder *decoder, const struct lk_wire_rule *rule, void *ret_field)
{
	return lk_decoder_number(decoder, rule->tag, (int)rule->bounds.least, (int)rule->bounds.most, ret_field);
}

static void write_number(struct lk_encoder *encoder, const struct lk_wire_rule *rule, const void *field)
{
	lk_encoder_number(encoder, rule->tag, *(const int *)field);
}

/* No value has one by default. */
static bool is_no_id(const void *field, const void *by_default)
{
	(void)by_default;
	return *(const char *)field == '\0';
}

static int read_boolean(struct lk_decoder *decoder, const struct lk_wire_rule *rule, void *ret_field)
{
	return lk_decoder_boolean(decoder, rule->tag, ret_field);
}

static void write_boolean(struct lk_encoder *encoder, const struct lk_wire_rule *rule, const void *field)
{
	lk_encoder_boolean(encoder, rule->tag, *(const bool *)field);
}

static bool is_default_boolean(const void *field, const void *by_default)
{
	return *(const bool *)field == *(const bool *)by_default;
}

static int read_time(struct lk_decoder *decoder, const struct lk_wire_rule *rule, void *ret_field)
{
	return lk_decoder_time(decoder, rule->tag, ret_field);
}

static void write_time(struct lk_encoder *encoder, const struct lk_wire_rule *rule, const void *field)
{
	lk_encoder_time(encoder, rule->tag, *(const time_t *)field);
}

static bool is_default_time(const void *field, const void *by_default)
{
	return *(const time_t *)field == *(const time_t *)by_default;
}

const struct lk_wire_type lk_wire_octets = {read_octets, write_string, is_no_string, octets_of_string};
const struct lk_wire_type lk_wire_text = {read_text, write_string, is_no_string, octets_of_string};
const struct lk_wire_type lk_wire_id = {read_id, write_id, is_no_id, octets_of_id};
const struct lk_wire_type lk_wire_number = {read_number, write_number, NULL, NULL};
const struct lk_wire_type lk_wire_boolean = {read_boolean, write_boolean, is_default_boolean, NULL};
const struct lk_wire_type lk_wire_time = {read_time, write_time, is_default_time, NULL};

/* --- structures ----------------------------------------------------------------------------------------------------- */

/* Room for any of them, zeroed or by default. */
union structure {
	max_align_t alignment;
	unsigned char octets[LK_WIRE_SIZE_MAX];
};

static void begin(const struct lk_wire_format *format, union structure *ret_structure)
{
	memset(ret_structure, 0, sizeof(*ret_structure));
	if (format->defaults != NULL)
		memcpy(ret_structure, format->defaults, format->size);
}

static int read_all(const struct lk_wire_format *format, struct lk_decoder *decoder, union structure *value)
{
	int status = LK_OK;

	for (size_t i = 0; i < format->rules_count && status == LK_OK; i++) {
		const struct lk_wire_rule *rule = &format->rules[i];

		if (!rule->optional || lk_decoder_next_is(decoder, rule->tag))
			status = rule->type->read(decoder, rule, value->octets + rule->offset);
	}
	return status;
}

int lk_wire_decode_fields(const struct lk_wire_format *format, const struct berval *ber, void *ret_value)
{
	union structure value;
	struct lk_decoder decoder;
	int status = lk_decoder_open(ber, &decoder);

	if (status != LK_OK)
		return status;
	begin(format, &value);
	status = lk_decoder_close(&decoder, read_all(format, &decoder, &value));
	if (status == LK_OK)
		memcpy(ret_value, &value, format->size);
	return status;
}

static size_t octets_of(const struct lk_wire_format *format, const unsigned char *value)
{
	size_t octets = 0;

	for (size_t i = 0; i < format->rules_count; i++) {
		const struct lk_wire_rule *rule = &format->rules[i];

		octets += rule->type->octets != NULL ? rule->type->octets(value + rule->offset) : 0;
	}
	return octets;
}

/* An lk_wire_check. */
static int check_fields(const struct berval *ber, const void *context)
{
	union structure value;

	return lk_wire_decode_fields(context, ber, &value);
}

int lk_wire_encode_fields(const struct lk_wire_format *format, const void *value, struct berval **ret_ber)
{
	const unsigned char *octets = value;
	struct lk_encoder encoder;
	union structure without;
	int status = lk_encoder_open(&encoder, format->rules_count, octets_of(format, octets));

	if (status != LK_OK)
		return status;
	begin(format, &without);
	for (size_t i = 0; i < format->rules_count; i++) {
		const struct lk_wire_rule *rule = &format->rules[i];

		/* A default is not written (RFC 4511 section 5.1). */
		if (!rule->optional || !rule->type->is_absent(octets + rule->offset, without.octets + rule->offset))
			rule->type->write(&encoder, rule, octets + rule->offset);
	}
	return lk_wire_finish(&encoder, check_fields, format, ret_ber);
}
