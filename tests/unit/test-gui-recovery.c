/* What the app makes of what people type for a code and for a new password, and of the rules that govern an account. */
#include "support.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "dn.h"
#include "own-words.h"
#include "rules.h"
#include "strength.h"
#include "typed-words.h"

static const struct {
	const char *password, *user;
	enum lk_strength strength;
} passwords[] = {
	{"", "kim", LK_STRENGTH_NONE},
	{"password", "", LK_STRENGTH_WEAK},
	{"aaaaaaaaaaaaaaaaaaaa", "", LK_STRENGTH_WEAK},
	{"1234567890", "", LK_STRENGTH_WEAK},
	{"kim12345", "kim", LK_STRENGTH_WEAK},
	{"KIM-x7Qp", "kim@example.org", LK_STRENGTH_WEAK},
	{"x7Qp-zW2", "", LK_STRENGTH_FAIR},
	{"blue-Ladder-38-moon", "kim", LK_STRENGTH_STRONG},
	{"파란사다리와달", "kim", LK_STRENGTH_GOOD},
	{"\377\376", "", LK_STRENGTH_NONE},
};

static void test_strength(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof passwords / sizeof *passwords; i++) {
		enum lk_strength strength = lk_strength_of(passwords[i].password, passwords[i].user);
		if (strength != passwords[i].strength)
			fail_msg("\"%s\" is %d, not %d", passwords[i].password, strength, passwords[i].strength);
	}
}

static const struct {
	const char *typed, *groups;
} codes[] = {{"", ""}, {"k7qf2m", "K7QF-2M"}, {"K7QF-2M9X-4TRB", "K7QF-2M9X-4TRB"}, {"확인 k7", "K7"}};

static void test_a_code_is_shown_in_groups_of_four(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
		char *groups = lk_typed_groups(codes[i].typed);
		assert_string_equal(groups, codes[i].groups);
		g_free(groups);
	}
}

static const struct {
	const char *typed;
	bool second, is_right;
} proofs[] = {
	{"K7QF-2M9X-4TRB", false, true},
	{"123456", false, false},
	{"123456", true, true},
	{"", false, false},
	{"12345", true, false},
	{"aB3d-Ef5g-h1Jk-Mn7p", false, false},
};

static void test_what_is_no_proof_gets_a_sentence(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof proofs / sizeof *proofs; i++) {
		struct lk_client_typed typed;
		lk_client_typed_read(proofs[i].typed, &typed);
		char *fault = lk_typed_fault(&typed, proofs[i].second);
		assert_int_equal(fault == NULL, proofs[i].is_right);
		g_free(fault);
	}
}

static const struct {
	const char *dn, *scope;
	int depth;
} names[] = {
	{"uid=kim,ou=managed,dc=example,dc=org", "ou=managed,dc=example,dc=org", 3},
	{"uid=kim,ou=managed,dc=example,dc=org", "DC=example, DC=org", 2},
	{"uid=kim,ou=managed,dc=example,dc=org", "", 0},
	{"uid=kim,ou=managed,dc=example,dc=org", "ou=self,dc=example,dc=org", -1},
	{"uid=kim,ou=unmanaged,dc=example,dc=org", "ou=managed,dc=example,dc=org", -1},
	{"dc=example,dc=org", "uid=kim,dc=example,dc=org", -1},
	{"cn=a\\,ou\\=b,dc=org", "ou=b,dc=org", -1},
};

static void test_what_is_below_what(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		assert_int_equal(lk_dn_depth_below(names[i].dn, names[i].scope), names[i].depth);
}

static void test_methods(void **state)
{
	static const char *const none[] = {NULL}, *const policy[] = {"MAIL", "totp", "pigeon", NULL},
							 *const address[] = {"kim@example.net", NULL}, *const states[] = {"recoveryCode 8", NULL};

	(void)state;
	assert_int_equal(lk_rules_methods(NULL), LK_METHOD_BIT_MAIL);
	assert_int_equal(lk_rules_methods(none), LK_METHOD_BIT_MAIL);
	assert_int_equal(lk_rules_methods(policy), LK_METHOD_BIT_MAIL | LK_METHOD_BIT_TOTP);
	assert_int_equal(lk_rules_enrolled(none, none), 0);
	assert_int_equal(lk_rules_enrolled(address, states), LK_METHOD_BIT_MAIL | LK_METHOD_BIT_CODES);
	assert_int_equal(lk_rules_count(LK_METHOD_BITS_ALL), 3);
}

static void test_who_has_two_methods_is_not_reminded(void **state)
{
	const struct {
		struct lk_rules rules;
		unsigned enrolled;
		bool reminds;
	} cases[] = {
		{{.recovery_known = true, .methods = LK_METHOD_BITS_ALL}, 0, true},
		{{.recovery_known = true, .methods = LK_METHOD_BITS_ALL}, LK_METHOD_BIT_MAIL, true},
		{{.recovery_known = true, .methods = LK_METHOD_BITS_ALL}, LK_METHOD_BIT_MAIL | LK_METHOD_BIT_CODES, false},
		{{.recovery_known = true, .methods = LK_METHOD_BIT_MAIL | LK_METHOD_BIT_TOTP},
			LK_METHOD_BIT_MAIL | LK_METHOD_BIT_CODES, true},
		{{.recovery_known = true, .methods = LK_METHOD_BIT_MAIL}, LK_METHOD_BIT_MAIL, false},
		{{.recovery_known = false, .methods = LK_METHOD_BITS_ALL}, 0, false},
	};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(lk_rules_remind(&cases[i].rules, cases[i].enrolled), cases[i].reminds);
}

static void test_rules_that_are_unknown_promise_nothing(void **state)
{
	struct lk_rules rules = {.shortest = 8};
	char *text = lk_rules_describe(&rules);

	(void)state;
	assert_null(strchr(text, '8'));
	g_free(text);
	rules.password_known = true;
	text = lk_rules_describe(&rules);
	assert_non_null(strchr(text, '8'));
	g_free(text);
}

static void test_a_reset_by_another_is_told_apart_from_ones_own(void **state)
{
	struct lk_account_event event = {.what = "reset", .rule = "", .actor = "uid=kim,dc=org"};

	(void)state;
	assert_string_equal(lk_own_words_event(&event, "UID=kim, dc=org"), "Your password was set anew.");
	event.actor = "uid=gadmin,dc=org";
	assert_string_equal(lk_own_words_event(&event, "uid=kim,dc=org"), "An administrator reset your password.");
	event.what = "something-new";
	assert_string_equal(lk_own_words_event(&event, "uid=kim,dc=org"), "Something else happened to your account.");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_strength),
		cmocka_unit_test(test_a_code_is_shown_in_groups_of_four),
		cmocka_unit_test(test_what_is_no_proof_gets_a_sentence),
		cmocka_unit_test(test_what_is_below_what),
		cmocka_unit_test(test_methods),
		cmocka_unit_test(test_who_has_two_methods_is_not_reminded),
		cmocka_unit_test(test_rules_that_are_unknown_promise_nothing),
		cmocka_unit_test(test_a_reset_by_another_is_told_apart_from_ones_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
