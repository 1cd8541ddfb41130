/* What waits for a mailer: cases by hand, then a long random run against a model too simple to be wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "due.h"

#define MANY 64

static struct berval text(const char *from)
{
	return (struct berval){strlen(from), (char *)from};
}

static void put(struct lk_due *due, const char *holder, const char *id, time_t when)
{
	struct berval dn = text(holder);
	assert_true(lk_due_put(due, &dn, id, when));
}

static void take_away(struct lk_due *due, const char *holder, const char *id)
{
	struct berval dn = text(holder);
	lk_due_remove(due, &dn, id);
}

/* Takes and compares with EXPECTED: "holder/id" separated by spaces. */
static void expect_take(struct lk_due *due, time_t now, time_t lease, size_t most, const char *expected)
{
	struct lk_due_item items[MANY];
	char got[4096] = "";
	size_t count = lk_due_take(due, now, lease, most, items);
	assert_true(count <= most);
	for (size_t i = 0; i < count; i++) {
		size_t used = strlen(got);
		snprintf(got + used, sizeof got - used, "%s%s/%s", i == 0 ? "" : " ", items[i].holder.bv_val, items[i].id);
		assert_int_equal(items[i].holder.bv_len, strlen(items[i].holder.bv_val));
		assert_true(items[i].due <= now);
		assert_int_equal(items[i].leased_until, now + lease);
		free(items[i].holder.bv_val);
	}
	assert_string_equal(got, expected);
}

static int set_up(void **state)
{
	*state = lk_due_new(0);
	return *state == NULL;
}

static int tear_down(void **state)
{
	lk_due_free(*state);
	return 0;
}

static void test_nothing(void **state)
{
	struct lk_due *due = *state;
	assert_int_equal(lk_due_count(due), 0);
	expect_take(due, 1000, 60, MANY, "");
	take_away(due, "cn=a", "1");
	lk_due_free(NULL);
}

static void test_longest_due_first(void **state)
{
	struct lk_due *due = *state;
	put(due, "cn=c", "3", 30);
	put(due, "cn=a", "1", 10);
	put(due, "cn=e", "5", 50);
	put(due, "cn=b", "2", 20);
	put(due, "cn=b", "2b", 20);
	expect_take(due, 9, 60, MANY, "");
	expect_take(due, 10, 60, MANY, "cn=a/1");
	expect_take(due, 40, 60, 2, "cn=b/2 cn=b/2b");
	expect_take(due, 40, 60, 0, "");
	expect_take(due, 40, 60, MANY, "cn=c/3");
	expect_take(due, 50, 60, MANY, "cn=e/5");
	assert_int_equal(lk_due_count(due), 5);
}

static void test_leases_end(void **state)
{
	struct lk_due *due = *state;
	put(due, "cn=late", "1", 10);
	expect_take(due, 100, 50, MANY, "cn=late/1");
	put(due, "cn=soon", "2", 120);
	expect_take(due, 149, 10, 0, "");
	expect_take(due, 150, 50, MANY, "cn=late/1 cn=soon/2");
	expect_take(due, 199, 50, MANY, "");
	expect_take(due, 200, 0, MANY, "cn=late/1 cn=soon/2");
	expect_take(due, 200, 0, MANY, "cn=late/1 cn=soon/2");
}

static void test_put_again(void **state)
{
	struct lk_due *due = *state;
	put(due, "cn=a", "1", 10);
	put(due, "cn=b", "1", 10);
	expect_take(due, 10, 100, MANY, "cn=a/1 cn=b/1");
	put(due, "cn=a", "1", 10); /* the same time again keeps the lease */
	expect_take(due, 20, 100, MANY, "");
	put(due, "cn=b", "1", 15);
	expect_take(due, 20, 100, MANY, "cn=b/1");
	put(due, "cn=b", "1", 300);
	expect_take(due, 250, 100, MANY, "cn=a/1");
	expect_take(due, 300, 100, MANY, "cn=b/1");
	assert_int_equal(lk_due_count(due), 2);
}

