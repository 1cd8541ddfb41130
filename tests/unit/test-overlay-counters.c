/* Counters: each its own, under a name of its own, and none lost where many count at once. */
#include "support.h"

#include <pthread.h>
#include <string.h>

#include "counters.h"

#define TIMES 20000

static struct lk_counters counters;

static void *count(void *context)
{
	(void)context;
	for (int i = 0; i < TIMES; i++)
		lk_counters_add(&counters, LK_COUNT_RESETS);
	return NULL;
}

static void test_none_is_lost(void **state)
{
	pthread_t threads[4];

	(void)state;
	for (size_t i = 0; i < COUNT(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, count, NULL), 0);
	for (size_t i = 0; i < COUNT(threads); i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	for (int which = 0; which < LK_COUNTERS; which++)
		assert_int_equal(lk_counters_read(&counters, which), which == LK_COUNT_RESETS ? COUNT(threads) * TIMES : 0);
}

static void test_names(void **state)
{
	(void)state;
	for (int which = 0; which < LK_COUNTERS; which++) {
		assert_non_null(lk_counter_name(which));
		for (int other = 0; other < which; other++)
			assert_string_not_equal(lk_counter_name(which), lk_counter_name(other));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_none_is_lost), cmocka_unit_test(test_names)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
