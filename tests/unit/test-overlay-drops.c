/* What was dropped, summed up by client. */
#include "support.h"

#include <stdio.h>

#include "drops.h"

static void drop(struct lk_drops *drops, const char *client, enum lk_drop_rule rule)
{
	lk_drops_add(drops, lk_wish_copy(&(struct lk_wish){BV("kim"), NONE, text_bv(client), NONE}), rule);
}

static void test_a_row_for_a_client_and_a_rule(void **state)
{
	struct lk_drops drops = {0};

	(void)state;
	for (int i = 0; i < 1000; i++) {
		drop(&drops, "IP=192.0.2.1", LK_DROP_CLIENT);
		drop(&drops, "IP=192.0.2.10", LK_DROP_CLIENT);
	}
	drop(&drops, "IP=192.0.2.1", LK_DROP_ALL);
	assert_int_equal(drops.rows[0].count, 1000);
	assert_string_equal(drops.rows[0].wish->client.bv_val, "IP=192.0.2.1");
	assert_int_equal(drops.rows[1].count, 1000);
	assert_int_equal(drops.rows[2].count, 1);
	assert_int_equal(drops.rows[2].rule, LK_DROP_ALL);
	assert_null(drops.rows[3].wish);
	lk_drops_clear(&drops);
	assert_null(drops.rows[0].wish);
}

static void test_those_beyond_are_counted(void **state)
{
	struct lk_drops drops = {0};
	char client[32];

	(void)state;
	for (int i = 0; i < LK_DROPS_ROWS + 100; i++) {
		snprintf(client, sizeof client, "IP=192.0.2.%d", i);
		drop(&drops, client, LK_DROP_QUEUE);
	}
	assert_int_equal(drops.more, 100);
	assert_int_equal(drops.rows[LK_DROPS_ROWS - 1].count, 1);
	lk_drops_clear(&drops);
	assert_int_equal(drops.more, 0);
}

static void test_each_rule_has_a_name(void **state)
{
	(void)state;
	for (int rule = 0; rule < LK_DROP_RULES; rule++)
		assert_non_null(lk_drop_rule_name(rule));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_row_for_a_client_and_a_rule),
		cmocka_unit_test(test_those_beyond_are_counted),
		cmocka_unit_test(test_each_rule_has_a_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