static void test_remove(void **state)
{
	struct lk_due *due = *state;
	put(due, "cn=a", "1", 10);
	put(due, "cn=a", "2", 11);
	put(due, "cn=b", "1", 12);
	take_away(due, "cn=a", "3");
	take_away(due, "cn=A", "1");
	take_away(due, "cn=a", "1");
	assert_int_equal(lk_due_count(due), 2);
	expect_take(due, 20, 60, 1, "cn=a/2");
	take_away(due, "cn=a", "2"); /* leased */
	expect_take(due, 100, 60, MANY, "cn=b/1");
	take_away(due, "cn=b", "1");
	assert_int_equal(lk_due_count(due), 0);
	expect_take(due, 1000, 60, MANY, "");
}

static void test_copies_what_it_keeps(void **state)
{
	struct lk_due *due = *state;
	char holder[] = "cn=a", id[LK_ID_TEXT + 1] = "1";
	put(due, holder, id, 10);
	memset(holder, 'x', sizeof holder - 1);
	id[0] = 'x';
	expect_take(due, 10, 60, MANY, "cn=a/1");
}

static void test_odd_names(void **state)
{
	struct lk_due *due = *state;
	struct berval empty = {0, NULL}, dn = text("cn=a");
	char longest[LK_ID_TEXT + 2];
	memset(longest, 'f', sizeof longest);
	longest[LK_ID_TEXT + 1] = '\0';
	assert_false(lk_due_put(due, &dn, longest, 10));
	longest[LK_ID_TEXT] = '\0';
	assert_true(lk_due_put(due, &dn, longest, 10));
	assert_true(lk_due_put(due, &empty, "", 10));
	assert_true(lk_due_put(due, &empty, "", 10));
	assert_int_equal(lk_due_count(due), 2);
	lk_due_remove(due, &empty, "");
	expect_take(due, 10, 60, MANY, "cn=a/ffffffffffffffffffffffffffffffff");
}

/* The model: an array that is searched from end to end. */
#define MODEL 40
struct model {
	bool present;
	time_t due;
	time_t leased_until;
};

static size_t take_from_model(struct model *model, time_t now, time_t lease, size_t most, time_t *ret_dues)
{
	size_t taken = 0;
	for (; taken < most; taken++) {
		struct model *best = NULL;
		for (size_t i = 0; i < MODEL; i++) {
			if (!model[i].present || model[i].due > now || model[i].leased_until > now)
				continue;
			if (best == NULL || model[i].due < best->due)
				best = &model[i];
		}
		if (best == NULL)
			break;
		best->leased_until = now + lease;
		ret_dues[taken] = best->due;
	}
	return taken;
}

/* Items that are due at one time may come in another order than the model's, so times are made unique. */
static void compare_take(struct lk_due *due, struct model *model, time_t now, time_t lease, size_t most)
{
	struct lk_due_item items[MODEL];
	time_t dues[MODEL];
	size_t count = take_from_model(model, now, lease, most, dues);
	assert_int_equal(lk_due_take(due, now, lease, most, items), count);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(items[i].due, dues[i]);
		free(items[i].holder.bv_val);
	}
}

static void compare_put(struct lk_due *due, struct model *model, size_t which, time_t when)
{
	char holder[16];
	snprintf(holder, sizeof holder, "cn=%zu", which % 7);
	char id[16];
	snprintf(id, sizeof id, "%zu", which);
	put(due, holder, id, when);
	if (!model[which].present || model[which].due != when)
		model[which] = (struct model){true, when, 0};
}

static void compare_remove(struct lk_due *due, struct model *model, size_t which)
{
	char holder[16];
	snprintf(holder, sizeof holder, "cn=%zu", which % 7);
	char id[16];
	snprintf(id, sizeof id, "%zu", which);
	take_away(due, holder, id);
	model[which].present = false;
}

static void test_like_the_model(void **state)
{
	struct lk_due *due = *state;
	struct model model[MODEL] = {{false, 0, 0}};
	unsigned seed = 20261121;
	for (time_t step = 0; step < 60000; step++) {
		size_t which = (size_t)rand_r(&seed) % MODEL, present = 0;
		int what = rand_r(&seed) % 10;
		if (what < 5)
			compare_put(due, model, which, step * MODEL / 4 + rand_r(&seed) % 200 * MODEL + (time_t)which);
		else if (what < 6)
			compare_remove(due, model, which);
		else
			compare_take(due, model, step * MODEL / 4, 1 + rand_r(&seed) % 3000, (size_t)rand_r(&seed) % 6);
		for (size_t i = 0; i < MODEL; i++)
			present += model[i].present;
		assert_int_equal(lk_due_count(due), present);
	}
}

