/* What others have written, as the app shows and saves it; and which profile of a directory may carry a password. */
#include "support.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "csv.h"
#include "profile.h"
#include "text.h"

static const struct {
	const char *text, *shown;
} texts[] = {
	{NULL, ""},
	{"김정현", "김정현"},
	{"a\nb\033[31m", "a\357\277\275b\357\277\275[31m"},
	{"\342\200\256gnp.exe", "\357\277\275gnp.exe"},
	{"\377", "\357\277\275"},
};

static void test_what_controls_is_shown_as_what_it_is(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		char *shown = lk_text_clean(texts[i].text);
		assert_string_equal(shown, texts[i].shown);
		g_free(shown);
	}
}

static void test_a_long_name_is_cut(void **state)
{
	char *name = g_strnfill(10000, 'x'), *shown = lk_text_clean(name);

	(void)state;
	assert_int_equal(g_utf8_strlen(shown, -1), LK_TEXT_SHOWN + 1);
	g_free(shown);
	g_free(name);
}

/* What is put in is not looked at for placeholders again. */
static void test_placeholders_are_filled_once(void **state)
{
	char *text = lk_text_fill("{name} and {other}", "name", "{other}", "other", "Kim", NULL);

	(void)state;
	assert_string_equal(text, "{other} and Kim");
	g_free(text);
}

static const struct {
	const char *cell, *saved;
} cells[] = {
	{"plain", "\"plain\""},
	{"", "\"\""},
	{"say \"hi\", you", "\"say \"\"hi\"\", you\""},
	{"=1+1", "\"'=1+1\""},
	{"  =1+1", "\"'  =1+1\""},
	{"+82 10", "\"'+82 10\""},
	{"-1", "\"'-1\""},
	{"@x", "\"'@x\""},
	{"\t=1", "\"'\t=1\""},
};

static void test_no_cell_is_a_formula(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
		GString *table = lk_csv_new();
		lk_csv_append(table, (const char *const[]){cells[i].cell, "김", NULL});
		char *expected = g_strconcat("\357\273\277", cells[i].saved, ",\"김\"\r\n", NULL);
		assert_string_equal(table->str, expected);
		g_free(expected);
		g_string_free(table, TRUE);
	}
}

static const struct {
	const char *uris;
	enum lk_auth auth;
	bool start_tls, sound;
} profiles[] = {
	{"ldaps://ldap.example.com", LK_AUTH_PASSWORD, false, true},
	{"ldapi:///", LK_AUTH_PASSWORD, false, true},
	{"ldap://ldap.example.com", LK_AUTH_PASSWORD, true, true},
	{"ldap://ldap.example.com", LK_AUTH_PASSWORD, false, false},
	{"ldaps://one.example.com ldap://two.example.com", LK_AUTH_PASSWORD, false, false},
	{"ldap://ldap.example.com", LK_AUTH_KERBEROS, false, true},
	{"http://ldap.example.com", LK_AUTH_KERBEROS, true, false},
	{"", LK_AUTH_KERBEROS, true, false},
};

static void test_a_password_goes_over_protected_connections_only(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof profiles / sizeof *profiles; i++) {
		struct lk_profile *profile = lk_profile_new("Example", profiles[i].uris);
		profile->auth = profiles[i].auth;
		profile->start_tls = profiles[i].start_tls;
		assert_int_equal(lk_profile_fault(profile) == NULL, profiles[i].sound);
		lk_profile_free(profile);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_controls_is_shown_as_what_it_is),
		cmocka_unit_test(test_a_long_name_is_cut),
		cmocka_unit_test(test_placeholders_are_filled_once),
		cmocka_unit_test(test_no_cell_is_a_formula),
		cmocka_unit_test(test_a_password_goes_over_protected_connections_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
