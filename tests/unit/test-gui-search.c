/* What is typed into the search of the app: keys pressed in the wrong mode, and the filter that comes of it all. */
#include "support.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "filter.h"
#include "wrong-mode.h"

static const struct {
	const char *keys, *meant;
} typed[] = {
	{"rlawjdgus", "김정현"},
	{"gksthgml", "한소희"},
	{"dkssud", "안녕"},
	{"Tkd", "쌍"},
	{"ekfr", "닭"},
	{"ekfrdl", "닭이"},
	{"ekfrl", "달기"},
	{"dhksl", "와니"},
	{"rnpffk", "궬라"},
	{"kim", NULL},
	{"lee", NULL},
	{"r", NULL},
	{"", NULL},
	{"rlaw", NULL},
	{"rla wjd", NULL},
	{"김", NULL},
};

static void test_keys_in_the_wrong_mode(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
		char *meant = lk_hangul_of_keys(typed[i].keys);
		if (typed[i].meant == NULL)
			assert_null(meant);
		else
			assert_string_equal(meant, typed[i].meant);
		g_free(meant);
	}
}

#define USERS "(|(objectClass=person)(objectClass=posixAccount))"

static void test_nothing_typed_is_everybody(void **state)
{
	static const char *const blank[] = {NULL, "", "  \t"};

	(void)state;
	for (size_t i = 0; i < sizeof blank / sizeof *blank; i++) {
		char *filter = lk_filter_users(blank[i], LK_FILTER_ALL);
		assert_string_equal(filter, "(&" USERS ")");
		g_free(filter);
	}
}

static void test_a_state_is_asked_for_by_its_index(void **state)
{
	char *filter = lk_filter_users("", LK_FILTER_FAILED);

	(void)state;
	assert_string_equal(filter, "(&" USERS "(latchkeyFailedMessage=*))");
	g_free(filter);
}

static const struct {
	const char *typed, *part;
} parts[] = {
	{"ki", "(uid=ki*)"}, /* short: only the beginning has an index */
	{"kimj", "(uid=*kimj*)"}, {"정현", "(displayName=*정현*)"}, {"rlawjdgus", "(displayName=*김정현*)"},
	{"20110042", "(employeeNumber=20110042)"}, {"*)(uid=*", "(uid=*\\2a\\29\\28uid=\\2a*)"},
	{"a\\b\001c", "(uid=*a\\5cb\\01c*)"},
	{"\341\204\200\341\205\265\341\206\267\341\204\214\341\205\245\341\206\274",
		"(cn=*김정*)"}, /* letters, not composed */
};

static void test_what_is_typed_stands_for_itself(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		char *filter = lk_filter_users(parts[i].typed, LK_FILTER_ALL);
		assert_non_null(strstr(filter, parts[i].part));
		g_free(filter);
	}
}

static void test_each_word_has_to_be_found(void **state)
{
	char *filter = lk_filter_users("dana lee", LK_FILTER_ALL);

	(void)state;
	assert_non_null(strstr(filter, "(cn=*dana*)"));
	assert_non_null(strstr(filter, ")(|(cn=lee*)"));
	g_free(filter);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys_in_the_wrong_mode),
		cmocka_unit_test(test_nothing_typed_is_everybody),
		cmocka_unit_test(test_a_state_is_asked_for_by_its_index),
		cmocka_unit_test(test_what_is_typed_stands_for_itself),
		cmocka_unit_test(test_each_word_has_to_be_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
