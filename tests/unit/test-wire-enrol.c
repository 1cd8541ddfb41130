/* The values by which users enrol: what is encoded comes back, bounds are kept, damage is refused or read within its
 * octets. */
#include "support.h"

#include <stdlib.h>

#include "error.h"
#include "wire-enrol.h"

#define SECRET "12345678901234567890"
#define PRINTED "K7QF-2M9X-4TRB-0HVN-8E3C-WJ5D"

static void test_an_address_comes_back(void **state)
{
	const struct lk_address_add value = {BV("kim@example.net"), BV("ko-KR")}, bare = {BV("kim@example.net"), NONE};
	const struct lk_address_add empty = {BV(""), NONE}, dirty = {BV("kim@example.net\n"), NONE};
	struct lk_address_add again;
	struct berval *ber;

	(void)state;
	assert_int_equal(lk_wire_encode_address_add(&value, &ber), LK_OK);
	assert_int_equal(lk_wire_decode_address_add(ber, &again), LK_OK);
	assert_bv_equal(&again.address, &value.address);
	assert_bv_equal(&again.locale, &value.locale);
	lk_wire_free(ber);
	assert_int_equal(lk_wire_encode_address_add(&bare, &ber), LK_OK);
	assert_int_equal(lk_wire_decode_address_add(ber, &again), LK_OK);
	assert_null(again.locale.bv_val);
	lk_wire_free(ber);
	assert_int_equal(lk_wire_encode_address_add(&empty, &ber), LK_ERR_MALFORMED);
	assert_int_equal(lk_wire_encode_address_add(&dirty, &ber), LK_ERR_NOT_UTF8);
}

static void test_a_proof_and_a_value_come_back(void **state)
{
	struct berval long_one = repeated('7', LK_PROOF_MAX + 1), again, *ber;

	(void)state;
	assert_int_equal(lk_wire_encode_address_prove(&BV("K7QF-2M9X-4TRB"), &ber), LK_OK);
	assert_int_equal(lk_wire_decode_address_prove(ber, &again), LK_OK);
	assert_bv_equal(&again, &BV("K7QF-2M9X-4TRB"));
	lk_wire_free(ber);
	assert_int_equal(lk_wire_encode_totp_enrol(&BV("123 456"), &ber), LK_OK);
	assert_int_equal(lk_wire_decode_totp_enrol(ber, &again), LK_OK);
	assert_bv_equal(&again, &BV("123 456"));
	lk_wire_free(ber);
	assert_int_equal(lk_wire_encode_totp_enrol(&NONE, &ber), LK_OK);
	assert_int_equal(lk_wire_decode_totp_enrol(ber, &again), LK_OK);
	assert_null(again.bv_val);
	lk_wire_free(ber);
	assert_int_equal(lk_wire_encode_address_prove(&long_one, &ber), LK_ERR_TOO_LONG);
	assert_int_equal(lk_wire_encode_totp_enrol(&long_one, &ber), LK_ERR_TOO_LONG);
	free(long_one.bv_val);
}

static void test_an_enrolment_comes_back(void **state)
{
	struct lk_totp_enrolment value = {BV(SECRET), BV("Example"), BV(""), 6, 30}, again;
	struct berval *ber;

	(void)state;
	assert_int_equal(lk_wire_encode_totp_enrolment(&value, &ber), LK_OK);
	assert_int_equal(lk_wire_decode_totp_enrolment(ber, &again), LK_OK);
	assert_bv_equal(&again.secret, &value.secret);
	assert_bv_equal(&again.issuer, &value.issuer);
	assert_int_equal(again.account.bv_len, 0);
	assert_int_equal(again.digits, 6);
	assert_int_equal(again.period, 30);
	lk_wire_free(ber);
	value.secret.bv_len--;
	assert_int_equal(lk_wire_encode_totp_enrolment(&value, &ber), LK_ERR_MALFORMED);
}

static void test_printed_codes_come_back(void **state)
{
	struct berval codes[LK_PRINTED_CODES + 1], again[LK_PRINTED_CODES], *ber;
	size_t count;

	(void)state;
	for (size_t i = 0; i < COUNT(codes); i++)
		codes[i] = BV(PRINTED);
	assert_int_equal(lk_wire_encode_printed_codes(codes, LK_PRINTED_CODES, &ber), LK_OK);
	assert_int_equal(lk_wire_decode_printed_codes(ber, again, &count), LK_OK);
	assert_int_equal(count, LK_PRINTED_CODES);
	assert_bv_equal(&again[9], &BV(PRINTED));
	lk_wire_free(ber);
	assert_int_equal(lk_wire_encode_printed_codes(codes, LK_PRINTED_CODES + 1, &ber), LK_ERR_TOO_LONG);
	assert_int_equal(lk_wire_encode_printed_codes(codes, 0, &ber), LK_ERR_MALFORMED);
	codes[1].bv_len--;
	assert_int_equal(lk_wire_encode_printed_codes(codes, 2, &ber), LK_ERR_MALFORMED);
}

static void decode_all(const struct berval *damaged, void *data)
{
	struct berval codes[LK_PRINTED_CODES], text;
	struct lk_totp_enrolment enrolment;
	struct lk_address_add address;
	size_t count;

	(void)data;
	(void)lk_wire_decode_address_add(damaged, &address);
	(void)lk_wire_decode_address_prove(damaged, &text);
	(void)lk_wire_decode_totp_enrol(damaged, &text);
	(void)lk_wire_decode_totp_enrolment(damaged, &enrolment);
	(void)lk_wire_decode_printed_codes(damaged, codes, &count);
}

static void test_damaged_values(void **state)
{
	const struct lk_totp_enrolment enrolment = {BV(SECRET), BV("Example"), BV("kim"), 6, 30};
	const struct lk_address_add address = {BV("kim@example.net"), BV("ko-KR")};
	const struct berval codes[] = {BV(PRINTED), BV(PRINTED)};
	struct berval *values[3];

	(void)state;
	assert_int_equal(lk_wire_encode_totp_enrolment(&enrolment, &values[0]), LK_OK);
	assert_int_equal(lk_wire_encode_address_add(&address, &values[1]), LK_OK);
	assert_int_equal(lk_wire_encode_printed_codes(codes, 2, &values[2]), LK_OK);
	for (size_t i = 0; i < COUNT(values); i++) {
		for_each_damage(values[i], decode_all, NULL);
		lk_wire_free(values[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_address_comes_back),
		cmocka_unit_test(test_a_proof_and_a_value_come_back),
		cmocka_unit_test(test_an_enrolment_comes_back),
		cmocka_unit_test(test_printed_codes_come_back),
		cmocka_unit_test(test_damaged_values),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
