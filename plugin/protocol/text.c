/* Times, UTF-8 and hexadecimal digits. */
#include "text.h"

#include <sodium.h>
#include <string.h>

#include "error.h"
#include "utf8.h"

#define LAST_SECOND ((time_t)253402300799) /* 99991231235959Z */

#define DAY_SECONDS 86400
#define DAYS_UNTIL_1970 719468

/* Years are taken to begin in March here: then a leap day is the last of its year, and months begin 153 days apart by
 * fives (31, 30, 31, 30, 31). Days are counted from 1 March of the year 0. */
static long year_begins(long years)
{
	return 365 * years + years / 4 - years / 100 + years / 400;
}

static long month_begins(long months)
{
	return (153 * months + 2) / 5;
}

static long days_of(int year, int month, int day)
{
	return year_begins(month < 3 ? year - 1 : year) + month_begins((month + 9) % 12) + day - 1;
}

static void date_of(long days, int *ret_year, int *ret_month, int *ret_day)
{
	long years = days / 366, months = 0; /* too few at first */

	while (year_begins(years + 1) <= days)
		years++;
	days -= year_begins(years);
	while (months < 11 && month_begins(months + 1) <= days)
		months++;
	*ret_month = (int)(months < 10 ? months + 3 : months - 9);
	*ret_year = (int)(*ret_month < 3 ? years + 1 : years);
	*ret_day = (int)(days - month_begins(months) + 1);
}

static char *put_decimal(char *end, int number, size_t length)
{
	for (size_t i = length; i-- > 0; number /= 10)
		end[i] = (char)('0' + number % 10);
	return end + length;
}

/* By hand, since strftime() asks for the time zone and the language first, and a reset writes a dozen times. */
void lk_time_format(time_t when, char ret_text[LK_TIME_TEXT + 1])
{
	int year, month, day, second;
	char *end = ret_text;

	if (when < 0)
		when = 0;
	if (when > LAST_SECOND)
		when = LAST_SECOND;
	date_of(when / DAY_SECONDS + DAYS_UNTIL_1970, &year, &month, &day);
	second = (int)(when % DAY_SECONDS);
	end = put_decimal(end, year, 4);
	end = put_decimal(end, month, 2);
	end = put_decimal(end, day, 2);
	end = put_decimal(end, second / 3600, 2);
	end = put_decimal(end, second / 60 % 60, 2);
	end = put_decimal(end, second % 60, 2);
	memcpy(end, "Z", 2);
}

static int decimal(const char *digits, size_t length)
{
	int number = 0;

	for (size_t i = 0; i < length; i++)
		number = number * 10 + (digits[i] - '0');
	return number;
}

static bool is_date(int year, int month, int day)
{
	int year_again, month_again, day_again;

	if (year < 1970 || month < 1 || month > 12 || day < 1 || day > 31)
		return false;
	date_of(days_of(year, month, day), &year_again, &month_again, &day_again);
	return day_again == day;
}

int lk_time_parse(const struct berval *text, time_t *ret_when)
{
	const char *digits = text->bv_val;
	int year, month, day, hour, minute, second;
	time_t when;

	if (text->bv_len != LK_TIME_TEXT || digits[LK_TIME_TEXT - 1] != 'Z')
		return LK_ERR_MALFORMED;
	for (size_t i = 0; i < LK_TIME_TEXT - 1; i++) {
		if (digits[i] < '0' || digits[i] > '9')
			return LK_ERR_MALFORMED;
	}
	year = decimal(digits, 4);
	month = decimal(digits + 4, 2);
	day = decimal(digits + 6, 2);
	hour = decimal(digits + 8, 2);
	minute = decimal(digits + 10, 2);
	second = decimal(digits + 12, 2);
	if (!is_date(year, month, day) || hour > 23 || minute > 59 || second > 59)
		return LK_ERR_MALFORMED;
	when = (time_t)(days_of(year, month, day) - DAYS_UNTIL_1970) * DAY_SECONDS + hour * 3600 + minute * 60 + second;
	if (when == 0)
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
