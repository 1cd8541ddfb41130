/* Recovery codes. The hashes to compare with were made by Python's hashlib. */
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "code.h"
#include "error.h"
#include "text.h"

#define ALPHABET "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#define UUID "5f2b1a9c-0d3e-4f6a-8b7c-1d2e3f405162"
#define DAY 86400

static const unsigned char salt[LK_SALT_BYTES] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

static void assert_hash(const unsigned char hash[LK_HASH_BYTES], const char *hex)
{
	char text[2 * LK_HASH_BYTES + 1];

	lk_hex_format(hash, LK_HASH_BYTES, text);
	assert_string_equal(text, hex);
}

static void test_codes_have_their_form(void **state)
{
	(void)state;
	for (int i = 0; i < 1000; i++) {
		char code[LK_CODE_TEXT + 1], symbols[LK_CODE_SYMBOLS + 1];
		struct berval typed = {LK_CODE_TEXT, code};

		lk_code_generate(code);
		assert_int_equal(strlen(code), LK_CODE_TEXT);
		for (size_t at = 0; at < LK_CODE_TEXT; at++)
			assert_true(at % 5 == 4 ? code[at] == '-' : strchr(ALPHABET, code[at]) != NULL);
		assert_int_equal(lk_code_canonical(&typed, symbols), LK_OK);
		assert_int_equal(strlen(symbols), LK_CODE_SYMBOLS);
	}
}

/* 32 symbols at 12 places, 32 000 codes: each count is 1000 with a deviation of 31; 8 of those never happen. */
static void test_symbols_are_equally_likely(void **state)
{
	static unsigned counts[LK_CODE_TEXT][128];

	(void)state;
	for (int i = 0; i < 32000; i++) {
		char code[LK_CODE_TEXT + 1];

		lk_code_generate(code);
		for (size_t at = 0; at < LK_CODE_TEXT; at++)
			counts[at][(unsigned char)code[at]]++;
	}
	for (size_t at = 0; at < LK_CODE_TEXT; at++) {
		for (const char *symbol = ALPHABET; at % 5 != 4 && *symbol != '\0'; symbol++)
			assert_in_range(counts[at][(unsigned char)*symbol], 750, 1250);
	}
}

static void test_codes_are_read_as_people_type_them(void **state)
{
	static const struct {
		struct berval typed;
		const char *symbols;
	} rows[] = {
		{BV("K7QF-2M9X-4TRB"), "K7QF2M9X4TRB"},
		{BV("k7qf-2m9x-4trb"), "K7QF2M9X4TRB"},
		{BV("K7QF2M9X4TRB"), "K7QF2M9X4TRB"},
		{BV("  k7 qf 2m9x--4trb - "), "K7QF2M9X4TRB"},
		{BV("K-7-Q-F-2-M-9-X-4-T-R-B"), "K7QF2M9X4TRB"},
		{BV("0123-4567-89AB"), "0123456789AB"},
		{BV("OIL2-4567-89AB"), "0112456789AB"},
		{BV("oil2-4567-89ab"), "0112456789AB"},
		{BV("ooOO-iiII-llLL"), "000011111111"},
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char symbols[LK_CODE_SYMBOLS + 1];

		assert_int_equal(lk_code_canonical(&rows[i].typed, symbols), LK_OK);
		assert_string_equal(symbols, rows[i].symbols);
	}
}

static void test_nothing_else_is_read_as_a_code(void **state)
{
	static const struct berval wrong[] = {
		NONE,
		BV("-"),
		BV("K7QF-2M9X-4TR"),
		BV("K7QF-2M9X-4TRBB"),
		BV("K7QF-2M9X-4TRB-K7QF-2M9X-4TRB-K7QF-2M9X-4TRB-K7QF-2M9X-4TRB-K7QF-2M9X-4TRB"),
		BV("K7QF-2M9X-4TRU"),
		BV("K7QF-2M9X-4TR\0"),
		BV("K7QF-2M9X-4TRB\0"),
		BV("K7QF-2M9X-4TRB\n"),
		BV("K7QF\t2M9X\t4TRB"),
		BV("K7QF_2M9X_4TRB"),
		BV("K7QF.2M9X.4TRB"),
		BV("K7QF\342\200\2232M9X\342\200\2234TRB"), /* en dashes */
		BV("\343\205\2177QF-2M9X-4TRB"), /* K on a Korean keyboard */
		BV("K7QF-2M9X-4TR" KIM_NFC),
	};
	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++) {
		char symbols[LK_CODE_SYMBOLS + 1] = "untouched";

		assert_int_equal(lk_code_canonical(&wrong[i], symbols), LK_ERR_MALFORMED);
		assert_string_equal(symbols, "untouched");
	}
}

