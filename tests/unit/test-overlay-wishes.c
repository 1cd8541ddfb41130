/* The queue of requests for codes: its bounds, its order, and that it keeps copies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "wishes.h"

static struct berval text(const char *from)
{
	return (struct berval){from == NULL ? 0 : strlen(from), (char *)from};
}

static enum lk_wish_result add(struct lk_wishes *wishes, const char *user, const char *client)
{
	struct lk_wish wish = {text(user), text("ko"), text(client)};
	return lk_wishes_add(wishes, &wish);
}

static void expect_take(struct lk_wishes *wishes, const char *user)
{
	struct lk_wish *wish = lk_wishes_take(wishes);
	assert_non_null(wish);
	assert_string_equal(wish->user.bv_val, user);
	assert_int_equal(wish->user.bv_len, strlen(user));
	lk_wish_free(wish);
}

static void test_first_in_first_out(void **state)
{
	(void)state;
	struct lk_wishes *wishes = lk_wishes_new(3, 3);
	char user[16];
	assert_null(lk_wishes_take(wishes));
	assert_int_equal(add(wishes, "u-1", "::1"), LK_WISH_TAKEN);
	assert_int_equal(add(wishes, "u0", "::1"), LK_WISH_TAKEN);
	for (int i = 1; i < 20; i++) { /* round the ring */
		snprintf(user, sizeof user, "u%d", i);
		assert_int_equal(add(wishes, user, "::1"), LK_WISH_TAKEN);
		assert_int_equal(lk_wishes_count(wishes), 3);
		snprintf(user, sizeof user, "u%d", i - 2);
		expect_take(wishes, user);
	}
	expect_take(wishes, "u18");
	expect_take(wishes, "u19");
	assert_null(lk_wishes_take(wishes));
	assert_int_equal(lk_wishes_count(wishes), 0);
	lk_wishes_free(wishes);
}

struct step {
	const char *user;
	const char *client;
	enum lk_wish_result result;
};

static void run(const struct step *steps, size_t count, size_t capacity, size_t share)
{
	struct lk_wishes *wishes = lk_wishes_new(capacity, share);
	for (size_t i = 0; i < count; i++) {
		enum lk_wish_result result = add(wishes, steps[i].user, steps[i].client);
		if (result != steps[i].result)
			fail_msg("step %zu (%s): %d, expected %d", i, steps[i].user, result, steps[i].result);
	}
	lk_wishes_free(wishes);
}

#define RUN(steps, capacity, share) run(steps, sizeof(steps) / sizeof *(steps), capacity, share)

static void test_one_slot_a_target(void **state)
{
	(void)state;
	static const struct step steps[] = {
		{"kim", "::1", LK_WISH_TAKEN},
		{"kim", "::1", LK_WISH_KNOWN},
		{"KIM", "10.0.0.1", LK_WISH_KNOWN},
		{"kImI", "10.0.0.1", LK_WISH_TAKEN},
		{"ki", "10.0.0.1", LK_WISH_TAKEN},
		{"k@m", "10.0.0.1", LK_WISH_TAKEN},
		{"k`m", "10.0.0.1", LK_WISH_TAKEN}, /* 0x20 from "@", and yet no letter */
		{"\xc3\xa4", "10.0.0.2", LK_WISH_TAKEN},
		{"\xc3\x84", "10.0.0.2", LK_WISH_TAKEN}, /* case beyond ASCII counts */
		{"", "10.0.0.2", LK_WISH_TAKEN},
		{NULL, "10.0.0.2", LK_WISH_KNOWN},
	};
	RUN(steps, 20, 20);
}

static void test_share_of_a_client(void **state)
{
	(void)state;
	static const struct step steps[] = {
		{"a", "10.0.0.1", LK_WISH_TAKEN},
		{"b", "10.0.0.1", LK_WISH_TAKEN},
		{"c", "10.0.0.1", LK_WISH_SHARE},
		{"a", "10.0.0.1", LK_WISH_KNOWN},
		{"c", "10.0.0.2", LK_WISH_TAKEN},
		{"d", "", LK_WISH_TAKEN},
		{"e", NULL, LK_WISH_TAKEN},
		{"f", "", LK_WISH_SHARE},
		{"g", "10.0.0.2", LK_WISH_TAKEN},
		{"h", "10.0.0.3", LK_WISH_FULL},
		{"h", "10.0.0.1", LK_WISH_SHARE},
		{"G", "10.0.0.3", LK_WISH_KNOWN},
	};
	RUN(steps, 6, 2);
}

