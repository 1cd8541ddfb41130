/* One-time passwords: the vectors of RFC 4226 appendix D and RFC 6238 appendix B, the window, and the sealed secret. */
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "totp.h"

#define UUID "5f2b1a9c-0d3e-4f6a-8b7c-1d2e3f405162"

static const unsigned char secret[LK_TOTP_SECRET_BYTES] = {
	'1', '2', '3', '4', '5', '6', '7', '8', '9', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '0'};

static void test_the_values_of_rfc_4226(void **state)
{
	static const uint32_t values[] = {755224, 287082, 359152, 969429, 338314, 254676, 287922, 162583, 399871, 520489};

	(void)state;
	for (size_t i = 0; i < COUNT(values); i++)
		assert_int_equal(lk_hotp(secret, i), values[i]);
}

/* The RFC gives eight digits; six are the last of them. */
static const struct {
	time_t time;
	const char *value;
} moments[] = {{59, "287082"}, {1111111109, "081804"}, {1111111111, "050471"}, {1234567890, "005924"},
	{2000000000, "279037"}, {20000000000, "353130"}};

static void test_the_values_of_rfc_6238(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(moments); i++) {
		struct berval typed = text_bv(moments[i].value);
		unsigned long step = 0;

		assert_true(lk_totp_accepts(secret, &typed, moments[i].time, 0, &step));
		assert_int_equal(step, moments[i].time / LK_TOTP_PERIOD);
	}
}

static void test_a_clock_may_be_wrong_by_one_step(void **state)
{
	const struct berval typed = BV("050471"); /* step 37037037 */
	const time_t begin = (time_t)37037037 * LK_TOTP_PERIOD;
	unsigned long step = 7;

	(void)state;
	assert_false(lk_totp_accepts(secret, &typed, begin - LK_TOTP_PERIOD - 1, 0, &step));
	assert_int_equal(step, 7);
	assert_true(lk_totp_accepts(secret, &typed, begin - LK_TOTP_PERIOD, 0, &step));
	assert_int_equal(step, 37037037);
	assert_true(lk_totp_accepts(secret, &typed, begin + 2 * LK_TOTP_PERIOD - 1, 0, &step));
	assert_false(lk_totp_accepts(secret, &typed, begin + 2 * LK_TOTP_PERIOD, 0, &step));
}

static void test_a_value_works_once(void **state)
{
	const struct berval typed = BV("050471");
	const time_t now = (time_t)37037037 * LK_TOTP_PERIOD;
	unsigned long step;

	(void)state;
	assert_true(lk_totp_accepts(secret, &typed, now, 37037036, &step));
	assert_false(lk_totp_accepts(secret, &typed, now, 37037037, &step));
	assert_false(lk_totp_accepts(secret, &typed, now, 37037038, &step));
}

static void test_the_beginning_of_time(void **state)
{
	const struct berval first = BV("287082");
	unsigned long step;

	(void)state;
	assert_true(lk_totp_accepts(secret, &first, 0, 0, &step));
	assert_true(lk_totp_accepts(secret, &first, -1, 0, &step));
	assert_int_equal(step, 1);
}

static void test_what_is_a_value(void **state)
{
	static const struct berval values[] = {BV("050471"), BV("050 471"), BV(" 0 5 0 4 7 1 ")};
	static const struct berval none[] = {NONE, BV(""), BV("05047"), BV("0504711"), BV("05047a"), BV("-50471"),
		BV("050-471"), BV("05047\0"), BV("٠٥٠٤٧١")};

	(void)state;
	for (size_t i = 0; i < COUNT(values); i++) {
		unsigned long step;

		assert_true(lk_totp_is_value(&values[i]));
		assert_true(lk_totp_accepts(secret, &values[i], 1111111111, 0, &step));
	}
	for (size_t i = 0; i < COUNT(none); i++)
		assert_false(lk_totp_is_value(&none[i]));
}

