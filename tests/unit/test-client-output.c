/* What the command prints. */
#include "support.h"

#include <stdlib.h>
#include <time.h>

#include "cli-output.h"

static void test_placeholders(void **state)
{
	static const struct {
		const char *template, *text;
	} cases[] = {
		{"no placeholder", "no placeholder"}, {"", ""}, {"{a}", "one"}, {"{b} and {a} and {b}", "two and one and two"},
		{"{unknown} {a}", "{unknown} one"}, {"open { and {a", "open { and {a"}, {"} {a}", "} one"}, {"{}{a}", "{}one"},
		{"{nested}", "{a}"}, /* what was put in is not looked at again */
	};
	(void)state;

	for (size_t i = 0; i < COUNT(cases); i++) {
		char *text = lk_cli_fill(cases[i].template, "a", "one", "b", "two", "nested", "{a}", NULL);
		assert_string_equal(text, cases[i].text);
		free(text);
	}
}

static void test_nothing_steers_the_terminal(void **state)
{
	static const struct {
		const char *from, *text;
	} cases[] = {
		{KIM_NFC, KIM_NFC},
		{"red \x1b[31m", "red \xef\xbf\xbd[31m"},
		{"\x9b"
		 "31m",
			"\xef\xbf\xbd"
			"31m"}, /* an octet that is no UTF-8 */
		{"\xc2\x9b"
		 "31m",
			"\xef\xbf\xbd"
			"31m"}, /* the same as a character */
		{"two\nlines", "two\xef\xbf\xbdlines"},
		{"\xe2\x80\xae"
		 "drowssap",
			"\xef\xbf\xbd"
			"drowssap"},
	};
	(void)state;

	for (size_t i = 0; i < COUNT(cases); i++) {
		char *text = lk_cli_clean(cases[i].from);
		assert_string_equal(text, cases[i].text);
		free(text);
		text = lk_cli_fill("{it}", "it", cases[i].from, NULL);
		assert_string_equal(text, cases[i].text);
		free(text);
	}
}

static void test_times(void **state)
{
	static const struct {
		time_t when;
		const char *json, *text;
	} cases[] = {
		{0, "1970-01-01T00:00:00Z", "Thu 1970-1-1, 9:00 am KST"},
		{1795237320, "2026-11-21T05:02:00Z", "Sat 2026-11-21, 2:02 pm KST"},
		{1795273200, "2026-11-21T15:00:00Z", "Sun 2026-11-22, 12:00 am KST"},
	};
	(void)state;

	setenv("TZ", "Asia/Seoul", 1);
	tzset();
	for (size_t i = 0; i < COUNT(cases); i++) {
		char *json = lk_cli_json_time(cases[i].when), *text = lk_cli_time(cases[i].when);
		assert_string_equal(json, cases[i].json);
		assert_string_equal(text, cases[i].text);
		free(json);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_placeholders),
		cmocka_unit_test(test_nothing_steers_the_terminal),
		cmocka_unit_test(test_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
