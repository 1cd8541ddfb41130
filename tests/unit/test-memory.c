/* What the library does with memory: it frees no octet of a secret, and where memory runs out it says so, leaves
 * nothing behind and touches no result. For this the test takes the place of liblber's allocator. */
#include "support.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "code.h"
#include "envelope.h"
#include "error.h"
#include "message.h"
#include "password.h"
#include "wire.h"

#define ID "00112233445566778899aabbccddeeff"
#define SECRET "Qm7x-4Kpt-Rw9d-hT3n"
#define EACH 4 /* a piece of the secret as long as this counts as found */
#define UNLIMITED SIZE_MAX

static size_t blocks, allocations_left = UNLIMITED, secrets_freed;

static void *give(ber_len_t length, bool zeroed)
{
	size_t *block;

	if (allocations_left == 0)
		return NULL;
	if (allocations_left != UNLIMITED)
		allocations_left--;
	block = malloc(2 * sizeof(*block) + length);
	if (block == NULL)
		return NULL;
	block[0] = length;
	memset(block + 2, zeroed ? 0 : 0xa5, length);
	blocks++;
	return block + 2;
}

static void take_back(void *pointer)
{
	size_t *block;

	if (pointer == NULL)
		return;
	block = (size_t *)pointer - 2;
	for (size_t at = 0; at + EACH < sizeof(SECRET); at++) {
		if (memmem(pointer, block[0], SECRET + at, EACH) != NULL)
			secrets_freed++;
	}
	blocks--;
	free(block);
}

/* These stand before liblber's own, which it calls for all of its memory; its headers do not declare them. */
void *ber_memalloc_x(ber_len_t length, void *context);
void *ber_memcalloc_x(ber_len_t count, ber_len_t size, void *context);
void *ber_memrealloc_x(void *pointer, ber_len_t length, void *context);
void ber_memfree_x(void *pointer, void *context);

void *ber_memalloc_x(ber_len_t length, void *context)
{
	(void)context;
	return give(length, false);
}

void *ber_memcalloc_x(ber_len_t count, ber_len_t size, void *context)
{
	(void)context;
	return give(count * size, true);
}

void *ber_memrealloc_x(void *pointer, ber_len_t length, void *context)
{
	void *larger = give(length, false);

	if (larger == NULL || pointer == NULL)
		return larger;
	memcpy(larger, pointer, ((size_t *)pointer)[-2] < length ? ((size_t *)pointer)[-2] : length);
	ber_memfree_x(pointer, context);
	return larger;
}

void ber_memfree_x(void *pointer, void *context)
{
	(void)context;
	take_back(pointer);
}

static int encode_complete(void)
{
	struct lk_recovery_complete value = {BV("kim"), {{LK_METHOD_MAIL, BV(SECRET)}}, 1, BV(SECRET)};
	struct berval *ber = NULL;
	int status = lk_wire_encode_recovery_complete(&value, &ber);

	assert_int_equal(ber == NULL, status != LK_OK);
	lk_wire_free(ber);
	return status;
}

/* Its last element stands in three SEQUENCEs, each of which moves it when it ends. */
static int encode_complete_without_password(void)
{
	struct lk_recovery_complete value = {BV("kim"), {{LK_METHOD_MAIL, BV(SECRET)}}, 1, NONE};
	struct berval *ber = NULL;
	int status = lk_wire_encode_recovery_complete(&value, &ber);

	assert_int_equal(ber == NULL, status != LK_OK);
	lk_wire_free(ber);
	return status;
}

/* Encoded, and refused only then. */
static int encode_wrong_complete(void)
{
	struct lk_recovery_complete value = {BV("ki\n"), {{LK_METHOD_MAIL, BV(SECRET)}}, 1, BV(SECRET)};
	struct berval *ber = NULL;
	int status = lk_wire_encode_recovery_complete(&value, &ber);

	assert_null(ber);
	return status == LK_ERR_NOT_UTF8 ? LK_OK : status;
}

static int encode_long_complete(void)
{
	static char octets[100000];
	struct lk_recovery_complete value = {BV("kim"), {{LK_METHOD_MAIL, BV(SECRET)}}, 1, {sizeof(octets), octets}};
	struct berval *ber = NULL;
	int status;

	for (size_t at = 0; at + sizeof(SECRET) < sizeof(octets); at += sizeof(SECRET))
		memcpy(octets + at, SECRET, sizeof(SECRET));
	status = lk_wire_encode_recovery_complete(&value, &ber);
	assert_null(ber);
	return status == LK_ERR_TOO_LONG ? LK_OK : status;
}

static int encode_settled(void)
{
	struct berval *ber = NULL;
	int status = lk_wire_encode_settled((int[]){0, 32}, 2, &ber);

	assert_int_equal(ber == NULL, status != LK_OK);
	lk_wire_free(ber);
	return status;
}

