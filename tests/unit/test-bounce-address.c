/* The sender on the envelope of a mail: who has no key can neither read nor make one. */
#include "support.h"

#include <ctype.h>
#include <string.h>

#include "bounce-address.h"
#include "error.h"

static const unsigned char key[LK_KEY_BYTES] = {7};
static const struct lk_sending sending = {
	{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, {0, 1, 2, 3, 4, 5, 6, 7}, 0};
/* Computed apart, with Python's hashlib, from the definition. */
static const char vector[] = "gj000fn8eg7sdg9mab0pe7xaz32qqv3srkyafc7227pag7qtb7c3e66t";

static struct berval text_of(const char *text)
{
	return (struct berval){strlen(text), (char *)text};
}

static void test_the_vector(void **state)
{
	struct berval text = text_of(vector);
	char token[LK_BOUNCE_TEXT + 1];
	struct lk_sending again;

	(void)state;
	lk_bounce_address_format(&sending, key, token);
	assert_string_equal(token, vector);
	assert_int_equal(lk_bounce_address_parse(&text, key, &again), LK_OK);
	assert_memory_equal(&again, &sending, sizeof(sending));
}

static void test_capitals_are_the_same(void **state)
{
	char token[] = "gj000fn8eg7sdg9mab0pe7xaz32qqv3srkyafc7227pag7qtb7c3e66t";
	struct berval text = text_of(token);
	struct lk_sending again;

	(void)state;
	for (char *at = token; *at; at++)
		*at = (char)toupper((unsigned char)*at);
	assert_int_equal(lk_bounce_address_parse(&text, key, &again), LK_OK);
	assert_memory_equal(&again, &sending, sizeof(sending));
}

static void test_not_one_symbol_can_be_another(void **state)
{
	char token[] = "gj000fn8eg7sdg9mab0pe7xaz32qqv3srkyafc7227pag7qtb7c3e66t";
	struct berval text = text_of(token);
	struct lk_sending again = {.attempt = 42};

	(void)state;
	for (size_t i = 0; i < LK_BOUNCE_TEXT; i++) {
		token[i] = vector[i] == '0' ? '1' : '0';
		assert_int_equal(lk_bounce_address_parse(&text, key, &again), LK_ERR_KEY);
		token[i] = vector[i];
	}
	assert_int_equal(again.attempt, 42);
}

static void test_another_key_opens_nothing(void **state)
{
	static const unsigned char other[LK_KEY_BYTES] = {8};
	struct berval text = text_of(vector);
	struct lk_sending again;

	(void)state;
	assert_int_equal(lk_bounce_address_parse(&text, other, &again), LK_ERR_KEY);
}

static void test_what_is_no_token(void **state)
{
	static const char *const wrong[] = {"", "0", "kim", "postmaster",
		"0000000000000000000000000000000000000000000000000000000", /* 55 */
		"000000000000000000000000000000000000000000000000000000000", /* 57 */
		"0000000000000000000000000000000000000000000000000000000u", /* no symbol */
		"0000000000000000000000000000000000000000000000000000000-",
		"0000000000000000000000000000000000000000000000000000000\xC3"};
	struct lk_sending again;

	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++) {
		struct berval text = text_of(wrong[i]);

		assert_int_equal(lk_bounce_address_parse(&text, key, &again), LK_ERR_MALFORMED);
	}
}

/* Of two people, of two messages, of two attempts: no two tokens have a beginning in common. */
static void test_it_tells_nothing(void **state)
{
	struct lk_sending others[] = {sending, sending, sending};
	char token[LK_BOUNCE_TEXT + 1];

	(void)state;
	others[0].entry[15]++;
	others[1].id[7]++;
	others[2].attempt++;
	for (size_t i = 0; i < COUNT(others); i++) {
		size_t same = 0;

		lk_bounce_address_format(&others[i], key, token);
		for (size_t at = 0; at < LK_BOUNCE_TEXT; at++)
			same += token[at] == vector[at];
		assert_true(same < 12); /* 1.75 by chance */
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_vector),
		cmocka_unit_test(test_capitals_are_the_same),
		cmocka_unit_test(test_not_one_symbol_can_be_another),
		cmocka_unit_test(test_another_key_opens_nothing),
		cmocka_unit_test(test_what_is_no_token),
		cmocka_unit_test(test_it_tells_nothing),
	};

	if (lk_protocol_init() != LK_OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
