/* Errors and their texts. */
#include "support.h"

#include "error.h"

static void test_every_error_has_a_text_of_its_own(void **state)
{
	(void)state;
	for (int error = LK_ERR_VERSION; error <= LK_OK; error++) {
		assert_string_not_equal(lk_strerror(error), "unknown error");
		for (int other = LK_ERR_VERSION; other < error; other++)
			assert_string_not_equal(lk_strerror(error), lk_strerror(other));
	}
}

static void test_what_is_no_error_has_a_text_too(void **state)
{
	(void)state;
	assert_string_equal(lk_strerror(LK_ERR_VERSION - 1), "unknown error");
	assert_string_equal(lk_strerror(1), "unknown error");
}

static void test_the_library_starts_more_than_once(void **state)
{
	(void)state;
	assert_int_equal(lk_protocol_init(), LK_OK);
	assert_int_equal(lk_protocol_init(), LK_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_error_has_a_text_of_its_own),
		cmocka_unit_test(test_what_is_no_error_has_a_text_too),
		cmocka_unit_test(test_the_library_starts_more_than_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
