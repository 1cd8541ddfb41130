/* Printed recovery codes and addresses to be proven, as they are shown, typed and stored. The hash to compare with was
 * made by Python's hashlib. */
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

/* Ten, of which the last but one is SYMBOLS. */
static struct lk_printed_set make_set(void)
{
	struct lk_printed_set set = {.created = CREATED};

	memcpy(set.salt, salt, sizeof(salt));
	memset(set.hashes, 0x5a, sizeof(set.hashes));
	lk_printed_hash(salt, SYMBOLS, &BV(UUID), set.hashes[LK_PRINTED_CODES - 2]);
	return set;
}

static void test_the_stored_form_comes_back(void **state)
{
	struct lk_printed_set set = make_set(), again;
	unsigned char other[LK_HASH_BYTES] = {0};
	struct berval value;

	(void)state;
	assert_int_equal(lk_printed_set_format(&set, &value), LK_OK);
	assert_int_equal(lk_printed_set_parse(&value, &again), LK_OK);
	assert_memory_equal(again.salt, set.salt, sizeof(set.salt));
	assert_int_equal(again.created, CREATED);
	assert_int_equal(lk_printed_find(&again, set.hashes[LK_PRINTED_CODES - 2]), LK_PRINTED_CODES - 2);
	assert_int_equal(lk_printed_find(&again, other), LK_PRINTED_CODES);
	ber_memfree(value.bv_val);
	set.created = 0;
	assert_int_equal(lk_printed_set_format(&set, &value), LK_ERR_MALFORMED);
}

/* Two uses of one code have to be one value. */
static void test_a_use_is_written_in_one_way(void **state)
{
	struct lk_printed_use use = {.code = 9, .server = 12}, again;
	struct berval value;

	(void)state;
	memcpy(use.salt, salt, sizeof(salt));
	assert_int_equal(lk_printed_use_format(&use, &value), LK_OK);
	assert_string_equal(value.bv_val, "1 salt=000102030405060708090a0b0c0d0e0f code=9 server=12");
	assert_int_equal(lk_printed_use_parse(&value, &again), LK_OK);
	assert_memory_equal(&again, &use, sizeof(use));
	value.bv_val[value.bv_len - 2] = ':';
	assert_int_equal(lk_printed_use_parse(&value, &again), LK_ERR_MALFORMED);
	ber_memfree(value.bv_val);
	use.server = LK_SERVER_MAX + 1;
	assert_int_equal(lk_printed_use_format(&use, &value), LK_ERR_TOO_LONG);
	use = (struct lk_printed_use){.code = LK_PRINTED_CODES};
	assert_int_equal(lk_printed_use_format(&use, &value), LK_ERR_TOO_LONG);
}

static void parse_damaged(const struct berval *damaged, void *data)
{
	struct lk_pending_address pending;
	struct lk_address_since since;
	struct lk_printed_set set;
	struct lk_printed_use use;

	(void)data;
	(void)lk_address_since_parse(damaged, &since);
	(void)lk_printed_set_parse(damaged, &set);
	(void)lk_printed_use_parse(damaged, &use);
	(void)lk_pending_address_parse(damaged, &pending);
}

static void test_damaged_stored_forms(void **state)
{
	struct lk_pending_address pending = {.to = "kim@example.net", .created = CREATED, .expires = CREATED + 900};
	struct lk_address_since since = {.to = "kim@example.net", .since = CREATED};
	struct lk_printed_set set = make_set();
	struct lk_printed_use use = {.code = 3};
	struct berval value;

	(void)state;
	assert_int_equal(lk_printed_use_format(&use, &value), LK_OK);
	for_each_damage(&value, parse_damaged, NULL);
	ber_memfree(value.bv_val);
	assert_int_equal(lk_printed_set_format(&set, &value), LK_OK);
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
		cmocka_unit_test(test_a_use_is_written_in_one_way),
		cmocka_unit_test(test_damaged_stored_forms),
		cmocka_unit_test(test_an_address_that_cools_comes_back),
		cmocka_unit_test(test_a_pending_address_comes_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
