/* The rows of a list of users: which people are held, which are read again, and how rows go and come. */
#include "support.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "user-rows.h"

static struct lk_person *make_person(guint number)
{
	struct lk_person *person = g_new0(struct lk_person, 1);

	person->account = calloc(1, sizeof *person->account);
	person->account->dn = strdup("uid=somebody");
	person->mail = g_strdup("");
	person->department = g_strdup_printf("%u", number);
	person->title = g_strdup("");
	person->number = g_strdup("");
	person->phone = g_strdup("");
	person->language = g_strdup("");
	person->addresses = g_new0(char *, 1);
	person->methods = g_new0(char *, 1);
	memcpy(person->uuid + 4, &number, sizeof number);
	return person;
}

static void free_person(gpointer person)
{
	lk_person_free(person);
}

/* NUMBERS are ended by 0. */
static GPtrArray *make_people(const guint *numbers)
{
	GPtrArray *people = g_ptr_array_new_with_free_func(free_person);

	for (; *numbers != 0; numbers++)
		g_ptr_array_add(people, make_person(*numbers));
	return people;
}

static struct lk_rows *make_rows(guint count)
{
	struct lk_rows *rows = lk_rows_new();
	GPtrArray *people = g_ptr_array_new_with_free_func(free_person);

	for (guint i = 1; i <= count; i++)
		g_ptr_array_add(people, make_person(i));
	lk_rows_append(rows, people);
	g_ptr_array_unref(people);
	return rows;
}

static guint number_at(struct lk_rows *rows, guint position)
{
	const struct lk_person *person = lk_user_get_person(lk_rows_get(rows, position));

	return person == NULL ? 0 : (guint)atoi(person->department);
}

#define MANY (100 * LK_ROWS_CHUNK)

static guint count_held(struct lk_rows *rows)
{
	guint held = 0;

	for (guint i = 0; i < lk_rows_count(rows); i++) {
		LkUser *user = lk_rows_peek(rows, i);
		held += lk_user_get_person(user) != NULL;
		g_object_unref(user);
	}
	return held;
}

static void test_little_is_held_of_many(void **state)
{
	struct lk_rows *rows = make_rows(MANY);

	(void)state;
	assert_int_equal(lk_rows_count(rows), MANY);
	lk_rows_trim(rows);
	assert_true(count_held(rows) <= 20 * LK_ROWS_CHUNK);
	assert_int_equal(number_at(rows, MANY - 1), MANY);
	assert_int_equal(number_at(rows, 0), 0);
	lk_rows_free(rows);
}

static void test_what_is_looked_at_is_kept(void **state)
{
	struct lk_rows *rows = make_rows(MANY);
	LkUser *user = g_object_ref(lk_rows_get(rows, 7));

	(void)state;
	lk_rows_forget(rows);
	assert_ptr_equal(lk_rows_get(rows, 7), user);
	assert_int_equal(number_at(rows, 7), 8);
	assert_int_equal(count_held(rows), 1);
	g_object_unref(user);
	lk_rows_free(rows);
}

static void test_who_cannot_be_found_again_is_kept(void **state)
{
	struct lk_rows *rows = lk_rows_new();
	GPtrArray *people = make_people((const guint[]){1, 2, 0});

	(void)state;
	memset(((struct lk_person *)people->pdata[0])->uuid, 0, LK_UUID_SIZE);
	lk_rows_append(rows, people);
	g_ptr_array_unref(people);
	lk_rows_forget(rows);
	assert_int_equal(count_held(rows), 1);
	assert_int_equal(number_at(rows, 0), 1);
	lk_rows_free(rows);
}

static void test_what_is_looked_at_is_wanted_the_last_first(void **state)
{
	struct lk_rows *rows = make_rows(MANY);

	(void)state;
	lk_rows_forget(rows);
	assert_null(lk_rows_wanted(rows));
	LkUser *high = g_object_ref(lk_rows_get(rows, 250)), *low = g_object_ref(lk_rows_get(rows, 5001));
	GPtrArray *users = lk_rows_wanted(rows);
	assert_int_equal(users->len, LK_ROWS_CHUNK);
	assert_ptr_equal(users->pdata[1], low);
	lk_user_take_person(low, make_person(5002));
	g_ptr_array_unref(users);
	users = lk_rows_wanted(rows);
	assert_ptr_equal(users->pdata[50], high);
	g_object_unref(high);
	g_ptr_array_unref(users);
	assert_null(lk_rows_wanted(rows));
	g_object_unref(low);
	lk_rows_free(rows);
}

#define MOST_STEPS 8

struct steps {
	guint count, position[MOST_STEPS], removed[MOST_STEPS], added[MOST_STEPS];
};

static void step_cb(gpointer data, guint position, guint removed, guint added)
{
	struct steps *steps = data;

	assert_true(steps->count < MOST_STEPS);
	steps->position[steps->count] = position;
	steps->removed[steps->count] = removed;
	steps->added[steps->count++] = added;
}

static const struct {
	const char *name;
	guint before[8], after[8];
	struct steps steps;
} merges[] = {
	{"the same", {1, 2, 3}, {1, 2, 3}, {0}},
	{"one is gone", {1, 2, 3}, {1, 3}, {1, {1}, {1}, {0}}},
	{"one has come at the end", {1, 2}, {1, 2, 3}, {1, {2}, {0}, {1}}},
	{"some have come between", {1, 4}, {1, 2, 3, 4}, {1, {1}, {0}, {2}}},
	{"the first ones are gone, and others have come", {1, 2, 3}, {3, 4, 5}, {2, {0, 1}, {2, 0}, {0, 2}}},
	{"all are gone", {1, 2}, {0}, {1, {0}, {2}, {0}}},
	{"all are others", {1, 2}, {3}, {2, {0, 0}, {2, 0}, {0, 1}}},
	{"another order", {1, 2, 3}, {1, 3, 2}, {2, {1, 1}, {2, 0}, {0, 2}}},
};

static void test_rows_that_stay_are_left_alone(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(merges); i++) {
		struct lk_rows *rows = lk_rows_new();
		GPtrArray *before = make_people(merges[i].before), *after = make_people(merges[i].after);
		struct steps steps = {0};
		guint count = after->len;

		lk_rows_append(rows, before);
		lk_rows_merge(rows, after, step_cb, &steps);
		assert_int_equal(lk_rows_count(rows), count);
		for (guint at = 0; at < count; at++)
			assert_int_equal(number_at(rows, at), merges[i].after[at]);
		assert_memory_equal(&steps, &merges[i].steps, sizeof steps);
		g_ptr_array_unref(before);
		g_ptr_array_unref(after);
		lk_rows_free(rows);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_little_is_held_of_many),
		cmocka_unit_test(test_what_is_looked_at_is_kept),
		cmocka_unit_test(test_who_cannot_be_found_again_is_kept),
		cmocka_unit_test(test_what_is_looked_at_is_wanted_the_last_first),
		cmocka_unit_test(test_rows_that_stay_are_left_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
