/* Wrong one-time passwords, counted by the code that came with them. */
#include "support.h"

#include <string.h>

#include "misses.h"

static const unsigned char *key(unsigned number)
{
	static unsigned char octets[LK_MISSES_KEY];

	memset(octets, 0, sizeof octets);
	memcpy(octets, &number, sizeof number);
	return octets;
}

static void take(struct lk_misses *misses, unsigned number, int times)
{
	for (int i = 0; i < times; i++)
		assert_true(lk_misses_take(misses, key(number)));
}

static void test_a_code_has_five_tries(void **state)
{
	struct lk_misses *misses = lk_misses_new(4);

	(void)state;
	take(misses, 1, LK_MISSES_MOST - 1);
	assert_false(lk_misses_are_spent(misses, key(1)));
	take(misses, 1, 1);
	assert_true(lk_misses_are_spent(misses, key(1)));
	assert_false(lk_misses_take(misses, key(1)));
	assert_true(lk_misses_are_spent(misses, key(1)));
	lk_misses_free(misses);
}

static void test_codes_are_counted_apart(void **state)
{
	struct lk_misses *misses = lk_misses_new(4);

	(void)state;
	take(misses, 1, LK_MISSES_MOST);
	assert_false(lk_misses_are_spent(misses, key(2)));
	take(misses, 2, 1);
	assert_true(lk_misses_are_spent(misses, key(1)));
	lk_misses_free(misses);
}

static void test_a_right_value_forgives(void **state)
{
	struct lk_misses *misses = lk_misses_new(4);

	(void)state;
	take(misses, 1, LK_MISSES_MOST - 1);
	lk_misses_forgive(misses, key(1));
	lk_misses_forgive(misses, key(2));
	take(misses, 1, LK_MISSES_MOST);
	assert_true(lk_misses_are_spent(misses, key(1)));
	lk_misses_free(misses);
}

static void test_where_it_is_full_the_oldest_makes_room(void **state)
{
	struct lk_misses *misses = lk_misses_new(3);

	(void)state;
	take(misses, 1, LK_MISSES_MOST);
	take(misses, 2, LK_MISSES_MOST);
	take(misses, 3, 1);
	take(misses, 4, 1);
	assert_false(lk_misses_are_spent(misses, key(1)));
	assert_true(lk_misses_are_spent(misses, key(2)));
	take(misses, 3, LK_MISSES_MOST - 1);
	assert_true(lk_misses_are_spent(misses, key(3)));
	lk_misses_free(misses);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_code_has_five_tries),
		cmocka_unit_test(test_codes_are_counted_apart),
		cmocka_unit_test(test_a_right_value_forgives),
		cmocka_unit_test(test_where_it_is_full_the_oldest_makes_room),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
