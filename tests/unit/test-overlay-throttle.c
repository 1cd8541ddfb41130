/* Throttling: what one client may do in a while, and all together; that nobody gets more by many addresses of one
 * network or by being forgotten, and that a few who ask for all they can get do not stop the others. */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "throttle.h"

#define SECOND UINT64_C(1000000000)
#define START (1000 * SECOND)

static const unsigned char key[LK_THROTTLE_KEY] = "sixteen octets!";

static const struct lk_throttle_limits usual = {{60, 600}, {6000, 60}};
static const struct lk_throttle_limits no_limit_in_all = {{60, 600}, {0, 0}};

static struct lk_origin at(const char *address)
{
	struct berval text = text_bv(address);
	struct lk_origin origin;

	assert_true(lk_origin_of_address(&text, &origin));
	return origin;
}

static struct lk_origin numbered(unsigned number)
{
	char address[32];

	snprintf(address, sizeof address, "10.%u.%u.%u", number >> 16 & 255, number >> 8 & 255, number & 255);
	return at(address);
}

/* How many of COUNT attempts at one moment pass. */
static unsigned passing(struct lk_throttle *throttle, const struct lk_throttle_limits *limits, struct lk_origin origin,
	uint64_t now, unsigned count)
{
	unsigned passed = 0;

	while (count-- > 0)
		passed += lk_throttle_take(throttle, limits, &origin, now) == LK_THROTTLE_PASSES;
	return passed;
}

/* --- rates -------------------------------------------------------------------------------------------------------- */

