/* The rows of a list of users: which people are held, which are read again, how rows go and come, and who is meant. */
#include "support.h"

#include "people.h"
#include "user-meant.h"
#include "user-rows.h"

static struct lk_person *make_nth(guint number)
{
	struct lk_person *person = make_person("");

	g_free(person->department);
	person->department = g_strdup_printf("%u", number);
	memcpy(person->uuid + 4, &number, sizeof number);
	return person;
}

/* NUMBERS are ended by 0. */
static GPtrArray *make_people(const guint *numbers)
{
	GPtrArray *people = make_array();

	for (; *numbers != 0; numbers++)
		g_ptr_array_add(people, make_nth(*numbers));
	return people;
}

static struct lk_rows *make_rows(guint count)
{
	struct lk_rows *rows = lk_rows_new();
	GPtrArray *people = make_array();

	for (guint i = 1; i <= count; i++)
		g_ptr_array_add(people, make_nth(i));
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

static void test_what_is_not_read_is_found_by_its_uuid(void **state)
{
	const unsigned char uuids[3 * LK_UUID_SIZE] = {[0] = 1, [LK_UUID_SIZE] = 2, [2 * LK_UUID_SIZE] = 3};
	struct lk_rows *rows = make_rows(2);

	(void)state;
	lk_rows_append_unread(rows, uuids, 3);
	assert_int_equal(lk_rows_count(rows), 5);
	assert_int_equal(count_held(rows), 2);
	LkUser *user = g_object_ref(lk_rows_get(rows, 3));
	assert_memory_equal(lk_user_get_uuid(user), uuids + LK_UUID_SIZE, LK_UUID_SIZE);
	GPtrArray *wanted = lk_rows_wanted(rows);
	assert_int_equal(wanted->len, 3);
	g_ptr_array_unref(wanted);
	g_object_unref(user);
	lk_rows_free(rows);
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
	lk_user_take_person(low, make_nth(5002));
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

static const struct {
	const char *typed;
	guint place;
} meant[] = {{"kim", 1}, {" KIM\t", 1}, {"kim2", 0}, {"ki", 0}, {"kimberly", 2}, {"", 0}, {"uid=somebody", 0}};

static void add_user(GListStore *users, const char *login)
{
	LkUser *user = lk_user_new();
	struct lk_person *person = make_person("kim");

	person->account->login = login == NULL ? NULL : strdup(login);
	lk_user_take_person(user, person);
	g_list_store_append(users, user);
	g_object_unref(user);
}

/* Who types a user name means that user, and nobody whose name only begins like it. */
static void test_who_is_meant(void **state)
{
	GListStore *users = g_list_store_new(LK_TYPE_USER);
	LkUser *unread = lk_user_new();

	(void)state;
	assert_int_equal(lk_user_meant(G_LIST_MODEL(users), "kim"), 0);
	add_user(users, NULL);
	add_user(users, "Kim");
	add_user(users, "kimberly");
	g_list_store_append(users, unread);
	for (size_t i = 0; i < COUNT(meant); i++)
		assert_int_equal(lk_user_meant(G_LIST_MODEL(users), meant[i].typed), meant[i].place);
	g_object_unref(unread);
	g_object_unref(users);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_not_read_is_found_by_its_uuid),
		cmocka_unit_test(test_little_is_held_of_many),
		cmocka_unit_test(test_what_is_looked_at_is_kept),
		cmocka_unit_test(test_who_cannot_be_found_again_is_kept),
		cmocka_unit_test(test_what_is_looked_at_is_wanted_the_last_first),
		cmocka_unit_test(test_rows_that_stay_are_left_alone),
		cmocka_unit_test(test_who_is_meant),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
