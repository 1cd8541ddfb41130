/* The order of people in a sorted list: by what a column shows, with who has nothing there at the end. */
#include "support.h"

#include <locale.h>

#include "people.h"
#include "person-order.h"

static struct lk_person *make_one(const char *name, const char *department, time_t last_sign_in)
{
	struct lk_person *person = make_person(name);

	g_free(person->department);
	person->department = g_strdup(department);
	person->last_sign_in = last_sign_in;
	return person;
}

static GPtrArray *make_people(void)
{
	GPtrArray *people = make_array();

	g_ptr_array_add(people, make_one("하나", "Sales", 0));
	g_ptr_array_add(people, make_one("가나", "", 20));
	g_ptr_array_add(people, make_one("Dana", "Accounts", 30));
	g_ptr_array_add(people, make_one("나라", "Sales", 10));
	g_ptr_array_add(people, make_one("\xff", "Sales", 10));
	return people;
}

static void assert_order(const char *column, bool descending, const char *const *names)
{
	GPtrArray *people = make_people();

	((struct lk_person *)people->pdata[0])->role = LK_ROLE_OF_AUDITOR;
	((struct lk_person *)people->pdata[3])->role = LK_ROLE_OF_GLOBAL_ADMIN;
	lk_person_sort(people, column, descending);
	for (guint i = 0; i < people->len; i++)
		assert_string_equal(lk_person_name(people->pdata[i]), names[i]);
	g_ptr_array_unref(people);
}

static void test_names_are_in_the_order_of_the_alphabet(void **state)
{
	(void)state;
	assert_order("name", false, (const char *const[]){"Dana", "가나", "나라", "하나", "\xff"});
	assert_order("name", true, (const char *const[]){"\xff", "하나", "나라", "가나", "Dana"});
}

static void test_who_has_nothing_is_last_either_way(void **state)
{
	(void)state;
	assert_order("department", false, (const char *const[]){"Dana", "나라", "하나", "\xff", "가나"});
	assert_order("department", true, (const char *const[]){"나라", "하나", "\xff", "Dana", "가나"});
	assert_order("last-sign-in", false, (const char *const[]){"나라", "\xff", "가나", "Dana", "하나"});
	assert_order("last-sign-in", true, (const char *const[]){"Dana", "가나", "나라", "\xff", "하나"});
	assert_order("role", false, (const char *const[]){"나라", "하나", "Dana", "가나", "\xff"});
	assert_order("role", true, (const char *const[]){"하나", "나라", "Dana", "가나", "\xff"});
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_are_in_the_order_of_the_alphabet),
		cmocka_unit_test(test_who_has_nothing_is_last_either_way),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
