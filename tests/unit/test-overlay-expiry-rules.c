/* Whether somebody is told that a password expires, and which provider looks when. */
#include "support.h"

#include <string.h>

#include "expiry-rules.h"

#define DAY 86400
#define AGE (90 * DAY)
#define EXPIRES 1797829320

static const struct lk_expiry_days usual = {{1, 3, 14}, 3};

static const struct {
	long left; /* seconds until it expires */
	long max_age;
	unsigned noted; /* days of the last notice of this password; 0: none */
	unsigned due;
} moments[] = {
	{15 * DAY, AGE, 0, 0},
	{14 * DAY + 1, AGE, 0, 0},
	{14 * DAY, AGE, 0, 14},
	{14 * DAY, AGE, 14, 0}, /* once */
	{3 * DAY + 1, AGE, 14, 0},
	{3 * DAY, AGE, 14, 3},
	{3 * DAY, AGE, 3, 0},
	{DAY, AGE, 3, 1},
	{1, AGE, 3, 1},
	{1, AGE, 1, 0},
	{1, AGE, 0, 1}, /* what was missed is not made up for */
	{2 * DAY, AGE, 0, 3},
	{14 * DAY, AGE, 1, 0}, /* the clock was set back */
	{0, AGE, 0, 0}, /* it has expired */
	{-DAY, AGE, 0, 0},
	{7 * DAY, 7 * DAY, 0, 0}, /* it has just been set */
	{7 * DAY, 14 * DAY, 0, 0},
	{7 * DAY, 14 * DAY + 1, 0, 14},
	{3 * DAY, 7 * DAY, 0, 3},
	{DAY, DAY, 0, 0},
	{1, DAY, 0, 0},
};

static void test_each_day_counts_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
		const struct lk_expiry_noted noted = {EXPIRES, moments[i].noted};
		unsigned due = lk_expiry_due(
			&usual, EXPIRES, moments[i].max_age, moments[i].noted ? &noted : NULL, EXPIRES - moments[i].left);

		if (due != moments[i].due)
			fail_msg("row %zu: %u days, expected %u", i, due, moments[i].due);
	}
}

static void test_what_was_noted_of_another_password_does_not_count(void **state)
{
	const struct lk_expiry_noted noted = {EXPIRES - 1, 1};

	(void)state;
	assert_int_equal(lk_expiry_due(&usual, EXPIRES, AGE, &noted, EXPIRES - DAY), 1);
}

static void test_without_days_nobody_is_told(void **state)
{
	const struct lk_expiry_days none = {.count = 0};

	(void)state;
	assert_int_equal(lk_expiry_due(&none, EXPIRES, AGE, NULL, EXPIRES - 1), 0);
}

static void test_what_is_noted_is_read_again(void **state)
{
	static const struct {
		struct lk_expiry_noted noted;
		const char *text;
	} rows[] = {
		{{1796449800, 14}, "20261205055000Z 14"},
		{{1796449800, 1}, "20261205055000Z 1"},
		{{1796449800, 365}, "20261205055000Z 365"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char text[LK_EXPIRY_NOTED_MAX + 1];
		struct lk_expiry_noted read;

		lk_expiry_noted_format(&rows[i].noted, text);
		assert_string_equal(text, rows[i].text);
		struct berval value = text_bv(text);
		assert_true(lk_expiry_noted_parse(&value, &read));
		assert_int_equal(read.expires, rows[i].noted.expires);
		assert_int_equal(read.days, rows[i].noted.days);
	}
}

static void test_damage_is_not_read(void **state)
{
	static const char *const damaged[] = {"", "20261205055000Z", "20261205055000Z ", "20261205055000Z14",
		"20261205055000Z 1234", "20261205055000Z 1x", "20261205055000Z -1", "20261305055000Z 14", " 14",
		"20261205055000Z  1"};

	(void)state;
	for (size_t i = 0; i < sizeof damaged / sizeof *damaged; i++) {
		struct berval value = text_bv(damaged[i]);
		struct lk_expiry_noted untouched = {7, 7};

		assert_false(lk_expiry_noted_parse(&value, &untouched));
		assert_int_equal(untouched.days, 7);
	}
}

/* The providers in the order in which they look, each once. */
static void test_no_two_providers_look_at_one_moment(void **state)
{
	time_t begin = 1796448000 / LK_EXPIRY_INTERVAL * LK_EXPIRY_INTERVAL, moments_of[LK_EXPIRY_PLACES];

	(void)state;
	for (unsigned server = 0; server < LK_EXPIRY_PLACES; server++) {
		unsigned looks = 0;

		for (time_t now = begin; now < begin + LK_EXPIRY_INTERVAL; now++) {
			if (lk_expiry_look(now, server, LK_EXPIRY_INTERVAL) == lk_expiry_look(now - 1, server, LK_EXPIRY_INTERVAL))
				continue;
			moments_of[server] = now;
			looks++;
		}
		assert_int_equal(looks, 1);
		assert_true(!server || moments_of[server] >= moments_of[server - 1] + 1200);
	}
	assert_int_equal(lk_expiry_look(begin, 16, LK_EXPIRY_INTERVAL), lk_expiry_look(begin, 0, LK_EXPIRY_INTERVAL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_day_counts_once),
		cmocka_unit_test(test_what_was_noted_of_another_password_does_not_count),
		cmocka_unit_test(test_without_days_nobody_is_told),
		cmocka_unit_test(test_what_is_noted_is_read_again),
		cmocka_unit_test(test_damage_is_not_read),
		cmocka_unit_test(test_no_two_providers_look_at_one_moment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