static int decode_notify(void)
{
	struct lk_notify value;

	return lk_wire_decode_notify(&BV("\x30\x00"), &value);
}

static int decode_settled(void)
{
	int *results = NULL;
	size_t count = 0;
	int status = lk_wire_decode_settled(&BV("\x30\x03\x0a\x01\x00"), &results, &count);

	assert_int_equal(results == NULL, status != LK_OK);
	free(results);
	return status;
}

static int seal(struct lk_envelope envelope, struct berval *ret_sealed, struct lk_key_pair *pair)
{
	crypto_box_keypair(pair->public_key, pair->secret_key);
	return lk_envelope_seal(&envelope, pair->public_key, ret_sealed);
}

static int seal_and_open(void)
{
	struct lk_envelope envelope = {.id = ID, .secret = BV(SECRET)}, opened;
	struct berval sealed = NONE, plain = NONE;
	struct lk_key_pair pair;
	int status = seal(envelope, &sealed, &pair);

	assert_int_equal(sealed.bv_val == NULL, status != LK_OK);
	if (status != LK_OK)
		return status;
	status = lk_envelope_open(&sealed, &pair, 1, &plain, &opened);
	assert_int_equal(plain.bv_val == NULL, status != LK_OK);
	if (status == LK_OK)
		lk_envelope_wipe(&plain, &opened);
	ber_memfree(sealed.bv_val);
	return status;
}

static int seal_wrong(void)
{
	struct lk_envelope envelope = {.id = ID, .secret = BV(SECRET), .actor = BV("\xff")};
	struct berval sealed = NONE;
	struct lk_key_pair pair;
	int status = seal(envelope, &sealed, &pair);

	assert_null(sealed.bv_val);
	return status == LK_ERR_NOT_UTF8 ? LK_OK : status;
}

static int format_message(void)
{
	struct lk_message message = {.id = ID, .created = 1, .due = 1, .lang = "ko", .to = "kim@example.net"};
	struct berval value = NONE;
	int status;

	memset(message.answer, ' ', LK_ANSWER_MAX);
	status = lk_message_format(&message, &value);
	assert_int_equal(value.bv_val == NULL, status != LK_OK);
	ber_memfree(value.bv_val);
	return status;
}

static int format_code(void)
{
	struct lk_stored_code code = {.id = ID, .created = 1, .expires = 2};
	struct berval value = NONE;
	int status = lk_stored_code_format(&code, &value);

	assert_int_equal(value.bv_val == NULL, status != LK_OK);
	ber_memfree(value.bv_val);
	return status;
}

static int format_temporary(void)
{
	struct berval value = NONE;
	int status = lk_temporary_format(&BV("{SSHA}abc="), 1, &value);

	assert_int_equal(value.bv_val == NULL, status != LK_OK);
	ber_memfree(value.bv_val);
	return status;
}

/* Each returns LK_OK, or LK_ERR_NO_MEMORY where there was not enough. */
static int (*const jobs[])(void) = {
	encode_complete,
	encode_complete_without_password,
	encode_wrong_complete,
	encode_long_complete,
	encode_settled,
	decode_notify,
	decode_settled,
	seal_and_open,
	seal_wrong,
	format_message,
	format_code,
	format_temporary,
};

static void test_no_octet_of_a_secret_is_freed(void **state)
{
	(void)state;
	secrets_freed = 0;
	for (size_t i = 0; i < COUNT(jobs); i++) {
		assert_int_equal(jobs[i](), LK_OK);
		assert_int_equal(blocks, 0);
		assert_int_equal(secrets_freed, 0);
	}
}

static void test_the_test_would_find_a_secret(void **state)
{
	(void)state;
	secrets_freed = 0;
	ber_memfree(ber_strdup("xx" SECRET));
	assert_int_equal(secrets_freed, sizeof(SECRET) - EACH);
	secrets_freed = 0;
}

static void test_missing_memory_is_told(void **state)
{
	(void)state;
	secrets_freed = 0;
	for (size_t i = 0; i < COUNT(jobs); i++) {
		size_t allocations = 0;
		int status;

		do {
			allocations_left = allocations++;
			status = jobs[i]();
			allocations_left = UNLIMITED;
			assert_true(status == LK_OK || status == LK_ERR_NO_MEMORY);
			assert_int_equal(blocks, 0);
			assert_int_equal(secrets_freed, 0);
		} while (status != LK_OK);
		assert_true(allocations > 1);
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
		cmocka_unit_test(test_no_octet_of_a_secret_is_freed),
		cmocka_unit_test(test_the_test_would_find_a_secret),
		cmocka_unit_test(test_missing_memory_is_told),
	};
	return cmocka_run_group_tests(tests, set_up, NULL);
}
