/* Printed recovery codes and addresses to be proven, as they are shown, typed and stored. The hash to compare with was made by
 * Python's hashlib. */
#include "support.h"

#include <string.h>

#include "error.h"
#include "address-since.h"
#include "pending-address.h"
#include "printed-code.h"
#include "text.h"

#define UUID "5f2b1a9c-0d3e-4f6a-8b7c-1d2e3f405162"
#define SHOWN "K7QF-2M9X-4TRB-0HVN-8E3C-WJ5D"
#define SYMBOLS "K7QF2M9X4TRB0HVN8E3CWJ5D"
#define CREATED 1795237320

static const unsigned char salt[LK_SALT_BYTES] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

static void test_codes_have_their_form(void **state)
{
	(void)state;
	for (int i = 0; i < 1000; i++) {
		char code[LK_PRINTED_TEXT + 1], symbols[LK_PRINTED_SYMBOLS + 1];
		struct berval typed = {LK_PRINTED_TEXT, code};

		lk_printed_generate(code);
		assert_int_equal(strlen(code), LK_PRINTED_TEXT);
		assert_int_equal(lk_printed_canonical(&typed, symbols), LK_OK);
		assert_int_equal(strlen(symbols), LK_PRINTED_SYMBOLS);
	}
}

static void test_codes_are_read_as_people_type_them(void **state)
{
	static const struct berval typed[] = {BV(SHOWN), BV(SYMBOLS), BV("k7qf 2m9x 4trb ohvn 8e3c wj5d")};
	static const struct berval none[] = {
		BV("K7QF-2M9X-4TRB"), BV(SHOWN "0"), BV("K7QF-2M9X-4TRB-0HVN-8E3C-WJ5U"), NONE};
	char symbols[LK_PRINTED_SYMBOLS + 1];

	(void)state;
	for (size_t i = 0; i < COUNT(typed); i++) {
		assert_int_equal(lk_printed_canonical(&typed[i], symbols), LK_OK);
		assert_string_equal(symbols, SYMBOLS);
	}
	for (size_t i = 0; i < COUNT(none); i++)
		assert_int_equal(lk_printed_canonical(&none[i], symbols), LK_ERR_MALFORMED);
}

static void test_the_hash_is_the_documented_one(void **state)
{
	unsigned char hash[LK_HASH_BYTES];
	char text[2 * LK_HASH_BYTES + 1];

	(void)state;
	lk_printed_hash(salt, SYMBOLS, &BV(UUID), hash);
	lk_hex_format(hash, sizeof(hash), text);
	assert_string_equal(text, "164bec2e627bf43adb9efdf944c03ba55caabcba96dc838d35aa93ef18514085");
}

static struct lk_stored_printed make_printed(void)
{
	struct lk_stored_printed code = {.created = CREATED};

	memcpy(code.salt, salt, sizeof(salt));
	lk_printed_hash(salt, SYMBOLS, &BV(UUID), code.hash);
	return code;
}

static void test_the_stored_form_comes_back(void **state)
{
	struct lk_stored_printed code = make_printed(), again;
	unsigned char other[LK_HASH_BYTES] = {0};
	struct berval value;

	(void)state;
	assert_int_equal(lk_stored_printed_format(&code, &value), LK_OK);
	assert_int_equal(lk_stored_printed_parse(&value, &again), LK_OK);
	assert_memory_equal(again.salt, code.salt, sizeof(code.salt));
	assert_int_equal(again.created, CREATED);
	assert_true(lk_printed_matches(&again, code.hash));
	assert_false(lk_printed_matches(&again, other));
	ber_memfree(value.bv_val);
}

static void parse_damaged(const struct berval *damaged, void *data)
{
	struct lk_pending_address pending;
	struct lk_address_since since;
	struct lk_stored_printed code;

	(void)data;
	(void)lk_address_since_parse(damaged, &since);
	(void)lk_stored_printed_parse(damaged, &code);
	(void)lk_pending_address_parse(damaged, &pending);
}

static void test_damaged_stored_forms(void **state)
{
	struct lk_pending_address pending = {.to = "kim@example.net", .created = CREATED, .expires = CREATED + 900};
	struct lk_address_since since = {.to = "kim@example.net", .since = CREATED};
	struct lk_stored_printed code = make_printed();
	struct berval value;

	(void)state;
	assert_int_equal(lk_stored_printed_format(&code, &value), LK_OK);
	for_each_damage(&value, parse_damaged, NULL);
	ber_memfree(value.bv_val);
	assert_int_equal(lk_pending_address_format(&pending, &value), LK_OK);
	for_each_damage(&value, parse_damaged, NULL);
	ber_memfree(value.bv_val);
	assert_int_equal(lk_address_since_format(&since, &value), LK_OK);
	for_each_damage(&value, parse_damaged, NULL);
	ber_memfree(value.bv_val);
}

static void test_an_address_that_cools_comes_back(void **state)
{
	struct lk_address_since since = {.to = "k im@example.net", .since = CREATED}, again;
	struct berval value;

	(void)state;
	assert_int_equal(lk_address_since_format(&since, &value), LK_OK);
	assert_non_null(strstr(value.bv_val, "to=k%20im@example.net"));
	assert_int_equal(lk_address_since_parse(&value, &again), LK_OK);
	assert_string_equal(again.to, since.to);
	assert_int_equal(again.since, CREATED);
	ber_memfree(value.bv_val);
	since.since = 0;
	assert_int_equal(lk_address_since_format(&since, &value), LK_ERR_MALFORMED);
}

static void test_a_pending_address_comes_back(void **state)
{
	struct lk_pending_address pending = {.to = "kim@example.net", .created = CREATED, .expires = CREATED + 900}, again;
	struct berval value;

	(void)state;
	memcpy(pending.salt, salt, sizeof(salt));
	assert_int_equal(lk_pending_address_format(&pending, &value), LK_OK);
	assert_int_equal(lk_pending_address_parse(&value, &again), LK_OK);
	assert_string_equal(again.to, pending.to);
	assert_memory_equal(again.salt, salt, sizeof(salt));
	assert_int_equal(again.expires, CREATED + 900);
	ber_memfree(value.bv_val);
	pending.to[0] = '\0';
	assert_int_equal(lk_pending_address_format(&pending, &value), LK_ERR_MALFORMED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_codes_have_their_form),
		cmocka_unit_test(test_codes_are_read_as_people_type_them),
		cmocka_unit_test(test_the_hash_is_the_documented_one),
		cmocka_unit_test(test_the_stored_form_comes_back),
		cmocka_unit_test(test_damaged_stored_forms),
		cmocka_unit_test(test_an_address_that_cools_comes_back),
		cmocka_unit_test(test_a_pending_address_comes_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
