/* The Session Tracking control: what is encoded comes back, bounds are kept, damage is refused or read within its
 * octets. */
#include "support.h"

#include <stdlib.h>

#include "error.h"
#include "wire-session.h"

static const struct lk_session whole = {
	BV("2001:db8::7"), BV("client.example.net"), BV(LK_SESSION_FORMAT_USERNAME), BV("kim")};

static void test_a_session_comes_back(void **state)
{
	const struct lk_session empty = {BV(""), BV(""), BV(""), BV("")};
	struct lk_session again;
	struct berval *ber;

	(void)state;
	assert_int_equal(lk_wire_encode_session(&whole, &ber), LK_OK);
	assert_int_equal(lk_wire_decode_session(ber, &again), LK_OK);
	assert_bv_equal(&again.source_ip, &whole.source_ip);
	assert_bv_equal(&again.source_name, &whole.source_name);
	assert_bv_equal(&again.format, &whole.format);
	assert_bv_equal(&again.identifier, &whole.identifier);
	lk_wire_free(ber);
	assert_int_equal(lk_wire_encode_session(&empty, &ber), LK_OK);
	assert_int_equal(lk_wire_decode_session(ber, &again), LK_OK);
	assert_int_equal(again.source_ip.bv_len, 0);
	lk_wire_free(ber);
}

/* The octets of the draft's grammar, made by hand. */
static void test_the_documented_form(void **state)
{
	const struct berval octets = BV("\x30\x13\x04\x09"
									"192.0.2.7"
									"\x04\x00\x04\x02"
									"1."
									"\x04\x00");
	struct lk_session session;

	(void)state;
	assert_int_equal(lk_wire_decode_session(&octets, &session), LK_OK);
	assert_bv_equal(&session.source_ip, &BV("192.0.2.7"));
}

static void test_bounds(void **state)
{
	struct lk_session value = whole;
	struct berval *ber;

	(void)state;
	value.source_ip = repeated('1', LK_SESSION_IP_MAX);
	assert_int_equal(lk_wire_encode_session(&value, &ber), LK_OK);
	lk_wire_free(ber);
	free(value.source_ip.bv_val);
	value.source_ip = repeated('1', LK_SESSION_IP_MAX + 1);
	assert_int_equal(lk_wire_encode_session(&value, &ber), LK_ERR_TOO_LONG);
	free(value.source_ip.bv_val);
	value.source_ip = BV("192.0.2.7\n");
	assert_int_equal(lk_wire_encode_session(&value, &ber), LK_ERR_NOT_UTF8);
}

/* A name that a client's resolver made up takes nothing from the address. */
static void test_only_the_address_must_be_text(void **state)
{
	struct lk_session value = whole, again;
	struct berval *ber;

	(void)state;
	value.source_name = BV("\xff\n\0x");
	value.identifier = BV("\xff");
	assert_int_equal(lk_wire_encode_session(&value, &ber), LK_OK);
	assert_int_equal(lk_wire_decode_session(ber, &again), LK_OK);
	assert_bv_equal(&again.source_ip, &whole.source_ip);
	lk_wire_free(ber);
}

static void try_damaged(const struct berval *damaged, void *data)
{
	struct lk_session session;

	(void)data;
	if (lk_wire_decode_session(damaged, &session) != LK_OK)
		return;
	assert_true(session.source_ip.bv_len <= LK_SESSION_IP_MAX);
}

static void test_damage(void **state)
{
	struct berval *ber;

	(void)state;
	assert_int_equal(lk_wire_encode_session(&whole, &ber), LK_OK);
	for_each_damage(ber, try_damaged, NULL);
	lk_wire_free(ber);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_session_comes_back),
		cmocka_unit_test(test_the_documented_form),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_only_the_address_must_be_text),
		cmocka_unit_test(test_damage),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
