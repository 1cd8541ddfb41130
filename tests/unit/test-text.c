/* Times, UTF-8 and hexadecimal digits. */
#include "support.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "error.h"
#include "text.h"

#define LAST_SECOND 253402300799

static const struct {
	time_t when;
	const char *text;
} times[] = {
	{1, "19700101000001Z"},
	{951782400, "20000229000000Z"},
	{1795237320, "20261121050200Z"},
	{2147483648, "20380119031408Z"},
	{4107542400, "21000301000000Z"},
	{LAST_SECOND, "99991231235959Z"},
};

static void test_times_are_written_and_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(times); i++) {
		struct berval text = text_bv(times[i].text);
		char written[LK_TIME_TEXT + 1];
		time_t when;

		lk_time_format(times[i].when, written);
		assert_string_equal(written, times[i].text);
		assert_int_equal(lk_time_parse(&text, &when), LK_OK);
		assert_int_equal(when, times[i].when);
	}
}

static void test_random_times_come_back(void **state)
{
	(void)state;
	for (int i = 0; i < 10000; i++) {
		time_t when = 1 + (time_t)draw(UINT32_MAX) * 59 % LAST_SECOND, again = -1;
		char written[LK_TIME_TEXT + 1];
		struct berval text = {LK_TIME_TEXT, written};

		lk_time_format(when, written);
		assert_int_equal(lk_time_parse(&text, &again), LK_OK);
		assert_int_equal(again, when);
	}
}

/* As the C library counts days, every one of them; and no other date is read. */
static void test_every_day_is_written_as_it_is(void **state)
{
	(void)state;
	for (time_t when = 86399; when <= (time_t)LAST_SECOND; when += 86400) {
		char written[LK_TIME_TEXT + 1], expected[LK_TIME_TEXT + 1];
		struct berval text = {LK_TIME_TEXT, written};
		time_t again = 0;
		struct tm utc;

		gmtime_r(&when, &utc);
		strftime(expected, sizeof expected, "%Y%m%d%H%M%SZ", &utc);
		lk_time_format(when, written);
		assert_string_equal(written, expected);
		assert_int_equal(lk_time_parse(&text, &again), LK_OK);
		assert_int_equal(again, when);
	}
}

static void test_no_day_is_read_that_is_none(void **state)
{
	static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	(void)state;
	for (int number = 0; number < 401 * 100 * 100; number++) {
		int year = 1970 + number / 10000, month = number / 100 % 100, day = number % 100;
		bool leaps = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
		bool is_day = month >= 1 && month <= 12 && day >= 1 && day <= lengths[month - 1] + (month == 2 && leaps);
		char written[40];
		struct berval text = {LK_TIME_TEXT, written};
		time_t when;

		snprintf(written, sizeof written, "%04d%02d%02d120000Z", year, month, day);
		assert_int_equal(lk_time_parse(&text, &when) == LK_OK, is_day);
	}
}

static void test_times_out_of_range_come_to_the_nearer_end(void **state)
{
	(void)state;
	char written[LK_TIME_TEXT + 1];

	lk_time_format(-1, written);
	assert_string_equal(written, "19700101000000Z");
	lk_time_format((time_t)LAST_SECOND + 1, written);
	assert_string_equal(written, "99991231235959Z");
}

static void test_no_other_form_of_time_is_read(void **state)
{
	static const char *const wrong[] = {
		"",
		"Z",
		"19700101000000Z",
		"20261121050200",
		"20261121050200z",
		"202611210502Z",
		"20261121050200.0Z",
		"20261121050200,5Z",
		"20261121050200+0900",
		"20261121140200+0900Z",
		" 2026112105020Z",
		"2026112105020 Z",
		"+0261121050200Z",
		"20261321050200Z",
		"20260021050200Z",
		"20261100050200Z",
		"20261131050200Z",
		"20250229000000Z",
		"20261121240000Z",
		"20261121056000Z",
		"20261121050260Z",
		"20261121050200Z ",
		"19691231235959Z",
		"00000101000000Z",
		"2026112105020aZ",
	};
	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++) {
		struct berval text = text_bv(wrong[i]);
		time_t when = 42;

		assert_int_equal(lk_time_parse(&text, &when), LK_ERR_MALFORMED);
		assert_int_equal(when, 42);
	}
	assert_int_equal(lk_time_parse(&BV("2026112105020\0Z"), &(time_t){0}), LK_ERR_MALFORMED);
}

/* CHARACTER in LENGTH octets, whether or not it needs them or may be written so. */
static struct berval put(uint32_t character, size_t length, char octets[4])
{
	static const unsigned char leads[] = {0, 0xc0, 0xe0, 0xf0};

