/* What is typed into the search of the app: keys pressed in the wrong mode, and the filter that comes of it all. */
#include "support.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "dn.h"
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
	{"20110042", "(employeeNumber=20110042)"}, {"*)(uid=*", "(uid=*\\2A\\29\\28uid=\\2A*)"},
	{"a\\b\001c", "(uid=*a\\5Cb\\01c*)"},
	{"\341\204\200\341\205\265\341\206\267\341\204\214\341\205\245\341\206\274",
		"(cn=*김정*)"}, /* letters, not composed */
};

/* FILTER without the escapes of octets beyond ASCII, which are there for libldap alone. */
static char *readable(char *filter)
{
	GString *text = g_string_new(NULL);

	for (const char *at = filter; *at != '\0'; at++) {
		char digits[] = {at[0], at[0] == '\0' ? '\0' : at[1], at[0] == '\0' || at[1] == '\0' ? '\0' : at[2], '\0'};
		gulong octet = *at == '\\' ? strtoul(digits + 1, NULL, 16) : 0;
		g_string_append_c(text, octet >= 0x80 ? (char)octet : *at);
		at += octet >= 0x80 ? 2 : 0;
	}
	g_free(filter);
	return g_string_free(text, FALSE);
}

static void test_what_is_typed_stands_for_itself(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		char *filter = readable(lk_filter_users(parts[i].typed, LK_FILTER_ALL));
		assert_non_null(strstr(filter, parts[i].part));
		g_free(filter);
	}
}

static const struct {
	const char *typed, *part, *absent;
} unfinished[] = {
	{"김저", "(cn=*김정*)", "(cn=*김정현*)"},
	{"김저", "(givenName=*김젛*)", NULL},
	{"저", "(sn=정*)", "(sn=*정*)"},
	{"rlawj", "(cn=*김정*)", NULL},
	{"김정", "(cn=*김정*)", "(cn=*김젖*)"},
	{"김저 과", "(cn=곽*)", "(cn=*김정*)"},
	{"김ㅈ", "(cn=김*)", "ㅈ"},
	{"ㅈ", USERS ")", "cn="},
	{"ㄱㅈㅎ", "(cn=*ㄱㅈㅎ*)", NULL},
	{"랴ㅡ", "(uid=fim*)", NULL},
	{"lee", "(cn=lee*)", "(uid=*dlf"},
};

static void test_the_last_syllable_may_be_unfinished(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof unfinished / sizeof *unfinished; i++) {
		char *filter = readable(lk_filter_users(unfinished[i].typed, LK_FILTER_ALL));
		assert_non_null(strstr(filter, unfinished[i].part));
		if (unfinished[i].absent != NULL)
			assert_null(strstr(filter, unfinished[i].absent));
		g_free(filter);
	}
}

static void test_initial_consonants_alone_are_told(void **state)
{
	(void)state;
	assert_true(lk_filter_is_initials("ㄱㅈㅎ"));
	assert_true(lk_filter_is_initials("ㄱ ㅈ"));
	assert_false(lk_filter_is_initials("김ㅈ"));
	assert_false(lk_filter_is_initials(""));
	assert_false(lk_filter_is_initials(NULL));
}

static void test_what_is_being_composed_is_where_it_is_typed(void **state)
{
	static const struct {
		const char *text;
		int position;
		const char *preedit, *whole;
	} cases[] = {{"김", 1, "저", "김저"}, {"김현", 1, "저", "김저현"}, {"", 0, "기", "기"}, {"김", 1, "", "김"},
		{"김", 0, NULL, "김"}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *whole = lk_filter_typed(cases[i].text, cases[i].position, cases[i].preedit);
		assert_string_equal(whole, cases[i].whole);
		g_free(whole);
	}
}

static void test_entries_are_found_by_their_uuids(void **state)
{
	static const unsigned char uuids[] = "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\xff";
	char *filter = lk_filter_uuids(uuids, 1);

	(void)state;
	assert_string_equal(filter, "(|(entryUUID=01020304-0506-0708-090a-0b0c0d0e0fff))");
	g_free(filter);
}

static void test_each_word_has_to_be_found(void **state)
{
	char *filter = lk_filter_users("dana lee", LK_FILTER_ALL);

	(void)state;
	assert_non_null(strstr(filter, "(cn=*dana*)"));
	assert_non_null(strstr(filter, ")(|(cn=lee*)"));
	g_free(filter);
}

static void test_where_an_entry_is_is_said_from_above(void **state)
{
	static const struct {
		const char *dn, *path;
	} cases[] = {{"ou=seoul,ou=sales,dc=example,dc=org", "sales › seoul"}, {"OU=Sales , DC=Example,dc=ORG", "Sales"},
		{"dc=example,dc=org", ""}, {"ou=a\\,b,dc=example,dc=org", "a,b"},
		{"ou=other,dc=example,dc=net", "ou=other,dc=example,dc=net"}, {"no name", "no name"}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *path = lk_dn_path(cases[i].dn, "dc=example,dc=org");
		assert_string_equal(path, cases[i].path);
		g_free(path);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys_in_the_wrong_mode),
		cmocka_unit_test(test_nothing_typed_is_everybody),
		cmocka_unit_test(test_a_state_is_asked_for_by_its_index),
		cmocka_unit_test(test_what_is_typed_stands_for_itself),
		cmocka_unit_test(test_each_word_has_to_be_found),
		cmocka_unit_test(test_the_last_syllable_may_be_unfinished),
		cmocka_unit_test(test_initial_consonants_alone_are_told),
		cmocka_unit_test(test_what_is_being_composed_is_where_it_is_typed),
		cmocka_unit_test(test_entries_are_found_by_their_uuids),
		cmocka_unit_test(test_where_an_entry_is_is_said_from_above),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