/* With a scan for each take this would last for hours. */
static void test_hundred_thousand(void **state)
{
	enum { COUNT = 100000, AT_ONCE = 50 };
	struct lk_due *due = *state;
	char holder[64], id[LK_ID_TEXT + 1];
	for (int i = 0; i < COUNT; i++) {
		snprintf(holder, sizeof holder, "uid=user%d,ou=people,dc=example,dc=com", i);
		snprintf(id, sizeof id, "%032x", i);
		put(due, holder, id, 1 + (time_t)i * 7919 % COUNT);
	}
	assert_int_equal(lk_due_count(due), COUNT);
	for (int i = 0; i < COUNT; i++)
		expect_take(due, 0, 60, MANY, "");
	struct lk_due_item items[AT_ONCE];
	time_t last = 0;
	for (int taken = 0; taken < COUNT; taken += AT_ONCE) {
		assert_int_equal(lk_due_take(due, COUNT, 60, AT_ONCE, items), AT_ONCE);
		for (int i = 0; i < AT_ONCE; i++) {
			assert_true(items[i].due > last);
			last = items[i].due;
			if (i % 2 == 0)
				lk_due_remove(due, &items[i].holder, items[i].id);
			free(items[i].holder.bv_val);
		}
	}
	assert_int_equal(lk_due_count(due), COUNT / 2);
	expect_take(due, COUNT + 59, 60, MANY, "");
}

static void test_who_has_any(void **state)
{
	static const struct berval tree = {4, "dc=x"}, unit = {9, "ou=a,dc=x"}, other = {9, "ou=b,dc=x"},
							   similar = {6, "a,dc=x"};
	struct berval holder = {15, "uid=k,ou=a,dc=x"};
	struct lk_due *due = *state;

	assert_false(lk_due_has_within(due, &tree));
	assert_true(lk_due_put(due, &holder, "1", 10));
	assert_true(lk_due_has(due, &holder, "1"));
	assert_false(lk_due_has(due, &holder, "2"));
	assert_false(lk_due_has(due, &unit, "1"));
	assert_true(lk_due_has_within(due, &tree) && lk_due_has_within(due, &unit) && lk_due_has_within(due, &holder));
	assert_false(lk_due_has_within(due, &other) || lk_due_has_within(due, &similar));
	lk_due_remove(due, &holder, "1");
	assert_false(lk_due_has(due, &holder, "1") || lk_due_has_within(due, &tree));
}

/* Those that there was no room for are looked for when all others have been taken. */
static void test_no_more_than_a_few_are_kept(void **state)
{
	struct lk_due *due = lk_due_new(3);
	(void)state;
	for (int i = 5; i > 0; i--) {
		char id[] = {(char)('0' + i), '\0'};
		put(due, "cn=a", id, 10 * i);
	}
	assert_int_equal(lk_due_count(due), 5);
	assert_true(
		lk_due_has(due, &(struct berval){4, "cn=a"}, "3") && !lk_due_has(due, &(struct berval){4, "cn=a"}, "4"));
	assert_false(lk_due_is_wanting(due, 39));
	assert_false(lk_due_is_wanting(due, 50)); /* first come those that are known */
	expect_take(due, 50, 60, MANY, "cn=a/1 cn=a/2 cn=a/3");
	assert_true(lk_due_is_wanting(due, 50));
	assert_false(lk_due_is_wanting(due, 39));
	lk_due_begin(due);
	put(due, "cn=a", "5", 50);
	put(due, "cn=a", "4", 40);
	lk_due_end(due, true);
	assert_int_equal(lk_due_count(due), 5);
	assert_false(lk_due_is_wanting(due, 39));
	expect_take(due, 50, 60, MANY, "cn=a/4 cn=a/5");
	assert_false(lk_due_is_wanting(due, 50));
	lk_due_free(due);
}

