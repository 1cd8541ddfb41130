/* Times, UTF-8 and hexadecimal digits. */
#include "text.h"

#include <sodium.h>
#include <string.h>

#include "error.h"
#include "utf8.h"

#define LAST_SECOND ((time_t)253402300799) /* 99991231235959Z */

void lk_time_format(time_t when, char ret_text[LK_TIME_TEXT + 1])
{
	struct tm utc;

	if (when < 0)
		when = 0;
	if (when > LAST_SECOND)
		when = LAST_SECOND;
	gmtime_r(&when, &utc);
	strftime(ret_text, LK_TIME_TEXT + 1, "%Y%m%d%H%M%SZ", &utc);
}

static int decimal(const char *digits, size_t length)
{
	int number = 0;

	for (size_t i = 0; i < length; i++)
		number = number * 10 + (digits[i] - '0');
	return number;
}

int lk_time_parse(const struct berval *text, time_t *ret_when)
{
	char again[LK_TIME_TEXT + 1];
	const char *digits = text->bv_val;
	struct tm utc = {0};
	time_t when;

	if (text->bv_len != LK_TIME_TEXT)
		return LK_ERR_MALFORMED;
	for (size_t i = 0; i < LK_TIME_TEXT - 1; i++) {
		if (digits[i] < '0' || digits[i] > '9')
			return LK_ERR_MALFORMED;
	}
	utc.tm_year = decimal(digits, 4) - 1900;
	utc.tm_mon = decimal(digits + 4, 2) - 1;
	utc.tm_mday = decimal(digits + 6, 2);
	utc.tm_hour = decimal(digits + 8, 2);
	utc.tm_min = decimal(digits + 10, 2);
	utc.tm_sec = decimal(digits + 12, 2);
	when = timegm(&utc);
	/* timegm() takes the 30th of February and the 61st second, as other times: written again they differ. */
	lk_time_format(when, again);
	if (when == 0 || memcmp(digits, again, LK_TIME_TEXT) != 0)
		return LK_ERR_MALFORMED;
	*ret_when = when;
	return LK_OK;
}

/* What the lead octet says: the length, its own bits, and the least character that needs so many octets. */
static size_t utf8_lead(unsigned char lead, uint32_t *ret_bits, uint32_t *ret_least)
{
	static const struct {
		unsigned char mask, mark;
		uint32_t least;
	} forms[] = {{0x80, 0x00, 0}, {0xe0, 0xc0, 0x80}, {0xf0, 0xe0, 0x800}, {0xf8, 0xf0, 0x10000}};

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if ((lead & forms[i].mask) != forms[i].mark)
			continue;
		*ret_bits = lead & (unsigned char)~forms[i].mask;
		*ret_least = forms[i].least;
		return i + 1;
	}
	return 0;
}

size_t lk_utf8_read(const struct berval *text, size_t offset, uint32_t *ret_character)
{
	const unsigned char *octets = (const unsigned char *)text->bv_val;
	uint32_t character, least;
	size_t length;

	if (offset >= text->bv_len)
		return 0;
	length = utf8_lead(octets[offset], &character, &least);
	if (length == 0 || length > text->bv_len - offset)
		return 0;
	for (size_t i = 1; i < length; i++) {
		if ((octets[offset + i] & 0xc0) != 0x80)
			return 0;
		character = character << 6 | (octets[offset + i] & 0x3f);
	}
	if (character < least || character > 0x10ffff || (character >= 0xd800 && character <= 0xdfff))
		return 0;
	*ret_character = character;
	return length;
}

static bool is_control(uint32_t character)
{
	return character < 0x20 || (character >= 0x7f && character <= 0x9f);
}

static bool text_is_valid(const struct berval *text, bool controls_allowed)
{
	uint32_t character;
	size_t length;

	for (size_t offset = 0; offset < text->bv_len; offset += length) {
		length = lk_utf8_read(text, offset, &character);
		if (length == 0 || (!controls_allowed && is_control(character)))
			return false;
	}
	return true;
}

bool lk_text_is_clean(const struct berval *text)
{
	return text_is_valid(text, false);
}

bool lk_text_is_utf8(const struct berval *text)
{
	return text_is_valid(text, true);
}

void lk_hex_format(const unsigned char *bytes, size_t length, char *ret_text)
{
	sodium_bin2hex(ret_text, 2 * length + 1, bytes, length);
}

static int hex_digit(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	if (digit >= 'a' && digit <= 'f')
		return digit - 'a' + 10;
	return -1;
}

int lk_hex_parse(const struct berval *text, unsigned char *ret_bytes, size_t length)
{
	if (text->bv_len != 2 * length)
		return LK_ERR_MALFORMED;
	for (size_t i = 0; i < text->bv_len; i++) {
		if (hex_digit(text->bv_val[i]) < 0)
			return LK_ERR_MALFORMED;
	}
	for (size_t i = 0; i < length; i++)
		ret_bytes[i] = (unsigned char)(hex_digit(text->bv_val[2 * i]) << 4 | hex_digit(text->bv_val[2 * i + 1]));
	return LK_OK;
}
