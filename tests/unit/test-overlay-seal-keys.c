/* Keys to seal with, made ahead. */
#include "support.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "envelope.h"
#include "error.h"
#include "seal-keys.h"

#define THREADS 4
#define TAKEN 500 /* by each thread; in all more than are ever kept */

static struct lk_key_pair pair, other_pair;

static bool yes(void)
{
	return true;
}

static bool no(void)
{
	return false;
}

static struct lk_seal_keys *filled(void)
{
	struct lk_seal_keys *keys = lk_seal_keys_new();

	assert_non_null(keys);
	lk_seal_keys_fill(keys, pair.public_key, yes);
	return keys;
}

static bool is_erased(const struct lk_seal_key *key)
{
	return sodium_is_zero((const unsigned char *)key, sizeof(*key));
}

/* What is sealed is what crypto_box_seal would write, byte by byte what libsodium opens. */
static void test_libsodium_opens_what_is_sealed_with_them(void **state)
{
	const struct lk_envelope envelope = {.id = "00112233445566778899aabbccddeeff", .secret = BV("K7QF-2M9X-4TRB")};
	struct lk_seal_keys *keys = filled();

	(void)state;
	for (int i = 0; i < 2 * LK_SEAL_KEYS_LEAST; i++) { /* half of them made ahead */
		struct lk_seal_key key;
		struct berval sealed;
		unsigned char plain[512];
		size_t length;

		assert_int_equal(lk_seal_keys_take(keys, pair.public_key, &key), LK_OK);
		assert_int_equal(lk_envelope_seal_with(&envelope, pair.public_key, &key, &sealed), LK_OK);
		assert_true(is_erased(&key));
		length = sealed.bv_len - LK_SEALED_HEADER;
		assert_int_equal(crypto_box_seal_open(plain, (const unsigned char *)sealed.bv_val + LK_SEALED_HEADER, length,
							 pair.public_key, pair.secret_key),
			0);
		assert_non_null(memmem(plain, length - crypto_box_SEALBYTES, envelope.secret.bv_val, envelope.secret.bv_len));
		ber_memfree(sealed.bv_val);
	}
	lk_seal_keys_free(keys);
}

static void test_a_key_is_erased_whatever_comes_of_it(void **state)
{
	const struct lk_envelope bad = {.id = "no id"};
	struct lk_seal_key key;
	struct berval sealed;

	(void)state;
	assert_int_equal(lk_seal_key_make(pair.public_key, &key), LK_OK);
	assert_int_not_equal(lk_envelope_seal_with(&bad, pair.public_key, &key, &sealed), LK_OK);
	assert_true(is_erased(&key));
}

static void test_no_recipient_no_key(void **state)
{
	static const unsigned char nobody[LK_KEY_BYTES]; /* a point of small order: the secret would be known */
	struct lk_seal_keys *keys = lk_seal_keys_new();
	struct lk_seal_key key;

	(void)state;
	lk_seal_keys_fill(keys, nobody, yes);
	assert_int_equal(lk_seal_keys_count(keys), 0);
	assert_int_equal(lk_seal_keys_take(keys, nobody, &key), LK_ERR_KEY);
	lk_seal_keys_free(keys);
}

static void test_another_recipient_gets_none_of_the_first(void **state)
{
	struct lk_seal_keys *keys = filled();
	struct lk_seal_key key;

	(void)state;
	assert_int_equal(lk_seal_keys_take(keys, other_pair.public_key, &key), LK_OK);
	assert_int_equal(lk_seal_keys_count(keys), LK_SEAL_KEYS_LEAST);
	lk_seal_keys_fill(keys, other_pair.public_key, no);
	assert_int_equal(lk_seal_keys_count(keys), 0);
	lk_seal_keys_free(keys);
}

static void test_as_many_are_made_as_are_wanted(void **state)
{
	struct lk_seal_keys *keys = filled();
	struct lk_seal_key key;

	(void)state;
	for (size_t wanted = LK_SEAL_KEYS_LEAST; wanted <= 2 * LK_SEAL_KEYS_MOST; wanted *= 2) {
		size_t kept = wanted < LK_SEAL_KEYS_MOST ? wanted : LK_SEAL_KEYS_MOST;

		assert_int_equal(lk_seal_keys_count(keys), kept);
		lk_seal_keys_fill(keys, pair.public_key, yes);
		assert_int_equal(lk_seal_keys_count(keys), kept);
		while (lk_seal_keys_count(keys) > 0)
			assert_int_equal(lk_seal_keys_take(keys, pair.public_key, &key), LK_OK);
		assert_int_equal(lk_seal_keys_take(keys, pair.public_key, &key), LK_OK);
		lk_seal_keys_fill(keys, pair.public_key, yes);
	}
	lk_seal_keys_free(keys);
}

struct taker {
	pthread_t thread;
	struct lk_seal_keys *keys;
	struct lk_seal_key taken[TAKEN];
};

static void *take_many(void *context)
{
	struct taker *taker = context;

	for (int i = 0; i < TAKEN; i++)
		lk_seal_keys_take(taker->keys, pair.public_key, &taker->taken[i]);
	return NULL;
}

static int compare_keys(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct lk_seal_key));
}

/* While they are filled up, and when they run out. */
static void test_each_is_handed_out_once(void **state)
{
	static struct taker takers[THREADS];
	static struct lk_seal_key all[THREADS * TAKEN];
	struct lk_seal_keys *keys = filled();

	(void)state;
	for (int i = 0; i < THREADS; i++) {
		takers[i].keys = keys;
		assert_int_equal(pthread_create(&takers[i].thread, NULL, take_many, &takers[i]), 0);
	}
	for (int i = 0; i < 16; i++)
		lk_seal_keys_fill(keys, pair.public_key, yes);
	for (int i = 0; i < THREADS; i++) {
		pthread_join(takers[i].thread, NULL);
		memcpy(&all[i * TAKEN], takers[i].taken, sizeof takers[i].taken);
	}
	qsort(all, COUNT(all), sizeof *all, compare_keys);
	assert_false(is_erased(&all[0]));
	for (size_t i = 1; i < COUNT(all); i++) {
		assert_memory_not_equal(all[i - 1].ephemeral, all[i].ephemeral, LK_KEY_BYTES);
		assert_memory_not_equal(all[i - 1].shared, all[i].shared, LK_KEY_BYTES);
	}
	lk_seal_keys_free(keys);
}

static int make_pairs(void **state)
{
	(void)state;
	crypto_box_keypair(pair.public_key, pair.secret_key);
	return crypto_box_keypair(other_pair.public_key, other_pair.secret_key);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_libsodium_opens_what_is_sealed_with_them),
		cmocka_unit_test(test_a_key_is_erased_whatever_comes_of_it),
		cmocka_unit_test(test_no_recipient_no_key),
		cmocka_unit_test(test_another_recipient_gets_none_of_the_first),
		cmocka_unit_test(test_as_many_are_made_as_are_wanted),
		cmocka_unit_test(test_each_is_handed_out_once),
	};

	return sodium_init() < 0 || cmocka_run_group_tests(tests, make_pairs, NULL);
}