	for (size_t i = length - 1; i > 0; i--) {
		octets[i] = (char)(0x80 | (character & 0x3f));
		character >>= 6;
	}
	octets[0] = (char)(leads[length - 1] | character);
	return (struct berval){length, octets};
}

static size_t shortest(uint32_t character)
{
	return character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
}

static void test_every_character_there_is(void **state)
{
	(void)state;
	for (uint32_t character = 0; character <= 0x1fffff; character++) {
		bool exists = character <= 0x10ffff && (character < 0xd800 || character > 0xdfff);
		bool control = character < 0x20 || (character >= 0x7f && character < 0xa0);
		char octets[4];
		struct berval text = put(character, shortest(character), octets);

		assert_int_equal(lk_text_is_utf8(&text), exists);
		assert_int_equal(lk_text_is_clean(&text), exists && !control);
	}
}

static void test_no_overlong_form(void **state)
{
	static const uint32_t end_of[] = {0x80, 0x800, 0x10000};

	(void)state;
	for (size_t length = 2; length <= 4; length++) {
		for (uint32_t character = 0; character < end_of[length - 2]; character++) {
			char octets[4];
			struct berval text = put(character, length, octets);

			assert_false(lk_text_is_utf8(&text));
		}
	}
}

static const struct {
	struct berval text;
	bool utf8, clean;
} texts[] = {
	{NONE, true, true}, {BV("K7QF-2M9X-4TRB"), true, true}, {BV(KIM_NFC), true, true}, {BV(KIM_NFD), true, true},
	{BV("a\0b"), true, false}, {BV("a\r\nb"), true, false}, {BV("tab\t"), true, false}, {BV("a\xc2\x85"), true, false},
	{BV("\x80"), false, false}, {BV("a\xff"), false, false}, {BV("\xfe"), false, false},
	{BV("\xf8\x88\x80\x80\x80"), false, false}, {BV("\xea\xb9"), false, false}, {BV("\xea\xb9x"), false, false},
	{BV("\xea"), false, false}, {BV("\xed\xa0\x80\xed\xb0\x80"), false, false},
	{BV("\xb1\xe8\xc1\xa4\xc7\xf6"), false, false}, /* EUC-KR */
};

static void test_texts(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		assert_int_equal(lk_text_is_utf8(&texts[i].text), texts[i].utf8);
		assert_int_equal(lk_text_is_clean(&texts[i].text), texts[i].clean);
	}
}

static void read_text(const struct berval *damaged, void *data)
{
	(void)data;
	if (lk_text_is_clean(damaged))
		assert_true(lk_text_is_utf8(damaged));
}

static void test_damaged_texts(void **state)
{
	(void)state;
	for_each_damage(&BV(KIM_NFD "\xf0\x9f\x94\x91"), read_text, NULL);
}

static void test_hexadecimal(void **state)
{
	unsigned char octets[256], again[256];
	char text[2 * sizeof(octets) + 1];

	(void)state;
	for (size_t i = 0; i < sizeof(octets); i++)
		octets[i] = (unsigned char)i;
	lk_hex_format(octets, sizeof(octets), text);
	assert_memory_equal(text, "000102030405060708090a0b0c0d0e0f10", 34);
	assert_string_equal(text + 2 * sizeof(octets) - 4, "feff");
	assert_int_equal(lk_hex_parse(&(struct berval){sizeof(text) - 1, text}, again, sizeof(again)), LK_OK);
	assert_memory_equal(octets, again, sizeof(octets));
	assert_int_equal(lk_hex_parse(&NONE, again, 0), LK_OK);
}

static void test_no_other_form_of_hexadecimal_is_read(void **state)
{
	static const char *const wrong[] = {
		"", "0", "00", "00f", "00ff0", "00ff00", "00FF", "00fg", "0x00", " 0ff", "00f "};

	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++) {
		unsigned char octets[2] = {0xaa, 0xaa};
		struct berval text = text_bv(wrong[i]);

		assert_int_equal(lk_hex_parse(&text, octets, sizeof(octets)), LK_ERR_MALFORMED);
		assert_memory_equal(octets, "\xaa\xaa", 2);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_times_are_written_and_read),
		cmocka_unit_test(test_random_times_come_back),
		cmocka_unit_test(test_every_day_is_written_as_it_is),
		cmocka_unit_test(test_no_day_is_read_that_is_none),
		cmocka_unit_test(test_times_out_of_range_come_to_the_nearer_end),
		cmocka_unit_test(test_no_other_form_of_time_is_read),
		cmocka_unit_test(test_every_character_there_is),
		cmocka_unit_test(test_no_overlong_form),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_damaged_texts),
		cmocka_unit_test(test_hexadecimal),
		cmocka_unit_test(test_no_other_form_of_hexadecimal_is_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
