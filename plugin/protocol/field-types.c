/* The kinds of field that stored text is made of. */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "error.h"
#include "fields.h"
#include "message.h"
#include "text.h"

#define HEX_AT_ONCE 32 /* octets */
#define NUMBER_TEXT 20 /* digits of ULONG_MAX where it has 64 bits */

static unsigned escaped_octet(const char *digits)
{
	unsigned octet = 0;

	for (int i = 0; i < 2; i++) {
		char digit = digits[i];

		octet = octet << 4 | (unsigned)(digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
	}
	return octet;
}

/* The caller of each reader has seen that "%" stands before two hexadecimal digits only. */
static int read_text(const struct berval *text, const struct lk_field_rule *rule, void *field)
{
	struct berval plain = {0, field};

	for (size_t i = 0; i < text->bv_len; i++) {
		char octet = text->bv_val[i];

		if (plain.bv_len == rule->bound)
			return LK_ERR_TOO_LONG;
		if (octet == '%') {
			octet = (char)escaped_octet(text->bv_val + i + 1);
			i += 2;
		}
		if (octet == '\0')
			return LK_ERR_NOT_UTF8;
		plain.bv_val[plain.bv_len++] = octet;
	}
	if (rule->required && plain.bv_len == 0)
		return LK_ERR_MALFORMED;
	plain.bv_val[plain.bv_len] = '\0';
	return lk_text_is_utf8(&plain) ? LK_OK : LK_ERR_NOT_UTF8;
}

static int write_text(BerElement *out, const struct lk_field_rule *rule, const void *field)
{
	struct berval plain = {strnlen(field, rule->bound + 1), (char *)field};
	int status = LK_OK;

	if (plain.bv_len > rule->bound)
		return LK_ERR_TOO_LONG;
	if (!lk_text_is_utf8(&plain))
		return LK_ERR_NOT_UTF8;
	for (size_t i = 0; i < plain.bv_len && status == LK_OK; i++) {
		unsigned char octet = (unsigned char)plain.bv_val[i];
		char piece[sizeof("%00")] = {(char)octet};

		if (octet <= ' ' || octet == '%' || octet == 0x7f)
			snprintf(piece, sizeof(piece), "%%%02X", octet);
		status = lk_fields_put(out, piece);
	}
	return status;
}

static bool text_is_absent(const void *field)
{
	return *(const char *)field == '\0';
}

const struct lk_field_type lk_field_text = {read_text, write_text, text_is_absent};

static int read_id(const struct berval *text, const struct lk_field_rule *rule, void *field)
{
	unsigned char id[LK_ID_BYTES];

	(void)rule;
	if (lk_hex_parse(text, id, sizeof(id)) != LK_OK)
		return LK_ERR_MALFORMED;
	lk_hex_format(id, sizeof(id), field);
	return LK_OK;
}

static int write_id(BerElement *out, const struct lk_field_rule *rule, const void *field)
{
	struct berval text = {strnlen(field, LK_ID_TEXT + 1), (char *)field};
	unsigned char id[LK_ID_BYTES];

	(void)rule;
	if (lk_hex_parse(&text, id, sizeof(id)) != LK_OK)
		return LK_ERR_MALFORMED;
	return lk_fields_put(out, field);
}

const struct lk_field_type lk_field_id = {read_id, write_id, NULL};

static int read_time(const struct berval *text, const struct lk_field_rule *rule, void *field)
{
	(void)rule;
	return lk_time_parse(text, field);
}

static int write_time(BerElement *out, const struct lk_field_rule *rule, const void *field)
{
	char text[LK_TIME_TEXT + 1];

	(void)rule;
	lk_time_format(*(const time_t *)field, text);
	return lk_fields_put(out, text);
}

static bool time_is_absent(const void *field)
{
	return *(const time_t *)field == 0;
}

const struct lk_field_type lk_field_time = {read_time, write_time, time_is_absent};

static int read_number(const struct berval *text, unsigned long most, unsigned long *ret_number)
{
	unsigned long number = 0;

	if (text->bv_len == 0)
		return LK_ERR_MALFORMED;
	for (size_t i = 0; i < text->bv_len; i++) {
		unsigned long digit = (unsigned long)(text->bv_val[i] - '0');

		if (text->bv_val[i] < '0' || text->bv_val[i] > '9')
			return LK_ERR_MALFORMED;
		if (number > most / 10 || (number == most / 10 && digit > most % 10))
			return LK_ERR_TOO_LONG;
		number = number * 10 + digit;
	}
	*ret_number = number;
	return LK_OK;
}

static int write_number(BerElement *out, unsigned long most, unsigned long number)
{
	char text[NUMBER_TEXT + 1];

	if (number > most)
		return LK_ERR_TOO_LONG;
	snprintf(text, sizeof(text), "%lu", number);
	return lk_fields_put(out, text);
}

static int read_ulong(const struct berval *text, const struct lk_field_rule *rule, void *field)
{
	return read_number(text, rule->bound, field);
}

static int write_ulong(BerElement *out, const struct lk_field_rule *rule, const void *field)
{
	return write_number(out, rule->bound, *(const unsigned long *)field);
}

const struct lk_field_type lk_field_ulong = {read_ulong, write_ulong, NULL};

static int read_unsigned(const struct berval *text, const struct lk_field_rule *rule, void *field)
{
	unsigned long number;
	int status = read_number(text, rule->bound, &number);

	if (status == LK_OK)
		*(unsigned *)field = (unsigned)number;
	return status;
}

static int write_unsigned(BerElement *out, const struct lk_field_rule *rule, const void *field)
{
	return write_number(out, rule->bound, *(const unsigned *)field);
}

const struct lk_field_type lk_field_unsigned = {read_unsigned, write_unsigned, NULL};

static int read_hex(const struct berval *text, const struct lk_field_rule *rule, void *field)
{
	return lk_hex_parse(text, field, rule->bound);
}

static int write_hex(BerElement *out, const struct lk_field_rule *rule, const void *field)
{
	const unsigned char *octets = field;
	char text[2 * HEX_AT_ONCE + 1];
	int status = LK_OK;

	for (size_t i = 0; i < rule->bound && status == LK_OK; i += HEX_AT_ONCE) {
		lk_hex_format(&octets[i], rule->bound - i < HEX_AT_ONCE ? rule->bound - i : HEX_AT_ONCE, text);
		status = lk_fields_put(out, text);
	}
	return status;
}

const struct lk_field_type lk_field_hex = {read_hex, write_hex, NULL};