static void test_a_sealed_secret_opens_with_its_key_for_its_user(void **state)
{
	const unsigned char key[LK_KEY_BYTES] = {1}, other[LK_KEY_BYTES] = {2};
	unsigned char opened[LK_TOTP_SECRET_BYTES] = {0};
	struct lk_stored_totp totp = {.step = 5, .created = 6};

	(void)state;
	lk_totp_seal(secret, key, &BV(UUID), &totp);
	assert_int_equal(totp.step, 5);
	assert_int_equal(lk_totp_open(&totp, other, &BV(UUID), opened), LK_ERR_SEALED);
	assert_int_equal(lk_totp_open(&totp, key, &BV("5f2b1a9c-0d3e-4f6a-8b7c-1d2e3f405163"), opened), LK_ERR_SEALED);
	assert_int_equal(opened[0], 0);
	assert_int_equal(lk_totp_open(&totp, key, &BV(UUID), opened), LK_OK);
	assert_memory_equal(opened, secret, sizeof(secret));
	totp.sealed[3] ^= 1;
	assert_int_equal(lk_totp_open(&totp, key, &BV(UUID), opened), LK_ERR_SEALED);
}

static void test_the_stored_form_comes_back(void **state)
{
	const unsigned char key[LK_KEY_BYTES] = {1};
	struct lk_stored_totp totp = {.step = 37037037, .created = 1111111111}, again;
	struct berval value;

	(void)state;
	lk_totp_seal(secret, key, &BV(UUID), &totp);
	assert_int_equal(lk_stored_totp_format(&totp, &value), LK_OK);
	assert_int_equal(lk_stored_totp_parse(&value, &again), LK_OK);
	assert_memory_equal(&again, &totp, sizeof(totp));
	ber_memfree(value.bv_val);
	totp.created = 0;
	assert_int_equal(lk_stored_totp_format(&totp, &value), LK_ERR_MALFORMED);
}

static void parse_damaged(const struct berval *damaged, void *data)
{
	struct lk_stored_totp totp;

	(void)data;
	(void)lk_stored_totp_parse(damaged, &totp);
}

static void test_damaged_stored_forms(void **state)
{
	struct lk_stored_totp totp = {.step = 37037037, .created = 1111111111};
	struct berval value;

	(void)state;
	assert_int_equal(lk_stored_totp_format(&totp, &value), LK_OK);
	for_each_damage(&value, parse_damaged, NULL);
	ber_memfree(value.bv_val);
}

static void test_what_an_app_reads(void **state)
{
	char text[LK_TOTP_SECRET_TEXT + 1];
	struct berval uri;

	(void)state;
	lk_totp_secret_text(secret, text);
	assert_string_equal(text, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
	assert_int_equal(lk_totp_uri(secret, &BV("Aurora & Co"), &BV("kim@example.com"), &uri), LK_OK);
	assert_string_equal(uri.bv_val,
		"otpauth://totp/Aurora%20%26%20Co%3Akim%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
		"&issuer=Aurora%20%26%20Co&algorithm=SHA1&digits=6&period=30");
	assert_int_equal(strlen(uri.bv_val), uri.bv_len);
	ber_memfree(uri.bv_val);
	assert_int_equal(lk_totp_uri(secret, &BV(""), &BV("\xea\xb9\x80"), &uri), LK_OK);
	assert_string_equal(uri.bv_val,
		"otpauth://totp/%EA%B9%80?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&algorithm=SHA1&digits=6&period=30");
	ber_memfree(uri.bv_val);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_values_of_rfc_4226),
		cmocka_unit_test(test_the_values_of_rfc_6238),
		cmocka_unit_test(test_a_clock_may_be_wrong_by_one_step),
		cmocka_unit_test(test_a_value_works_once),
		cmocka_unit_test(test_the_beginning_of_time),
		cmocka_unit_test(test_what_is_a_value),
		cmocka_unit_test(test_a_sealed_secret_opens_with_its_key_for_its_user),
		cmocka_unit_test(test_the_stored_form_comes_back),
		cmocka_unit_test(test_damaged_stored_forms),
		cmocka_unit_test(test_what_an_app_reads),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
