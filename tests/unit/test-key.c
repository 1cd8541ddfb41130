/* The mailer's keys. The id to compare with was made by Python's hashlib. */
#include "support.h"

#include <string.h>

#include "error.h"
#include "key.h"
#include "text.h"

#define TEXT "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

static void count_up(unsigned char key[LK_KEY_BYTES])
{
	for (unsigned char i = 0; i < LK_KEY_BYTES; i++)
		key[i] = i;
}

static void test_the_text_is_base64(void **state)
{
	unsigned char key[LK_KEY_BYTES], again[LK_KEY_BYTES];
	char text[LK_KEY_TEXT + 1];

	(void)state;
	count_up(key);
	lk_key_format(key, text);
	assert_string_equal(text, TEXT);
	assert_int_equal(lk_key_parse(&BV(TEXT), again), LK_OK);
	assert_memory_equal(key, again, LK_KEY_BYTES);
}

static void test_the_id_is_the_documented_one(void **state)
{
	unsigned char key[LK_KEY_BYTES], id[LK_KEY_ID_BYTES];
	char text[2 * LK_KEY_ID_BYTES + 1];

	(void)state;
	count_up(key);
	lk_key_id(key, id);
	lk_hex_format(id, sizeof(id), text);
	assert_string_equal(text, "cb2f5160fc1f7e05");
}

static void test_random_keys_come_back(void **state)
{
	(void)state;
	for (int i = 0; i < 2000; i++) {
		unsigned char key[LK_KEY_BYTES], again[LK_KEY_BYTES];
		char text[LK_KEY_TEXT + 1];
		struct berval written = {LK_KEY_TEXT, text};

		for (size_t at = 0; at < LK_KEY_BYTES; at++)
			key[at] = (unsigned char)draw(256);
		lk_key_format(key, text);
		assert_int_equal(strlen(text), LK_KEY_TEXT);
		assert_int_equal(lk_key_parse(&written, again), LK_OK);
		assert_memory_equal(key, again, LK_KEY_BYTES);
	}
}

static void test_nothing_else_is_a_key(void **state)
{
	static const struct berval wrong[] = {
		NONE,
		BV("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"),
		BV("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=="),
		BV("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"),
		BV("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n"),
		BV("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9="),
		BV("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg=="),
		BV("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g"),
		BV("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwd-_8="),
		BV("AAECAwQFBgcICQoLDA0ODxAR\0hMUFRYXGBkaGxwdHh8="),
		BV(" AECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="),
		BV("000102030405060708090a0b0c0d0e0f1011121314151617"),
	};
	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++) {
		unsigned char key[LK_KEY_BYTES] = "untouched";

		assert_int_equal(lk_key_parse(&wrong[i], key), LK_ERR_KEY);
		assert_string_equal((char *)key, "untouched");
	}
}

/* One text for each key: no damage passes for the same one. */
static void read_key(const struct berval *damaged, void *data)
{
	unsigned char key[LK_KEY_BYTES];

	if (lk_key_parse(damaged, key) == LK_OK)
		assert_memory_not_equal(key, data, LK_KEY_BYTES);
}

static void test_no_damage_does_harm(void **state)
{
	unsigned char key[LK_KEY_BYTES];

	(void)state;
	count_up(key);
	for_each_damage(&BV(TEXT), read_key, key);
}

static int set_up(void **state)
{
	(void)state;
	return lk_protocol_init();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_text_is_base64),
		cmocka_unit_test(test_the_id_is_the_documented_one),
		cmocka_unit_test(test_random_keys_come_back),
		cmocka_unit_test(test_nothing_else_is_a_key),
		cmocka_unit_test(test_no_damage_does_harm),
	};
	return cmocka_run_group_tests(tests, set_up, NULL);
}
