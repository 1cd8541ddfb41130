/* Temporary passwords: how they are made, and how they are stored. */
#include "support.h"

#include <string.h>

#include "error.h"
#include "password.h"

#define SMALL "abcdefghjkmnpqrstuvwxyz"
#define CAPITAL "ABCDEFGHJKMNPQRSTUVWXYZ"
#define DIGIT "23456789"

static void assert_password(const char *password, size_t length)
{
	size_t text = length + (length - 1) / 4;

	assert_int_equal(strlen(password), text);
	for (size_t at = 0; at < text; at++)
		assert_true(at % 5 == 4 ? password[at] == '-' : strchr(SMALL CAPITAL DIGIT, password[at]) != NULL);
	assert_non_null(strpbrk(password, SMALL));
	assert_non_null(strpbrk(password, CAPITAL));
	assert_non_null(strpbrk(password, DIGIT));
}

static void test_passwords_of_every_length(void **state)
{
	(void)state;
	for (size_t length = 0; length <= 100; length++) {
		size_t nearest = length < 12 ? 12 : length > 64 ? 64 : length;

		for (int i = 0; i < 50; i++) {
			char password[LK_PASSWORD_TEXT(LK_PASSWORD_LENGTH_MAX) + 1];

			lk_password_generate(length, password);
			assert_password(password, nearest);
		}
	}
}

/* All places alike, and within a class all characters alike. With 64 characters a draw without a digit is so rare
 * (3 in 100 000) that what the rule of classes does to the counts cannot be seen: 40 000 * 64 / 54 = 47 407 of each,
 * with a deviation of 216. */
static void test_characters_are_equally_likely(void **state)
{
	static unsigned counts[128];

	(void)state;
	for (int i = 0; i < 40000; i++) {
		char password[LK_PASSWORD_TEXT(LK_PASSWORD_LENGTH_MAX) + 1];

		lk_password_generate(LK_PASSWORD_LENGTH_MAX, password);
		for (const char *at = password; *at != '\0'; at++)
			counts[(unsigned char)*at]++;
	}
	for (const char *at = SMALL CAPITAL DIGIT; *at != '\0'; at++)
		assert_in_range(counts[(unsigned char)*at], 47407 - 8 * 216, 47407 + 8 * 216);
}

static void test_no_place_is_preferred_for_a_class(void **state)
{
	unsigned digits[16] = {0};

	(void)state;
	for (int i = 0; i < 20000; i++) {
		char password[LK_PASSWORD_TEXT(LK_PASSWORD_LENGTH_MAX) + 1];

		lk_password_generate(16, password);
		for (size_t at = 0; at < 16; at++)
			digits[at] += strchr(DIGIT, password[at + at / 4]) != NULL;
	}
	/* 8 of 54, given that there is one at all: 0.163 of 20 000, with a deviation of 52. */
	for (size_t at = 0; at < COUNT(digits); at++)
		assert_in_range(digits[at], 3250 - 8 * 52, 3250 + 8 * 52);
}

static const struct {
	struct berval value;
	time_t expires;
	struct berval hash;
} stored[] = {
	{BV("{LATCHKEY-TEMP}20261122050200Z{SSHA}abc="), 1795323720, BV("{SSHA}abc=")},
	{BV("{latchkey-temp}20261122050200Z{SSHA}abc="), 1795323720, BV("{SSHA}abc=")},
	{BV("20261122050200Z{ARGON2}$argon2id$v=19$m=7168"), 1795323720, BV("{ARGON2}$argon2id$v=19$m=7168")},
	{BV("20261122050200Z{CRYPT}$6$\xff\x00"), 1795323720, BV("{CRYPT}$6$\xff\x00")},
};

static void test_stored_passwords_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(stored); i++) {
		struct berval hash;
		time_t expires;

		assert_int_equal(lk_temporary_parse(&stored[i].value, &expires, &hash), LK_OK);
		assert_int_equal(expires, stored[i].expires);
		assert_bv_equal(&hash, &stored[i].hash);
	}
}