static void test_taken_wishes_make_room(void **state)
{
	(void)state;
	struct lk_wishes *wishes = lk_wishes_new(2, 1);
	assert_int_equal(add(wishes, "a", "::1"), LK_WISH_TAKEN);
	assert_int_equal(add(wishes, "b", "::1"), LK_WISH_SHARE);
	expect_take(wishes, "a");
	assert_int_equal(add(wishes, "b", "::1"), LK_WISH_TAKEN);
	assert_int_equal(add(wishes, "a", "::2"), LK_WISH_TAKEN);
	assert_int_equal(add(wishes, "c", "::3"), LK_WISH_FULL);
	lk_wishes_free(wishes);
}

static void test_no_room_at_all(void **state)
{
	(void)state;
	struct lk_wishes *wishes = lk_wishes_new(0, 5);
	assert_int_equal(add(wishes, "a", "::1"), LK_WISH_FULL);
	assert_null(lk_wishes_take(wishes));
	lk_wishes_free(wishes);
	wishes = lk_wishes_new(5, 0);
	assert_int_equal(add(wishes, "a", "::1"), LK_WISH_SHARE);
	lk_wishes_free(wishes);
	assert_null(lk_wishes_new(SIZE_MAX, 1));
	lk_wishes_free(NULL);
	lk_wish_free(NULL);
}

static void test_keeps_copies(void **state)
{
	(void)state;
	struct lk_wishes *wishes = lk_wishes_new(4, 4);
	char user[] = "kim", locale[] = "ko-KR", client[] = "::1";
	struct lk_wish wish = {text(user), text(locale), text(client)};
	assert_int_equal(lk_wishes_add(wishes, &wish), LK_WISH_TAKEN);
	user[0] = locale[0] = client[0] = 'x';
	struct lk_wish *taken = lk_wishes_take(wishes);
	lk_wishes_free(wishes); /* what was taken outlives the queue */
	assert_string_equal(taken->user.bv_val, "kim");
	assert_string_equal(taken->locale.bv_val, "ko-KR");
	assert_string_equal(taken->client.bv_val, "::1");
	lk_wish_free(taken);
}

static void test_no_locale(void **state)
{
	(void)state;
	struct lk_wishes *wishes = lk_wishes_new(1, 1);
	struct lk_wish wish = {text("kim"), {0, NULL}, {0, NULL}};
	assert_int_equal(lk_wishes_add(wishes, &wish), LK_WISH_TAKEN);
	struct lk_wish *taken = lk_wishes_take(wishes);
	assert_int_equal(taken->locale.bv_len, 0);
	assert_string_equal(taken->locale.bv_val, "");
	lk_wish_free(taken);
	lk_wishes_free(wishes);
}

static void test_full_queue_round_and_round(void **state)
{
	(void)state;
	enum { CAPACITY = 4096, SHARE = 8 };
	struct lk_wishes *wishes = lk_wishes_new(CAPACITY, SHARE);
	char user[32], client[32];
	for (int i = 0; i < CAPACITY + 500; i++) {
		snprintf(user, sizeof user, "User%d", i);
		snprintf(client, sizeof client, "10.0.%d.%d", i / SHARE / 256, i / SHARE % 256);
		if (i >= CAPACITY)
			assert_int_equal(add(wishes, user, client), LK_WISH_FULL);
		if (i >= CAPACITY)
			lk_wish_free(lk_wishes_take(wishes));
		assert_int_equal(add(wishes, user, client), LK_WISH_TAKEN);
	}
	assert_int_equal(lk_wishes_count(wishes), CAPACITY);
	expect_take(wishes, "User500");
	lk_wishes_free(wishes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_in_first_out),
		cmocka_unit_test(test_one_slot_a_target),
		cmocka_unit_test(test_share_of_a_client),
		cmocka_unit_test(test_taken_wishes_make_room),
		cmocka_unit_test(test_no_room_at_all),
		cmocka_unit_test(test_keeps_copies),
		cmocka_unit_test(test_no_locale),
		cmocka_unit_test(test_full_queue_round_and_round),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
