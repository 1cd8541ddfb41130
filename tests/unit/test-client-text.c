/* Passwords and names on their way into the protocol. */
#include "support.h"

#include "client-text.h"
#include "error.h"

static void test_typed_syllables_are_composed(void **state)
{
	static const struct {
		const char *typed, *sent;
	} cases[] = {
		{"plain ASCII", "plain ASCII"},
		{KIM_NFC, KIM_NFC},
		{KIM_NFD, KIM_NFC},
		{"caf\x65\xcc\x81", "caf\xc3\xa9"},
		/* NFC, not NFKC: what looks different stays different. */
		{"\xef\xbc\xa1", "\xef\xbc\xa1"},
	};
	(void)state;

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct berval text, expected = text_bv(cases[i].sent);
		assert_int_equal(lk_text_compose(cases[i].typed, &text), LK_OK);
		assert_bv_equal(&text, &expected);
		lk_text_free(&text);
		assert_null(text.bv_val);
	}
}

static void test_what_is_no_text_is_refused(void **state)
{
	static const struct {
		const char *typed;
		int error;
	} cases[] = {
		{NULL, LK_ERR_MALFORMED},
		{"", LK_ERR_MALFORMED},
		{"\xff", LK_ERR_NOT_UTF8},
		{"cut \xea\xb9", LK_ERR_NOT_UTF8},
		{"surrogate \xed\xa0\x80", LK_ERR_NOT_UTF8},
	};
	(void)state;

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct berval text = BV("untouched");
		assert_int_equal(lk_text_compose(cases[i].typed, &text), cases[i].error);
		assert_string_equal(text.bv_val, "untouched");
	}
}

static void test_an_optional_text_may_be_absent(void **state)
{
	struct berval text = BV("something");
	(void)state;

	assert_int_equal(lk_text_compose_optional(NULL, &text), LK_OK);
	assert_null(text.bv_val);
	lk_text_free(&text);
	assert_int_equal(lk_text_compose_optional("", &text), LK_ERR_MALFORMED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_typed_syllables_are_composed),
		cmocka_unit_test(test_what_is_no_text_is_refused),
		cmocka_unit_test(test_an_optional_text_may_be_absent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