static void test_rates_are_read(void **state)
{
	static const struct {
		const char *text;
		bool good;
		unsigned count, seconds;
	} texts[] = {
		{"60/600", true, 60, 600},
		{"1/1", true, 1, 1},
		{"1000000/86400", true, 1000000, 86400},
		{"0", true, 0, 0},
		{"", false, 0, 0},
		{"00", false, 0, 0},
		{"0/60", false, 0, 0},
		{"60/0", false, 0, 0},
		{"60", false, 0, 0},
		{"60/", false, 0, 0},
		{"/600", false, 0, 0},
		{"60/600 ", false, 0, 0},
		{" 60/600", false, 0, 0},
		{"+60/600", false, 0, 0},
		{"-1/600", false, 0, 0},
		{"060/600", false, 0, 0},
		{"60//600", false, 0, 0},
		{"60/600/1", false, 0, 0},
		{"1000001/600", false, 0, 0},
		{"4294967297/600", false, 0, 0},
		{"1/86401", false, 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct berval text = text_bv(texts[i].text);
		struct lk_rate rate = {7, 7};
		char again[LK_RATE_TEXT];

		assert_int_equal(lk_rate_parse(&text, &rate), texts[i].good);
		assert_int_equal(rate.count, texts[i].good ? texts[i].count : 7);
		assert_int_equal(rate.seconds, texts[i].good ? texts[i].seconds : 7);
		lk_rate_format(&rate, again);
		if (texts[i].good)
			assert_string_equal(again, texts[i].text);
	}
}

static void test_the_stricter_rate(void **state)
{
	static const struct lk_rate none = {0, 0}, slow = {60, 600}, fast = {60, 60}, slow_and_small = {6, 60};
	struct lk_rate found;

	(void)state;
	assert_int_equal(lk_rate_stricter(none, fast).count, 60);
	assert_int_equal(lk_rate_stricter(fast, none).count, 60);
	assert_int_equal(lk_rate_stricter(none, none).count, 0);
	assert_int_equal(lk_rate_stricter(slow, fast).seconds, 600);
	assert_int_equal(lk_rate_stricter(fast, slow).seconds, 600);
	found = lk_rate_stricter(slow, slow_and_small);
	assert_int_equal(found.count, 6);
}

/* --- one client --------------------------------------------------------------------------------------------------- */

static void test_so_much_at_once_and_as_much_in_any_window(void **state)
{
	struct lk_throttle *throttle = lk_throttle_new(64, key);
	struct lk_origin client = at("192.0.2.7");

	(void)state;
	assert_int_equal(passing(throttle, &usual, client, START, 1000), 60);
	assert_int_equal(passing(throttle, &usual, client, START + 10 * SECOND - 1, 1000), 0);
	assert_int_equal(passing(throttle, &usual, client, START + 10 * SECOND, 1000), 1);
	assert_int_equal(passing(throttle, &usual, client, START + 310 * SECOND, 1000), 30);
	assert_int_equal(passing(throttle, &usual, client, START + 100000 * SECOND, 1000), 60);
	lk_throttle_free(throttle);
}

/* Whoever asks on and on gets the rate, and what is refused costs nothing. */
static void test_asking_on_neither_helps_nor_hurts(void **state)
{
	struct lk_throttle *throttle = lk_throttle_new(64, key);
	struct lk_origin client = at("192.0.2.7");
	unsigned passed = 0;

	(void)state;
	for (unsigned tenth = 0; tenth < 36000; tenth++)
		passed += passing(throttle, &usual, client, START + tenth * (SECOND / 10), 1);
	assert_int_equal(passed, 60 + 359);
	lk_throttle_free(throttle);
}

static void test_what_was_right_is_given_back(void **state)
{
	struct lk_throttle *throttle = lk_throttle_new(64, key);
	struct lk_origin client = at("2001:db8::7");

	(void)state;
	for (int i = 0; i < 1000; i++) {
		assert_int_equal(lk_throttle_take(throttle, &usual, &client, START + i), LK_THROTTLE_PASSES);
		lk_throttle_return(throttle, &usual, &client, START + i);
	}
	assert_int_equal(passing(throttle, &usual, client, START + 1000, 1000), 60);
	lk_throttle_return(throttle, &usual, &client, START + 1000);
	assert_int_equal(passing(throttle, &usual, client, START + 1000, 1000), 1);
	for (int i = 0; i < 1000; i++)
		lk_throttle_return(throttle, &usual, &client, START + 1000);
	assert_int_equal(passing(throttle, &usual, client, START + 1000, 1000), 60);
	lk_throttle_free(throttle);
}

static void test_no_limit_is_none(void **state)
{
	static const struct lk_throttle_limits none = {{0, 0}, {0, 0}}, all_only = {{0, 0}, {100, 60}};
	struct lk_throttle *throttle = lk_throttle_new(64, key);

	(void)state;
	assert_int_equal(passing(throttle, &none, at("192.0.2.7"), START, 100000), 100000);
	assert_int_equal(passing(throttle, &all_only, at("192.0.2.7"), START, 1000), 100);
	lk_throttle_free(throttle);
}

static void test_new_limits_hold_at_once(void **state)
{
	static const struct lk_throttle_limits narrow = {{2, 10}, {0, 0}};
	struct lk_throttle *throttle = lk_throttle_new(64, key);
	struct lk_origin client = at("192.0.2.7");

	(void)state;
	assert_int_equal(passing(throttle, &usual, client, START, 100), 60);
	assert_int_equal(passing(throttle, &narrow, client, START + 1, 100), 0);
	assert_int_equal(passing(throttle, &narrow, client, START + 5 * SECOND + 1, 100), 1);
	lk_throttle_free(throttle);
}

/* --- which addresses are one client ------------------------------------------------------------------------------- */

static void test_clients_are_counted_apart(void **state)
{
	static const char *const others[] = {"192.0.2.8", "192.0.2.0", "2001:db8::7", "2001:db8:0:1::7", "::192.0.2.7"};
	struct lk_throttle *throttle = lk_throttle_new(8192, key);

	(void)state;
	assert_int_equal(passing(throttle, &usual, at("192.0.2.7"), START, 100), 60);
	for (size_t i = 0; i < COUNT(others); i++)
		assert_int_equal(passing(throttle, &usual, at(others[i]), START, 100), 60);
	assert_int_equal(passing(throttle, &usual, at("::ffff:192.0.2.7"), START, 100), 0);
	lk_throttle_free(throttle);
}

/* All of a /64 is one client, all of a /48 four, however many addresses are drawn. */
static void test_a_network_is_one_client(void **state)
{
	struct lk_throttle *throttle = lk_throttle_new(8192, key);
	unsigned of_64 = 0, of_48 = 0;
	char address[64];

	(void)state;
	for (unsigned i = 0; i < 10000; i++) {
		snprintf(address, sizeof address, "2001:db8:1:1:%x::%x", draw(0x10000), draw(0x10000));
		of_64 += passing(throttle, &usual, at(address), START, 1);
		snprintf(address, sizeof address, "2001:db8:2:%x:%x::1", draw(0x10000), draw(0x10000));
		of_48 += passing(throttle, &usual, at(address), START, 1);
	}
	assert_int_equal(of_64, 60);
	assert_int_equal(of_48, 60 * LK_THROTTLE_WIDE_FACTOR);
	assert_int_equal(passing(throttle, &usual, at("2001:db8:3:1::1"), START, 100), 60);
	lk_throttle_free(throttle);
}

static void test_a_local_client_may_do_more(void **state)
{
	static const char *const peers[] = {"PATH=/run/slapd/ldapi", "IP=127.0.0.1:5", "IP=127.0.0.2:5", "IP=[::1]:5"};
	struct lk_throttle *throttle = lk_throttle_new(8192, key);

	(void)state;
	for (size_t i = 0; i < COUNT(peers); i++) {
		struct berval peer = text_bv(peers[i]);
		struct lk_origin origin;

		lk_origin_of_peer(&peer, &origin);
		assert_int_equal(passing(throttle, &no_limit_in_all, origin, START, 10000), 60 * LK_THROTTLE_LOCAL_FACTOR);
	}
	assert_int_equal(
		passing(throttle, &no_limit_in_all, at("127.0.0.1"), START, 10000), 0); /* it is who was 127.0.0.1 */
	assert_int_equal(passing(throttle, &no_limit_in_all, at("127.0.0.9"), START, 10000), 60);
	lk_throttle_free(throttle);
}

static void test_users_are_limited_by_name_and_not_in_all(void **state)
{
	static const struct lk_throttle_limits narrow = {{60, 600}, {1, 60}};
	struct lk_throttle *throttle = lk_throttle_new(8192, key);
	struct lk_origin user;

	(void)state;
	assert_int_equal(passing(throttle, &narrow, at("192.0.2.7"), START, 100), 1);
	for (unsigned i = 0; i < 100; i++) {
		char name[16];
		struct berval ndn = {(ber_len_t)snprintf(name, sizeof name, "uid=%u", i), name};

		lk_origin_of_identity(&ndn, &user);
		assert_int_equal(passing(throttle, &narrow, user, START, 100), 60);
	}
	lk_throttle_free(throttle);
}

/* --- all together ------------------------------------------------------------------------------------------------- */

static void test_the_limit_in_all_holds(void **state)
{
	struct lk_throttle *throttle = lk_throttle_new(65536, key);
	unsigned passed = 0;

	(void)state;
	for (unsigned i = 0; i < 20000; i++)
		passed += passing(throttle, &usual, numbered(i), START, 1);
	assert_int_equal(passed, 6000);
	assert_int_equal(passing(throttle, &usual, numbered(30000), START + SECOND, 1), 1);
	lk_throttle_free(throttle);
}

/* A thousand addresses that take all they get, and users beside them who ask once: the users are heard. */
static void test_the_greedy_do_not_stop_the_modest(void **state)
{
	static const struct lk_throttle_limits limits = {{60, 600}, {600, 60}};
	struct lk_throttle *throttle = lk_throttle_new(8192, key);
	unsigned heard = 0, taken = 0;

	(void)state;
	for (unsigned second = 0; second < 600; second++) {
		for (unsigned i = 0; i < 20; i++)
			taken += passing(throttle, &limits, numbered(i), START + second * SECOND, 20);
		heard += passing(throttle, &limits, numbered(100000 + second), START + second * SECOND, 1);
	}
	assert_int_equal(heard, 600);
	assert_true(taken > 1000);
	lk_throttle_free(throttle);
}

/* --- what is forgotten -------------------------------------------------------------------------------------------- */

/* The table is full of others, each of whom has asked a little: who has used up everything is remembered. */
static void test_who_has_used_most_is_remembered(void **state)
{
	struct lk_throttle *throttle = lk_throttle_new(1024, key);
	struct lk_origin greedy = at("192.0.2.7");

	(void)state;
	assert_int_equal(passing(throttle, &no_limit_in_all, greedy, START, 100), 60);
	for (unsigned i = 0; i < 100000; i++)
		passing(throttle, &no_limit_in_all, numbered(i), START, 1 + i % 5);
	assert_int_equal(passing(throttle, &no_limit_in_all, greedy, START + SECOND, 100), 0);
	lk_throttle_free(throttle);
}

/* With more clients than there is room for, no one is refused who has not asked too often. */
static void test_nobody_pays_for_another(void **state)
{
	struct lk_throttle *throttle = lk_throttle_new(64, key);

	(void)state;
	for (unsigned i = 0; i < 100000; i++)
		assert_int_equal(passing(throttle, &no_limit_in_all, numbered(i), START, 1), 1);
	lk_throttle_free(throttle);
}

/* Random clients at random times, beside exact accounts of each. */
static void test_as_exact_accounts_would(void **state)
{
	enum { CLIENTS = 200 };
	static const struct lk_throttle_limits limits = {{10, 100}, {0, 0}};
	struct lk_throttle *throttle = lk_throttle_new(65536, key);
	uint64_t full_at[CLIENTS] = {0}, now = START;

	(void)state;
	for (int step = 0; step < 200000; step++) {
		unsigned client = draw(CLIENTS);
		uint64_t from = full_at[client] > now ? full_at[client] : now;
		bool expected = from + 10 * SECOND <= now + 100 * SECOND;

		assert_int_equal(passing(throttle, &limits, numbered(client), now, 1), expected);
		if (expected)
			full_at[client] = from + 10 * SECOND;
		now += draw(100) * (SECOND / 1000);
	}
	lk_throttle_free(throttle);
}

static void test_no_table_of_no_size(void **state)
{
	(void)state;
	assert_null(lk_throttle_new(0, key));
	assert_null(lk_throttle_new(7, key));
	assert_null(lk_throttle_new(SIZE_MAX, key));
	lk_throttle_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rates_are_read),
		cmocka_unit_test(test_the_stricter_rate),
		cmocka_unit_test(test_so_much_at_once_and_as_much_in_any_window),
		cmocka_unit_test(test_asking_on_neither_helps_nor_hurts),
		cmocka_unit_test(test_what_was_right_is_given_back),
		cmocka_unit_test(test_no_limit_is_none),
		cmocka_unit_test(test_new_limits_hold_at_once),
		cmocka_unit_test(test_clients_are_counted_apart),
		cmocka_unit_test(test_a_network_is_one_client),
		cmocka_unit_test(test_a_local_client_may_do_more),
		cmocka_unit_test(test_users_are_limited_by_name_and_not_in_all),
		cmocka_unit_test(test_the_limit_in_all_holds),
		cmocka_unit_test(test_the_greedy_do_not_stop_the_modest),
		cmocka_unit_test(test_who_has_used_most_is_remembered),
		cmocka_unit_test(test_nobody_pays_for_another),
		cmocka_unit_test(test_as_exact_accounts_would),
		cmocka_unit_test(test_no_table_of_no_size),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