static void test_stored_passwords_are_written(void **state)
{
	struct berval value;

	(void)state;
	assert_int_equal(lk_temporary_format(&stored[0].hash, stored[0].expires, &value), LK_OK);
	assert_string_equal(value.bv_val, stored[0].value.bv_val);
	assert_int_equal(value.bv_len, stored[0].value.bv_len);
	ber_memfree(value.bv_val);
}

static void test_random_hashes_come_back(void **state)
{
	(void)state;
	for (int i = 0; i < 2000; i++) {
		char octets[256] = "{SSHA}";
		struct berval plain = {6 + draw(250), octets}, value, hash;
		time_t when = (time_t)draw(UINT32_MAX), expires;

		for (size_t at = 6; at < plain.bv_len; at++)
			octets[at] = (char)draw(256);
		assert_int_equal(lk_temporary_format(&plain, when, &value), LK_OK);
		assert_int_equal(lk_temporary_parse(&value, &expires, &hash), LK_OK);
		assert_int_equal(expires, when);
		assert_bv_equal(&hash, &plain);
		ber_memfree(value.bv_val);
	}
}

static void test_nothing_else_is_a_stored_password(void **state)
{
	static const struct berval wrong[] = {
		NONE,
		BV("{LATCHKEY-TEMP}"),
		BV("{LATCHKEY-TEMP}20261122050200Z"),
		BV("{LATCHKEY-TEMP}20261122050200Z{"),
		BV("{LATCHKEY-TEMP}20261122050200Zclear"),
		BV("{LATCHKEY-TEMP}20261122050200{SSHA}abc="),
		BV("{LATCHKEY-TEMP}20261322050200Z{SSHA}abc="),
		BV("{LATCHKEY-TEMP} 20261122050200Z{SSHA}abc="),
		BV("{LATCHKEY-TEMP}20261122050200Z{LATCHKEY-TEMP}20271122050200Z{SSHA}abc="),
		BV("20261122050200Z{latchkey-TEMP}20271122050200Z{SSHA}abc="),
		BV("{SSHA}abc="),
		BV("2026112205020"),
	};
	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++) {
		struct berval hash = BV("untouched");
		time_t expires = 42;

		assert_int_equal(lk_temporary_parse(&wrong[i], &expires, &hash), LK_ERR_MALFORMED);
		assert_int_equal(expires, 42);
		assert_bv_equal(&hash, &BV("untouched"));
	}
}

static void test_a_password_in_the_clear_is_not_stored(void **state)
{
	struct berval value = NONE;

	(void)state;
	assert_int_equal(lk_temporary_format(&BV("secret"), 1, &value), LK_ERR_MALFORMED);
	assert_int_equal(lk_temporary_format(&NONE, 1, &value), LK_ERR_MALFORMED);
	assert_int_equal(lk_temporary_format(&stored[0].value, 1, &value), LK_ERR_MALFORMED);
	assert_null(value.bv_val);
}

static void read_stored(const struct berval *damaged, void *data)
{
	struct berval hash;
	time_t expires;

	(void)data;
	if (lk_temporary_parse(damaged, &expires, &hash) == LK_OK)
		assert_true(hash.bv_val + hash.bv_len == damaged->bv_val + damaged->bv_len);
}

static void test_no_damage_to_a_stored_password_does_harm(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(stored); i++)
		for_each_damage(&stored[i].value, read_stored, NULL);
}

static int set_up(void **state)
{
	(void)state;
	return lk_protocol_init();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_passwords_of_every_length),
		cmocka_unit_test(test_characters_are_equally_likely),
		cmocka_unit_test(test_no_place_is_preferred_for_a_class),
		cmocka_unit_test(test_stored_passwords_are_read),
		cmocka_unit_test(test_stored_passwords_are_written),
		cmocka_unit_test(test_random_hashes_come_back),
		cmocka_unit_test(test_nothing_else_is_a_stored_password),
		cmocka_unit_test(test_a_password_in_the_clear_is_not_stored),
		cmocka_unit_test(test_no_damage_to_a_stored_password_does_harm),
	};
	return cmocka_run_group_tests(tests, set_up, NULL);
}
