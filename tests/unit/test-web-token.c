/* The tokens of forms: good for the browser, the page, the server and the time that they were made for, and
 * unreadable. */
#include "support.h"

#include <sodium.h>
#include <string.h>

#include "token.h"

#define NOW ((time_t)1795237320)

static unsigned char key[LK_WEB_KEY_BYTES], visitor[LK_WEB_VISITOR_BYTES];

static void make(const char *user, enum lk_web_page_name page, char ret_text[LK_WEB_TOKEN_TEXT_MAX + 1])
{
	struct lk_web_token token = {.page = page, .outcome = 0x82, .expires = NOW + 60};

	strcpy(token.user, user);
	lk_web_token_seal(key, visitor, &token, ret_text);
}

static void test_what_was_sealed_comes_back(void **state)
{
	char text[LK_WEB_TOKEN_TEXT_MAX + 1], longest[LK_WEB_USER_MAX + 1];
	struct lk_web_token token;

	(void)state;
	memset(longest, 'x', LK_WEB_USER_MAX);
	longest[LK_WEB_USER_MAX] = '\0';
	const char *users[] = {"", "kim", KIM_NFC, longest};
	for (size_t i = 0; i < COUNT(users); i++) {
		make(users[i], LK_WEB_PAGE_CODE, text);
		assert_int_equal(lk_web_token_open(key, visitor, LK_WEB_PAGE_CODE, NOW, text, &token), LK_WEB_TOKEN_GOOD);
		assert_string_equal(token.user, users[i]);
		assert_int_equal(token.outcome, 0x82);
		assert_int_equal(token.expires, NOW + 60);
		assert_int_equal(text[strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")], '\0');
	}
}

static void test_it_is_bound(void **state)
{
	unsigned char other[LK_WEB_KEY_BYTES] = {1};
	char text[LK_WEB_TOKEN_TEXT_MAX + 1];
	struct lk_web_token token = {.user = "untouched"};

	(void)state;
	make("kim", LK_WEB_PAGE_CODE, text);
	assert_int_equal(lk_web_token_open(other, visitor, LK_WEB_PAGE_CODE, NOW, text, &token), LK_WEB_TOKEN_FOREIGN);
	assert_int_equal(lk_web_token_open(key, other, LK_WEB_PAGE_CODE, NOW, text, &token), LK_WEB_TOKEN_FOREIGN);
	for (enum lk_web_page_name page = LK_WEB_PAGE_START; page <= LK_WEB_PAGE_DONE; page++)
		if (page != LK_WEB_PAGE_CODE)
			assert_int_equal(lk_web_token_open(key, visitor, page, NOW, text, &token), LK_WEB_TOKEN_FOREIGN);
	assert_int_equal(lk_web_token_open(key, visitor, LK_WEB_PAGE_CODE, NOW + 59, text, &token), LK_WEB_TOKEN_GOOD);
	strcpy(token.user, "untouched");
	assert_int_equal(lk_web_token_open(key, visitor, LK_WEB_PAGE_CODE, NOW + 60, text, &token), LK_WEB_TOKEN_OLD);
	assert_int_equal(lk_web_token_open(key, visitor, LK_WEB_PAGE_CODE, NOW, NULL, &token), LK_WEB_TOKEN_FOREIGN);
	assert_string_equal(token.user, "untouched");
}

static void try_damaged(const struct berval *damaged, void *data)
{
	char text[256] = {0};
	struct lk_web_token token;

	(void)data;
	memcpy(text, damaged->bv_val, damaged->bv_len);
	/* A NUL ends the text; the whole one in front of it is no damage. */
	if (strlen(text) == damaged->bv_len)
		assert_int_equal(lk_web_token_open(key, visitor, LK_WEB_PAGE_CODE, NOW, text, &token), LK_WEB_TOKEN_FOREIGN);
}

static void test_damaged_tokens(void **state)
{
	char text[LK_WEB_TOKEN_TEXT_MAX + 1];

	(void)state;
	make("kim", LK_WEB_PAGE_CODE, text);
	struct berval whole = text_bv(text);
	for_each_damage(&whole, try_damaged, NULL);
}

static void test_nobody_reads_it_and_no_two_are_the_same(void **state)
{
	char one[LK_WEB_TOKEN_TEXT_MAX + 1], two[LK_WEB_TOKEN_TEXT_MAX + 1];

	(void)state;
	make("kimkimkimkim", LK_WEB_PAGE_CODE, one);
	make("kimkimkimkim", LK_WEB_PAGE_CODE, two);
	assert_string_not_equal(one, two);
	assert_null(strstr(one, "a2lta2lta2lt"));
}

static int start(void **state)
{
	(void)state;
	return sodium_init() < 0 ? -1 : 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_was_sealed_comes_back),
		cmocka_unit_test(test_it_is_bound),
		cmocka_unit_test(test_damaged_tokens),
		cmocka_unit_test(test_nobody_reads_it_and_no_two_are_the_same),
	};
	return cmocka_run_group_tests(tests, start, NULL);
}