/* Leases that end bring back more than there is room for. */
static void test_leases_that_end_make_way_too(void **state)
{
	struct lk_due *due = lk_due_new(2);
	(void)state;
	put(due, "cn=a", "1", 10);
	put(due, "cn=a", "2", 20);
	expect_take(due, 20, 60, MANY, "cn=a/1 cn=a/2");
	put(due, "cn=a", "3", 5);
	put(due, "cn=a", "4", 30);
	expect_take(due, 80, 60, MANY, "cn=a/3 cn=a/1");
	assert_int_equal(lk_due_count(due), 4);
	assert_true(lk_due_is_wanting(due, 80));
	lk_due_free(due);
}

/* It ends where there is room for nothing else that is due; the rest may be due at any time. */
static void test_looking_ends_where_enough_was_found(void **state)
{
	struct lk_due *due = lk_due_new(2);
	(void)state;
	for (int i = 1; i <= 4; i++) {
		char id[] = {(char)('0' + i), '\0'};
		put(due, "cn=a", id, 10);
	}
	expect_take(due, 10, 60, MANY, "cn=a/1 cn=a/2");
	assert_true(lk_due_is_wanting(due, 10));
	lk_due_begin(due);
	put(due, "cn=a", "3", 10);
	assert_false(lk_due_is_full(due, 10));
	put(due, "cn=a", "4", 11);
	assert_false(lk_due_is_full(due, 10));
	assert_true(lk_due_is_full(due, 11));
	lk_due_end(due, false);
	assert_int_equal(lk_due_count(due), 4);
	expect_take(due, 10, 60, MANY, "cn=a/3");
	assert_true(lk_due_is_wanting(due, 10));
	lk_due_free(due);
}

static void look_for_all(struct lk_due *due, const bool *waits, size_t count, time_t now)
{
	size_t i = 0;
	lk_due_begin(due);
	while (i < count && !lk_due_is_full(due, now)) {
		char id[16];
		snprintf(id, sizeof id, "%zu", i);
		if (waits[i] && !lk_due_has(due, &(struct berval){4, "cn=a"}, id))
			put(due, "cn=a", id, 1 + (time_t)(i * 7919 % count));
		i++;
	}
	lk_due_end(due, i == count);
}

/* Whatever there was room for, each is taken once, and none before it is due. */
static void test_with_little_room_none_is_lost_and_none_comes_twice(void **state)
{
	enum { COUNT = 3000, ROOM = 16, AT_ONCE = 5 };
	struct lk_due *due = lk_due_new(ROOM);
	static bool waits[COUNT];
	struct lk_due_item items[AT_ONCE];
	size_t left = COUNT;
	(void)state;
	for (size_t i = 0; i < COUNT; i++)
		waits[i] = true;
	look_for_all(due, waits, COUNT, 0);
	for (time_t now = 0; now <= 2 * COUNT; now += 2) {
		if (lk_due_is_wanting(due, now))
			look_for_all(due, waits, COUNT, now);
		size_t count = lk_due_take(due, now, 60, AT_ONCE, items);
		for (size_t i = 0; i < count; i++) {
			size_t which = (size_t)atol(items[i].id);
			assert_true(waits[which] && items[i].due <= now);
			waits[which] = false;
			left--;
			lk_due_remove(due, &items[i].holder, items[i].id);
			free(items[i].holder.bv_val);
		}
	}
	assert_int_equal(left, 0);
	assert_int_equal(lk_due_count(due), 0);
	lk_due_free(due);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_nothing),
		TEST(test_longest_due_first),
		TEST(test_leases_end),
		TEST(test_put_again),
		TEST(test_remove),
		TEST(test_copies_what_it_keeps),
		TEST(test_odd_names),
		TEST(test_who_has_any),
		cmocka_unit_test(test_no_more_than_a_few_are_kept),
		cmocka_unit_test(test_leases_that_end_make_way_too),
		cmocka_unit_test(test_looking_ends_where_enough_was_found),
		cmocka_unit_test(test_with_little_room_none_is_lost_and_none_comes_twice),
		TEST(test_like_the_model),
		TEST(test_hundred_thousand),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
