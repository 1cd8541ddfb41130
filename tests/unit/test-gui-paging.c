/* How the search of a list of users goes on: what is asked for next, and what is in order. */
#include "support.h"

#include "people.h"
#include "user-paging.h"

/* A page of COUNT people, those of the greatest names first. COOKIE: there are more. */
static struct lk_list_page make_page(guint count, const char *cookie)
{
	struct lk_list_page page = {.people = make_array(), .generation = 7};

	for (guint i = count; i > 0; i--) {
		char name[16];
		g_snprintf(name, sizeof name, "%05u", i);
		g_ptr_array_add(page.people, make_person(name));
	}
	page.cookie = (struct berval){strlen(cookie), g_strdup(cookie)};
	return page;
}

static void take(struct lk_paging *paging, enum lk_page which, guint count, const char *cookie)
{
	struct lk_list_page page = make_page(count, cookie);

	lk_paging_take(paging, which, &page);
	assert_null(page.cookie.bv_val);
	g_ptr_array_unref(page.people);
}

static const struct {
	enum lk_page which;
	guint there;
	bool sorts, has_cookie, complete, lacks_uuids;
	int size;
	guint skip;
	bool only_uuids;
} requests[] = {
	{.which = LK_PAGE_FIRST, .size = 30},
	{.which = LK_PAGE_FIRST, .there = 5000, .has_cookie = true, .size = 30},
	/* One more than is sorted tells whether it is. */
	{.which = LK_PAGE_FIRST, .sorts = true, .size = LK_PAGING_MOST_SORTED + 1},
	{.which = LK_PAGE_NEXT, .there = 30, .has_cookie = true, .size = 50},
	{.which = LK_PAGE_NEXT, .there = 30, .size = 50, .skip = 30},
	{.which = LK_PAGE_NEXT, .there = 209, .has_cookie = true, .size = 50},
	{.which = LK_PAGE_NEXT, .there = 210, .has_cookie = true, .size = 200},
	{.which = LK_PAGE_NEXT, .there = 210, .sorts = true, .has_cookie = true, .size = 200},
	{.which = LK_PAGE_NEXT, .there = 1999, .has_cookie = true, .size = 200},
	{.which = LK_PAGE_NEXT, .there = 2000, .has_cookie = true, .size = 5000, .only_uuids = true},
	{.which = LK_PAGE_NEXT, .there = 2000, .size = 5000, .skip = 2000, .only_uuids = true},
	{.which = LK_PAGE_NEXT, .there = 2000, .has_cookie = true, .lacks_uuids = true, .size = 200},
	{.which = LK_PAGE_ANEW, .there = 10, .size = 50},
	{.which = LK_PAGE_ANEW, .there = 80, .has_cookie = true, .size = 80},
	/* With what may have come since. */
	{.which = LK_PAGE_ANEW, .there = 80, .complete = true, .size = 280},
};

static void test_what_is_asked_for_next(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(requests); i++) {
		struct lk_paging paging = {0};

		lk_paging_search(&paging, "kim", LK_FILTER_BLOCKED, "ou=sales");
		lk_paging_sort(&paging, requests[i].sorts ? "name" : NULL, FALSE);
		paging.tells_uuids = !requests[i].lacks_uuids;
		paging.complete = requests[i].complete;
		paging.generation = 7;
		if (requests[i].has_cookie)
			paging.cookie = (struct berval){1, g_strdup("c")};
		struct lk_list_request request = lk_paging_request(&paging, requests[i].which, requests[i].there);
		char *filter = lk_filter_users("kim", LK_FILTER_BLOCKED);
		bool goes_on = requests[i].which == LK_PAGE_NEXT && requests[i].has_cookie;

		assert_string_equal(request.base, "ou=sales");
		assert_string_equal(request.filter, filter);
		assert_int_equal(request.generation, 7);
		assert_int_equal(request.size, requests[i].size);
		assert_int_equal(request.skip, requests[i].skip);
		assert_int_equal(request.only_uuids, requests[i].only_uuids);
		assert_ptr_equal(request.cookie.bv_val, goes_on ? paging.cookie.bv_val : NULL);
		g_free(filter);
		g_free(request.filter);
		lk_paging_clear(&paging);
	}
}

static const struct {
	enum lk_page which;
	guint count;
	const char *cookie, *column;
	bool descending;
	bool complete, sorted;
	const char *first;
} pages[] = {
	{LK_PAGE_FIRST, 30, "", NULL, false, true, false, "00001"},
	{LK_PAGE_FIRST, 31, "", NULL, false, true, false, "00031"},
	{LK_PAGE_FIRST, 30, "more", NULL, false, false, false, "00030"},
	{LK_PAGE_FIRST, 31, "", "name", false, true, true, "00001"},
	{LK_PAGE_FIRST, 31, "", "name", true, true, true, "00031"},
	{LK_PAGE_FIRST, LK_PAGING_MOST_SORTED, "", "name", false, true, true, "00001"},
	{LK_PAGE_FIRST, LK_PAGING_MOST_SORTED + 1, "", "name", false, true, false, "02001"},
	{LK_PAGE_FIRST, LK_PAGING_MOST_SORTED + 1, "more", "name", false, false, false, "02001"},
	{LK_PAGE_FIRST, 31, "more", "name", false, false, false, "00031"},
	{LK_PAGE_ANEW, 20, "", "name", false, true, true, "00001"},
	{LK_PAGE_NEXT, 20, "", NULL, false, true, false, "00020"},
};

