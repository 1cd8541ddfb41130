/* The queue of requests for codes: its bounds, its order, one place a name, and that it keeps copies. */
#include "support.h"

#include <stdio.h>
#include <string.h>

#include "wishes.h"

static const unsigned char key[LK_WISHES_KEY] = "sixteen octets!";

static enum lk_wish_result add(struct lk_wishes *wishes, const char *user)
{
	struct lk_wish *wish = lk_wish_copy(&(struct lk_wish){text_bv(user), BV("ko"), BV("IP=::1"), BV("")});
	enum lk_wish_result result;

	assert_non_null(wish);
	result = lk_wishes_put(wishes, wish);
	if (result != LK_WISH_TAKEN)
		lk_wish_free(wish);
	return result;
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
	struct lk_wishes *wishes = lk_wishes_new(3, key);
	char user[16];

	(void)state;
	assert_null(lk_wishes_take(wishes));
	assert_int_equal(add(wishes, "u-1"), LK_WISH_TAKEN);
	assert_int_equal(add(wishes, "u0"), LK_WISH_TAKEN);
	for (int i = 1; i < 20; i++) { /* round the ring */
		snprintf(user, sizeof user, "u%d", i);
		assert_int_equal(add(wishes, user), LK_WISH_TAKEN);
		assert_int_equal(add(wishes, user), LK_WISH_KNOWN);
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

/* Texts as long as they come: each octet counts, wherever it stands. */
static void test_long_names_are_told_apart(void **state)
{
	struct lk_wishes *wishes = lk_wishes_new(2000, key);
	char user[301] = "";

	(void)state;
	for (size_t length = 1; length <= 300; length++) {
		memset(user, 'a', length);
		assert_int_equal(add(wishes, user), LK_WISH_TAKEN);
		user[length - 1] = 'b';
		assert_int_equal(add(wishes, user), LK_WISH_TAKEN);
		user[length - 1] = 'B';
		assert_int_equal(add(wishes, user), LK_WISH_KNOWN);
		user[length - 1] = 'a';
		user[length / 2] = 'A';
		assert_int_equal(add(wishes, user), LK_WISH_KNOWN);
	}
	lk_wishes_free(wishes);
}

static void test_one_slot_a_target(void **state)
{
	static const struct {
		const char *user;
		enum lk_wish_result result;
	} steps[] = {
		{"kim", LK_WISH_TAKEN},
		{"kim", LK_WISH_KNOWN},
		{"KIM", LK_WISH_KNOWN},
		{"kImI", LK_WISH_TAKEN},
		{"ki", LK_WISH_TAKEN},
		{"k@m", LK_WISH_TAKEN},
		{"k`m", LK_WISH_TAKEN}, /* 0x20 from "@", and yet no letter */
		{"\xc3\xa4", LK_WISH_TAKEN},
		{"\xc3\x84", LK_WISH_TAKEN}, /* case beyond ASCII counts */
		{"", LK_WISH_TAKEN},
		{"", LK_WISH_KNOWN},
	};
	struct lk_wishes *wishes = lk_wishes_new(20, key);

	(void)state;
	for (size_t i = 0; i < COUNT(steps); i++)
		assert_int_equal(add(wishes, steps[i].user), steps[i].result);
	lk_wishes_free(wishes);
}

static void test_taken_wishes_make_room(void **state)
{
	struct lk_wishes *wishes = lk_wishes_new(2, key);

	(void)state;
	assert_int_equal(add(wishes, "a"), LK_WISH_TAKEN);
	assert_int_equal(add(wishes, "b"), LK_WISH_TAKEN);
	assert_int_equal(add(wishes, "c"), LK_WISH_FULL);
	assert_int_equal(add(wishes, "A"), LK_WISH_KNOWN);
	expect_take(wishes, "a");
	assert_int_equal(add(wishes, "c"), LK_WISH_TAKEN);
	assert_int_equal(add(wishes, "a"), LK_WISH_FULL);
	lk_wishes_free(wishes);
}

static void test_no_queue_of_no_size(void **state)
{
	(void)state;
	assert_null(lk_wishes_new(0, key));
	assert_null(lk_wishes_new(SIZE_MAX, key));
	lk_wishes_free(NULL);
	lk_wish_free(NULL);
}

static void test_keeps_copies(void **state)
{
	char user[] = "kim", locale[] = "ko-KR", client[] = "IP=::1", via[] = "PATH=/run";
	struct lk_wishes *wishes = lk_wishes_new(4, key);
	struct lk_wish *taken;

	(void)state;
	taken = lk_wish_copy(&(struct lk_wish){text_bv(user), text_bv(locale), text_bv(client), text_bv(via)});
	assert_int_equal(lk_wishes_put(wishes, taken), LK_WISH_TAKEN);
	user[0] = locale[0] = client[0] = via[0] = 'x';
	taken = lk_wishes_take(wishes);
	lk_wishes_free(wishes); /* what was taken outlives the queue */
	assert_string_equal(taken->user.bv_val, "kim");
	assert_string_equal(taken->locale.bv_val, "ko-KR");
	assert_string_equal(taken->client.bv_val, "IP=::1");
	assert_string_equal(taken->via.bv_val, "PATH=/run");
	lk_wish_free(taken);
}

static void test_absent_texts_are_empty(void **state)
{
	struct lk_wish *wish = lk_wish_copy(&(struct lk_wish){text_bv("kim"), NONE, NONE, NONE});

	(void)state;
	assert_string_equal(wish->locale.bv_val, "");
	assert_string_equal(wish->via.bv_val, "");
	assert_int_equal(wish->via.bv_len, 0);
	lk_wish_free(wish);
}

/* By the thousand, in and out at random, beside a list of who waits that is kept plainly. */
static void test_as_a_plain_list_would(void **state)
{
	enum { NAMES = 500, CAPACITY = 200 };
	struct lk_wishes *wishes = lk_wishes_new(CAPACITY, key);
	unsigned waiting[CAPACITY], count = 0;
	bool waits[NAMES] = {false};
	char user[16];

	(void)state;
	for (int step = 0; step < 100000; step++) {
		unsigned number = draw(NAMES);

		snprintf(user, sizeof user, "u%u", number);
		if (draw(20) < 9) {
			snprintf(user, sizeof user, "u%u", count ? waiting[0] : 0);
			if (count == 0)
				continue;
			expect_take(wishes, user);
			waits[waiting[0]] = false;
			memmove(waiting, waiting + 1, --count * sizeof *waiting);
		} else if (waits[number]) {
			assert_int_equal(add(wishes, user), LK_WISH_KNOWN);
		} else if (count == CAPACITY) {
			assert_int_equal(add(wishes, user), LK_WISH_FULL);
		} else {
			assert_int_equal(add(wishes, user), LK_WISH_TAKEN);
			waits[number] = true;
			waiting[count++] = number;
		}
		assert_int_equal(lk_wishes_count(wishes), count);
	}
	lk_wishes_free(wishes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_in_first_out),
		cmocka_unit_test(test_long_names_are_told_apart),
		cmocka_unit_test(test_one_slot_a_target),
		cmocka_unit_test(test_taken_wishes_make_room),
		cmocka_unit_test(test_no_queue_of_no_size),
		cmocka_unit_test(test_keeps_copies),
		cmocka_unit_test(test_absent_texts_are_empty),
		cmocka_unit_test(test_as_a_plain_list_would),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