static void read_typed(const struct berval *damaged, void *data)
{
	char symbols[LK_CODE_SYMBOLS + 1];

	(void)data;
	if (lk_code_canonical(damaged, symbols) != LK_OK)
		return;
	assert_int_equal(strspn(symbols, ALPHABET), LK_CODE_SYMBOLS);
}

static void test_damaged_codes(void **state)
{
	(void)state;
	for_each_damage(&BV("K7QF-2M9X-4TRB"), read_typed, NULL);
}

static void test_the_hash_is_the_documented_one(void **state)
{
	unsigned char hash[LK_HASH_BYTES];

	(void)state;
	lk_code_hash(salt, "K7QF2M9X4TRB", &BV(UUID), hash);
	assert_hash(hash, "e9c6cdcacd3b5a59bc8d54beb606300f46dfba066a4a4f5269f814a657ee77cb");
}

static void test_the_hash_counts_salt_code_and_user(void **state)
{
	unsigned char hash[LK_HASH_BYTES], other[LK_HASH_BYTES], other_salt[LK_SALT_BYTES] = {1};

	(void)state;
	lk_code_hash(salt, "K7QF2M9X4TRB", &BV(UUID), hash);
	lk_code_hash(other_salt, "K7QF2M9X4TRB", &BV(UUID), other);
	assert_memory_not_equal(hash, other, LK_HASH_BYTES);
	lk_code_hash(salt, "K7QF2M9X4TRC", &BV(UUID), other);
	assert_memory_not_equal(hash, other, LK_HASH_BYTES);
	lk_code_hash(salt, "K7QF2M9X4TRB", &BV("5f2b1a9c-0d3e-4f6a-8b7c-1d2e3f405163"), other);
	assert_memory_not_equal(hash, other, LK_HASH_BYTES);
}

#define ONE BV("{SSHA}one")
#define ANOTHER BV("{SSHA}another")
#define ADDRESS BV("kim@example.net")

static void assert_bind(const struct berval *passwords, size_t count, struct berval address, const char *hex)
{
	unsigned char bind[LK_HASH_BYTES];

	lk_code_bind(salt, passwords, count, &address, bind);
	assert_hash(bind, hex);
}

static void test_the_bind_counts_no_order_and_no_case_of_the_address(void **state)
{
	static const char expected[] = "d60885b34c32f09846c00a7b073e0b814b1a60f093bf9f2fcb8998d91a9f47ed";
	const struct berval passwords[] = {ONE, ANOTHER}, reversed[] = {ANOTHER, ONE};

	(void)state;
	assert_bind(passwords, 2, ADDRESS, expected);
	assert_bind(reversed, 2, ADDRESS, expected);
	assert_bind(passwords, 2, BV("Kim@EXAMPLE.net"), expected);
	assert_bind(NULL, 0, ADDRESS, "0fcb3835d952ec6ec83264e7e4bb7cca62c3796f3d845566cee578d0be6cbe83");
}

static void test_the_bind_tells_everything_else_apart(void **state)
{
	const struct {
		struct berval passwords[3], address;
		size_t count;
	} rows[] = {
		{{NONE}, ADDRESS, 0},
		{{NONE}, ADDRESS, 1},
		{{ONE}, ADDRESS, 1},
		{{ANOTHER}, ADDRESS, 1},
		{{ONE, ANOTHER}, ADDRESS, 2},
		{{BV("{SSHA}one{SSHA}another")}, ADDRESS, 1},
		{{BV("{SSHA}ONE")}, ADDRESS, 1},
		{{ONE}, BV("lee@example.net"), 1},
		{{ONE}, NONE, 1},
		{{ONE}, BV("kim@example.net{SSHA}one"), 1},
	};
	unsigned char binds[COUNT(rows)][LK_HASH_BYTES];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		lk_code_bind(salt, rows[i].passwords, rows[i].count, &rows[i].address, binds[i]);
		for (size_t before = 0; before < i; before++)
			assert_memory_not_equal(binds[i], binds[before], LK_HASH_BYTES);
	}
}

