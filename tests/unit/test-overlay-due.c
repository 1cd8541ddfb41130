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
	*state = lk_due_new();
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
	static const struct berval tree = {4, "dc=x"}, unit = {9, "ou=a,dc=x"}, other = {9, "ou=b,dc=x"}, similar = {6, "a,dc=x"};
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
		TEST(test_like_the_model),
		TEST(test_hundred_thousand),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
