/* When the mailer tries again, and how much it takes at once. */
#include "support.h"

#include "pace.h"
#include "rest.h"

static void backoff_doubles_up_to_an_hour(void **state)
{
	static const struct {
		unsigned tries;
		time_t wait;
	} cases[] = {{0, 30}, {1, 60}, {2, 120}, {6, 1920}, {7, 3600}, {8, 3600}, {999999, 3600}, {~0U, 3600}};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(lk_pace_backoff(cases[i].tries), cases[i].wait);
}

static void retry_keeps_within_the_life_of_the_secret(void **state)
{
	static const time_t now = 1000000;
	static const struct {
		time_t created, expires;
		unsigned tries;
		time_t when; /* 0: no attempt is left */
	} cases[] = {
		{1000000, 0, 0, 1000030}, {1000000, 1000900, 0, 1000030},
		{999300, 1000200, 4, 1000140}, /* the last attempt leaves a minute to read the mail */
		{999300, 1000070, 4, 1000010}, {999300, 1000069, 4, 0}, {999000, 999999, 0, 0}, /* dead already */
		{1000000 - 5 * 24 * 3600 + 1, 0, 20, 1003600}, {1000000 - 5 * 24 * 3600, 0, 20, 0}, /* five days are enough */
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		time_t when = 0;
		bool is_left = lk_pace_retry(now, cases[i].created, cases[i].expires, cases[i].tries, 0, &when);
		assert_int_equal(is_left, cases[i].when != 0);
		assert_int_equal(when, cases[i].when);
	}
}

static void what_failed_together_is_spread(void **state)
{
	time_t when;

	(void)state;
	assert_true(lk_pace_retry(1000, 1000, 0, 0, 1, &when));
	assert_int_equal(when, 1037);
	assert_true(lk_pace_retry(1000, 1000, 0, 9, 0.5, &when));
	assert_int_equal(when, 5050);
	assert_true(lk_pace_retry(1000, 1000, 1095, 0, 1, &when)); /* never past the last minute of the secret */
	assert_int_equal(when, 1035);
}

static void a_code_is_tried_for_its_whole_life(void **state)
{
	time_t now = 0, last = 0;
	unsigned tries = 0;

	(void)state;
	while (lk_pace_retry(now, 0, 900, tries, 0, &now)) {
		tries++;
		last = now;
	}
	assert_int_equal(last, 840);
	assert_int_equal(tries, 5);
}

static void reconnecting_waits_up_to_half_a_minute(void **state)
{
	static const unsigned waits[] = {1, 2, 4, 8, 16, 30, 30};

	(void)state;
	for (unsigned i = 0; i < COUNT(waits); i++)
		assert_int_equal(lk_pace_reconnect(i), waits[i]);
	assert_int_equal(lk_pace_reconnect(~0U), 30);
}

static void the_window_follows_what_the_mail_server_manages(void **state)
{
	(void)state;
	assert_int_equal(lk_pace_window(1, true), 2);
	assert_int_equal(lk_pace_window(LK_WINDOW_MOST - 1, true), LK_WINDOW_MOST);
	assert_int_equal(lk_pace_window(LK_WINDOW_MOST, true), LK_WINDOW_MOST);
	assert_int_equal(lk_pace_window(LK_WINDOW_MOST, false), 1);
	assert_int_equal(lk_pace_window(1, false), 1);
}

static void a_closed_way_rests_longer_each_time(void **state)
{
	struct lk_rest *rest = lk_rest_new(2);

	(void)state;
	assert_true(lk_rest_may_try(rest, 0, 0));
	lk_rest_note(rest, 0, true, 1000);
	assert_false(lk_rest_may_try(rest, 0, 1999));
	assert_true(lk_rest_may_try(rest, 1, 1000));
	assert_int_equal(lk_rest_left(rest, 1000), 0); /* the other one is open */
	lk_rest_note(rest, 1, true, 1500);
	assert_int_equal(lk_rest_left(rest, 1500), 500);
	lk_rest_note(rest, 0, true, 1600); /* another thread found the same */
	assert_true(lk_rest_may_try(rest, 0, 2000));
	lk_rest_note(rest, 0, true, 2000);
	assert_false(lk_rest_may_try(rest, 0, 3999));
	assert_true(lk_rest_may_try(rest, 0, 4000));
	lk_rest_note(rest, 0, false, 4000);
	lk_rest_note(rest, 0, true, 5000);
	assert_true(lk_rest_may_try(rest, 0, 6000));
	lk_rest_free(rest);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(backoff_doubles_up_to_an_hour),
		cmocka_unit_test(retry_keeps_within_the_life_of_the_secret),
		cmocka_unit_test(what_failed_together_is_spread),
		cmocka_unit_test(a_code_is_tried_for_its_whole_life),
		cmocka_unit_test(reconnecting_waits_up_to_half_a_minute),
		cmocka_unit_test(the_window_follows_what_the_mail_server_manages),
		cmocka_unit_test(a_closed_way_rests_longer_each_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