static void test_what_is_all_of_it_is_put_in_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(pages); i++) {
		struct lk_paging paging = {0};
		struct lk_list_page page = make_page(pages[i].count, pages[i].cookie);

		lk_paging_search(&paging, "", LK_FILTER_ALL, NULL);
		lk_paging_sort(&paging, pages[i].column, pages[i].descending);
		lk_paging_take(&paging, pages[i].which, &page);
		assert_int_equal(paging.complete, pages[i].complete);
		assert_int_equal(paging.sorted, pages[i].sorted);
		assert_int_equal(paging.generation, 7);
		assert_string_equal(lk_person_name(page.people->pdata[0]), pages[i].first);
		g_ptr_array_unref(page.people);
		lk_paging_clear(&paging);
	}
}

/* Rows that come behind others say nothing of the order of all. */
static void test_further_pages_leave_the_order_as_it_is(void **state)
{
	struct lk_paging paging = {0};

	(void)state;
	lk_paging_sort(&paging, "name", FALSE);
	take(&paging, LK_PAGE_FIRST, LK_PAGING_MOST_SORTED + 1, "more");
	assert_false(paging.sorted);
	take(&paging, LK_PAGE_NEXT, 10, "");
	assert_true(paging.complete);
	assert_false(paging.sorted);
	assert_false(lk_paging_is_short(&paging, LK_PAGING_MOST_SORTED + 11));
	assert_true(lk_paging_is_short(&paging, 200));
	lk_paging_clear(&paging);
}

static void test_a_cookie_is_lost_with_its_connection(void **state)
{
	GError *lost = g_error_new_literal(LK_ERROR, LDAP_PROTOCOL_ERROR, ""),
		   *unwilling = g_error_new_literal(LK_ERROR, LDAP_UNWILLING_TO_PERFORM, ""),
		   *down = g_error_new_literal(LK_ERROR, LDAP_SERVER_DOWN, "");
	struct lk_paging paging = {0};

	(void)state;
	assert_false(lk_paging_lost_cookie(&paging, lost));
	take(&paging, LK_PAGE_FIRST, 1, "more");
	assert_true(lk_paging_lost_cookie(&paging, lost));
	assert_true(lk_paging_lost_cookie(&paging, unwilling));
	assert_false(lk_paging_lost_cookie(&paging, down));
	assert_false(lk_paging_lost_cookie(&paging, NULL));
	lk_paging_forget_cookie(&paging);
	assert_false(lk_paging_lost_cookie(&paging, lost));
	g_error_free(lost);
	g_error_free(unwilling);
	g_error_free(down);
}

static void test_who_tells_no_uuid_is_noticed(void **state)
{
	guint8 octets[2 * LK_UUID_SIZE] = {[0] = 1, [LK_UUID_SIZE] = 1};
	struct lk_list_page page = {0};

	(void)state;
	assert_false(lk_paging_lacks_uuids(&page));
	page.uuids = g_byte_array_new();
	g_byte_array_append(page.uuids, octets, sizeof octets);
	assert_false(lk_paging_lacks_uuids(&page));
	page.uuids->data[LK_UUID_SIZE] = 0;
	assert_true(lk_paging_lacks_uuids(&page));
	g_byte_array_unref(page.uuids);
}

static void test_the_same_search_is_known(void **state)
{
	struct lk_paging paging = {0};

	(void)state;
	assert_false(lk_paging_is_for(&paging, "", LK_FILTER_ALL, NULL));
	lk_paging_search(&paging, "kim", LK_FILTER_ALL, NULL);
	paging.tells_uuids = FALSE;
	paging.complete = TRUE;
	assert_true(lk_paging_is_for(&paging, "kim", LK_FILTER_ALL, NULL));
	assert_false(lk_paging_is_for(&paging, "kim", LK_FILTER_BLOCKED, NULL));
	assert_false(lk_paging_is_for(&paging, "kim", LK_FILTER_ALL, "ou=sales"));
	lk_paging_search(&paging, paging.typed, LK_FILTER_ALL, "ou=sales");
	assert_true(lk_paging_is_for(&paging, "kim", LK_FILTER_ALL, "ou=sales"));
	assert_true(paging.tells_uuids);
	assert_false(paging.complete);
	assert_true(lk_paging_sort(&paging, "mail", FALSE));
	assert_false(lk_paging_sort(&paging, "mail", FALSE));
	assert_true(lk_paging_sort(&paging, "mail", TRUE));
	assert_true(lk_paging_sort(&paging, NULL, TRUE));
	lk_paging_clear(&paging);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_asked_for_next),
		cmocka_unit_test(test_what_is_all_of_it_is_put_in_order),
		cmocka_unit_test(test_further_pages_leave_the_order_as_it_is),
		cmocka_unit_test(test_a_cookie_is_lost_with_its_connection),
		cmocka_unit_test(test_who_tells_no_uuid_is_noticed),
		cmocka_unit_test(test_the_same_search_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