static void test_codes_that_go_unused_live_longer(void **state)
{
	static const struct {
		time_t lifetime;
		unsigned generation;
		time_t result;
	} rows[] = {
		{900, 0, 900},
		{900, 1, 1800},
		{900, 6, 57600},
		{900, 7, DAY},
		{900, UINT32_MAX, DAY},
		{1, 16, 65536},
		{1, 17, DAY},
		{DAY - 1, 1, DAY},
		{DAY, 5, DAY},
		{2 * DAY, 5, 2 * DAY},
		{0, UINT32_MAX, 0},
		{-5, 3, -5},
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(lk_code_lifetime(rows[i].lifetime, rows[i].generation), rows[i].result);
}

#define ID "00112233445566778899aabbccddeeff"
#define HEX16 "000102030405060708090a0b0c0d0e0f"
#define HEX32A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define HEX32B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define HEAD "1 id=" ID " salt=" HEX16 " hash=" HEX32A " bind=" HEX32B
#define TIMES " created=20261121050200Z expires=20261121051700Z"
#define STORED HEAD TIMES " serial=7 generation=2"

static void assert_same_code(const struct lk_stored_code *a, const struct lk_stored_code *b)
{
	assert_string_equal(a->id, b->id);
	assert_memory_equal(a->salt, b->salt, LK_SALT_BYTES);
	assert_memory_equal(a->hash, b->hash, LK_HASH_BYTES);
	assert_memory_equal(a->bind, b->bind, LK_HASH_BYTES);
	assert_int_equal(a->created, b->created);
	assert_int_equal(a->expires, b->expires);
	assert_true(a->serial == b->serial);
	assert_int_equal(a->generation, b->generation);
}

static void test_the_stored_form_is_the_documented_one(void **state)
{
	struct lk_stored_code code, again;
	struct berval value;

	(void)state;
	assert_int_equal(lk_stored_code_parse(&BV(STORED), &code), LK_OK);
	assert_string_equal(code.id, ID);
	assert_memory_equal(code.salt, salt, LK_SALT_BYTES);
	assert_int_equal(code.hash[31], 0xaa);
	assert_int_equal(code.bind[0], 0xbb);
	assert_int_equal(code.expires - code.created, 900);
	assert_int_equal(code.serial, 7);
	assert_int_equal(code.generation, 2);
	assert_int_equal(lk_stored_code_format(&code, &value), LK_OK);
	assert_string_equal(value.bv_val, STORED);
	assert_int_equal(lk_stored_code_parse(&value, &again), LK_OK);
	assert_same_code(&code, &again);
	ber_memfree(value.bv_val);
}

static void fill(unsigned char *octets, size_t length)
{
	for (size_t i = 0; i < length; i++)
		octets[i] = (unsigned char)draw(256);
}

static void test_random_codes_come_back(void **state)
{
	(void)state;
	for (int i = 0; i < 2000; i++) {
		struct lk_stored_code code, again;
		struct berval value;

		lk_message_new_id(code.id);
		fill(code.salt, LK_SALT_BYTES);
		fill(code.hash, LK_HASH_BYTES);
		fill(code.bind, LK_HASH_BYTES);
		code.created = 1 + (time_t)draw(UINT32_MAX);
		code.expires = 1 + (time_t)draw(UINT32_MAX);
		code.serial = i == 0 ? UINT64_MAX : (unsigned long)draw(UINT32_MAX) << draw(33);
		code.generation = i == 0 ? UINT32_MAX : draw(UINT32_MAX);
		assert_int_equal(lk_stored_code_format(&code, &value), LK_OK);
		assert_int_equal(lk_stored_code_parse(&value, &again), LK_OK);
		assert_same_code(&code, &again);
		ber_memfree(value.bv_val);
	}
}

static void test_damaged_stored_codes_are_told(void **state)
{
	static const struct {
		struct berval value;
		int status;
	} rows[] = {
		{NONE, LK_ERR_MALFORMED},
		{BV("1"), LK_ERR_MALFORMED},
		{BV("1 "), LK_ERR_MALFORMED},
		{BV("2 id=" ID), LK_ERR_VERSION},
		{BV("10 id=" ID), LK_ERR_VERSION},
		{BV("v1 id=" ID), LK_ERR_MALFORMED},
		{BV(HEAD TIMES " serial=7"), LK_ERR_MALFORMED},
		{BV(HEAD " created=20261121050200Z serial=7 generation=2"), LK_ERR_MALFORMED},
		{BV(STORED " "), LK_ERR_MALFORMED},
		{BV(STORED "  x=y"), LK_ERR_MALFORMED},
		{BV(STORED " serial=7"), LK_ERR_MALFORMED},
		{BV(STORED " =7"), LK_ERR_MALFORMED},
		{BV(STORED " new"), LK_ERR_MALFORMED},
		{BV(STORED " new=%zz"), LK_ERR_MALFORMED},
		{BV(STORED " new=a\nb"), LK_ERR_MALFORMED},
		{BV(STORED "\0"), LK_ERR_MALFORMED},
		{BV(STORED " new=field"), LK_OK},
		{BV(HEAD TIMES " serial=18446744073709551615 generation=4294967295"), LK_OK},
		{BV(HEAD TIMES " serial=18446744073709551616 generation=2"), LK_ERR_TOO_LONG},
		{BV(HEAD TIMES " serial=7 generation=4294967296"), LK_ERR_TOO_LONG},
		{BV(HEAD TIMES " serial=-1 generation=2"), LK_ERR_MALFORMED},
		{BV(HEAD TIMES " serial= generation=2"), LK_ERR_MALFORMED},
		{BV(HEAD TIMES " serial=0x7 generation=2"), LK_ERR_MALFORMED},
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct lk_stored_code code = {.generation = 42};

		assert_int_equal(lk_stored_code_parse(&rows[i].value, &code), rows[i].status);
		assert_int_equal(code.generation == 42, rows[i].status != LK_OK);
	}
}

static void read_stored(const struct berval *damaged, void *data)
{
	struct lk_stored_code code;
	struct berval value;

	(void)data;
	if (lk_stored_code_parse(damaged, &code) != LK_OK)
		return;
	if (lk_stored_code_format(&code, &value) == LK_OK)
		ber_memfree(value.bv_val);
}

static void test_no_damage_to_a_stored_code_does_harm(void **state)
{
	(void)state;
	for_each_damage(&BV(STORED), read_stored, NULL);
}

static void test_what_could_not_be_read_is_not_written(void **state)
{
	struct lk_stored_code code;
	struct berval value = NONE;

	(void)state;
	assert_int_equal(lk_stored_code_parse(&BV(STORED), &code), LK_OK);
	code.id[5] = 'X';
	assert_int_equal(lk_stored_code_format(&code, &value), LK_ERR_MALFORMED);
	code.id[5] = '0';
	code.expires = 0;
	assert_int_equal(lk_stored_code_format(&code, &value), LK_ERR_MALFORMED);
	assert_null(value.bv_val);
}

static void test_only_its_own_hash_matches(void **state)
{
	struct lk_stored_code code = {0};
	unsigned char hash[LK_HASH_BYTES];

	(void)state;
	fill(code.hash, LK_HASH_BYTES);
	memcpy(hash, code.hash, LK_HASH_BYTES);
	assert_true(lk_code_matches(&code, hash));
	for (size_t bit = 0; bit < 8 * (size_t)LK_HASH_BYTES; bit++) {
		hash[bit / 8] ^= (unsigned char)(1u << bit % 8);
		assert_false(lk_code_matches(&code, hash));
		hash[bit / 8] ^= (unsigned char)(1u << bit % 8);
	}
}

static int set_up(void **state)
{
	(void)state;
	return lk_protocol_init();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_codes_have_their_form),
		cmocka_unit_test(test_symbols_are_equally_likely),
		cmocka_unit_test(test_codes_are_read_as_people_type_them),
		cmocka_unit_test(test_nothing_else_is_read_as_a_code),
		cmocka_unit_test(test_damaged_codes),
		cmocka_unit_test(test_the_hash_is_the_documented_one),
		cmocka_unit_test(test_the_hash_counts_salt_code_and_user),
		cmocka_unit_test(test_the_bind_counts_no_order_and_no_case_of_the_address),
		cmocka_unit_test(test_the_bind_tells_everything_else_apart),
		cmocka_unit_test(test_codes_that_go_unused_live_longer),
		cmocka_unit_test(test_the_stored_form_is_the_documented_one),
		cmocka_unit_test(test_random_codes_come_back),
		cmocka_unit_test(test_damaged_stored_codes_are_told),
		cmocka_unit_test(test_no_damage_to_a_stored_code_does_harm),
		cmocka_unit_test(test_what_could_not_be_read_is_not_written),
		cmocka_unit_test(test_only_its_own_hash_matches),
	};
	return cmocka_run_group_tests(tests, set_up, NULL);
}
