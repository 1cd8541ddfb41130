/* Sealed envelopes. */
#include "support.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "envelope.h"
#include "error.h"
#include "text.h"

#define ID "00112233445566778899aabbccddeeff"
#define ID_OCTETS "\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff"

#define STRINGS 10

static struct lk_key_pair pair, other_pair;

static struct lk_envelope example(void)
{
	return (struct lk_envelope){
		.id = ID,
		.kind = LK_KIND_TEMPORARY_PASSWORD,
		.expires = 1795323720,
		.must_change = true,
		.to = BV("kim@example.net"),
		.language = BV("ko"),
		.name = BV(KIM_NFC),
		.login = BV("kim"),
		.secret = BV("Qm7x-4Kpt-Rw9d-hT3n"),
		.organization = BV("Example"),
		.time_zone = BV("Asia/Seoul"),
		.actor = BV(KIM_NFD),
		.about = BV("lee@example.com"),
	};
}

static void assert_same(const struct lk_envelope *a, const struct lk_envelope *b)
{
	assert_string_equal(a->id, b->id);
	assert_int_equal(a->kind, b->kind);
	assert_int_equal(a->expires, b->expires);
	assert_int_equal(a->must_change, b->must_change);
	assert_bv_equal(&a->to, &b->to);
	assert_bv_equal(&a->language, &b->language);
	assert_bv_equal(&a->name, &b->name);
	assert_bv_equal(&a->login, &b->login);
	assert_bv_equal(&a->secret, &b->secret);
	assert_bv_equal(&a->organization, &b->organization);
	assert_bv_equal(&a->portal, &b->portal);
	assert_bv_equal(&a->time_zone, &b->time_zone);
	assert_bv_equal(&a->actor, &b->actor);
	assert_bv_equal(&a->about, &b->about);
}

static void assert_comes_back(const struct lk_envelope *envelope)
{
	const struct lk_key_pair pairs[] = {other_pair, pair};
	struct lk_envelope opened;
	struct berval sealed, plain;

	assert_int_equal(lk_envelope_seal(envelope, pair.public_key, &sealed), LK_OK);
	assert_int_equal(lk_envelope_open(&sealed, pairs, COUNT(pairs), &plain, &opened), LK_OK);
	assert_same(envelope, &opened);
	lk_envelope_wipe(&plain, &opened);
	assert_null(plain.bv_val);
	assert_null(opened.secret.bv_val);
	ber_memfree(sealed.bv_val);
}

static void test_an_envelope_comes_back(void **state)
{
	struct lk_envelope envelope = example();

	(void)state;
	assert_comes_back(&envelope);
	envelope = (struct lk_envelope){.id = ID};
	assert_comes_back(&envelope);
}

static struct berval *const *strings_of(struct lk_envelope *envelope, struct berval *strings[STRINGS])
{
	strings[0] = &envelope->to;
	strings[1] = &envelope->language;
	strings[2] = &envelope->name;
	strings[3] = &envelope->login;
	strings[4] = &envelope->secret;
	strings[5] = &envelope->organization;
	strings[6] = &envelope->portal;
	strings[7] = &envelope->time_zone;
	strings[8] = &envelope->actor;
	strings[9] = &envelope->about;
	return strings;
}

static void test_random_envelopes_come_back(void **state)
{
	(void)state;
	for (int i = 0; i < 2000; i++) {
		static char texts[STRINGS][LK_ENVELOPE_TEXT_MAX + 1];
		struct lk_envelope envelope = {.kind = (enum lk_kind)draw(LK_KIND_COUNT), .must_change = draw(2)};
		struct berval *strings[STRINGS];

		lk_message_new_id(envelope.id);
		envelope.expires = draw(2) ? (time_t)draw(UINT32_MAX) : 0;
		strings_of(&envelope, strings);
		for (size_t at = 0; at < COUNT(strings); at++)
			*strings[at] = (struct berval){draw_text(texts[at], i ? LK_ENVELOPE_TEXT_MAX : 0, false), texts[at]};
		assert_comes_back(&envelope);
	}
}

static void test_bounds(void **state)
{
	struct berval longest = repeated('x', LK_ENVELOPE_TEXT_MAX + 1);

	(void)state;
	for (size_t at = 0; at < STRINGS; at++) {
		struct lk_envelope envelope = example();
		struct berval *strings[STRINGS], sealed = NONE;

		strings_of(&envelope, strings);
		*strings[at] = longest;
		assert_int_equal(lk_envelope_seal(&envelope, pair.public_key, &sealed), LK_ERR_TOO_LONG);
		assert_null(sealed.bv_val);
		strings[at]->bv_len--;
		assert_comes_back(&envelope);
	}
	free(longest.bv_val);
}

static void test_what_could_not_be_opened_is_not_sealed(void **state)
{
	static const struct berval wrong[] = {BV("a\xff"), BV("line\nline"), BV("\0")};
	struct lk_envelope envelope;
	struct berval sealed = NONE;

	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++) {
		for (size_t at = 0; at < STRINGS; at++) {
			struct berval *strings[STRINGS];

			envelope = example();
			*strings_of(&envelope, strings)[at] = wrong[i];
			assert_int_equal(lk_envelope_seal(&envelope, pair.public_key, &sealed), LK_ERR_NOT_UTF8);
		}
	}
	envelope = example();
	envelope.id[3] = 'G';
	assert_int_equal(lk_envelope_seal(&envelope, pair.public_key, &sealed), LK_ERR_MALFORMED);
	envelope = example();
	envelope.kind = LK_KIND_COUNT;
	assert_int_equal(lk_envelope_seal(&envelope, pair.public_key, &sealed), LK_ERR_MALFORMED);
	assert_null(sealed.bv_val);
}

static void test_a_key_that_is_no_point_seals_nothing(void **state)
{
	static const unsigned char zero[LK_KEY_BYTES];
	struct lk_envelope envelope = example();
	struct berval sealed = NONE;

	(void)state;
	assert_int_equal(lk_envelope_seal(&envelope, zero, &sealed), LK_ERR_KEY);
	assert_null(sealed.bv_val);
}

static void test_the_header_names_message_and_key(void **state)
{
	struct lk_envelope envelope = example();
	unsigned char key_id[LK_KEY_ID_BYTES], expected[LK_KEY_ID_BYTES];
	char id[LK_ID_TEXT + 1];
	struct berval sealed;

	(void)state;
	assert_int_equal(lk_envelope_seal(&envelope, pair.public_key, &sealed), LK_OK);
	assert_int_equal(sealed.bv_val[0], 1);
	assert_memory_equal(sealed.bv_val + 1, ID_OCTETS, LK_ID_BYTES);
	assert_int_equal(lk_sealed_header(&sealed, id, key_id), LK_OK);
	assert_string_equal(id, ID);
	lk_key_id(pair.public_key, expected);
	assert_memory_equal(key_id, expected, LK_KEY_ID_BYTES);
	assert_null(memmem(sealed.bv_val, sealed.bv_len, "Rw9d", 4));
	assert_null(memmem(sealed.bv_val, sealed.bv_len, "kim", 3));
	ber_memfree(sealed.bv_val);
}

static void test_other_headers_are_told(void **state)
{
	static const struct {
		struct berval sealed;
		int status;
	} rows[] = {
		{NONE, LK_ERR_MALFORMED},
		{BV("\x01"), LK_ERR_MALFORMED},
		{BV("\x02"), LK_ERR_VERSION},
		{BV("\x00" ID_OCTETS), LK_ERR_VERSION},
		{BV("\x01" ID_OCTETS "\x01\x02\x03\x04\x05\x06\x07\x08"), LK_ERR_MALFORMED},
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		unsigned char key_id[LK_KEY_ID_BYTES];
		char id[LK_ID_TEXT + 1] = "untouched";

		assert_int_equal(lk_sealed_header(&rows[i].sealed, id, key_id), rows[i].status);
		assert_string_equal(id, "untouched");
	}
}

static void test_only_its_key_opens(void **state)
{
	struct lk_key_pair false_pair = pair;
	struct lk_envelope envelope = example(), opened;
	struct berval sealed, plain = NONE;

	(void)state;
	memcpy(false_pair.secret_key, other_pair.secret_key, LK_KEY_BYTES);
	assert_int_equal(lk_envelope_seal(&envelope, pair.public_key, &sealed), LK_OK);
	assert_int_equal(lk_envelope_open(&sealed, &other_pair, 1, &plain, &opened), LK_ERR_KEY);
	assert_int_equal(lk_envelope_open(&sealed, NULL, 0, &plain, &opened), LK_ERR_KEY);
	assert_int_equal(lk_envelope_open(&sealed, &false_pair, 1, &plain, &opened), LK_ERR_SEALED);
	assert_null(plain.bv_val);
	ber_memfree(sealed.bv_val);
}

static void open_damaged(const struct berval *damaged, void *data)
{
	struct lk_envelope opened;
	struct berval plain = NONE;

	(void)data;
	assert_int_not_equal(lk_envelope_open(damaged, &pair, 1, &plain, &opened), LK_OK);
	assert_null(plain.bv_val);
}

static void test_nothing_damaged_opens(void **state)
{
	struct lk_envelope envelope = {.id = ID};
	struct berval sealed;

	(void)state;
	assert_int_equal(lk_envelope_seal(&envelope, pair.public_key, &sealed), LK_OK);
	for_each_damage(&sealed, open_damaged, NULL);
	ber_memfree(sealed.bv_val);
}

/* Whoever has the public key can seal anything: PLAIN in a box with the header of the example. */
static struct berval box(const struct berval *plain)
{
	struct berval sealed = repeated('\1', LK_SEALED_HEADER + crypto_box_SEALBYTES + plain->bv_len);

	memcpy(sealed.bv_val + 1, ID_OCTETS, LK_ID_BYTES);
	lk_key_id(pair.public_key, (unsigned char *)sealed.bv_val + 1 + LK_ID_BYTES);
	crypto_box_seal((unsigned char *)sealed.bv_val + LK_SEALED_HEADER, (unsigned char *)plain->bv_val, plain->bv_len,
		pair.public_key);
	return sealed;
}

static int open_boxed(const struct berval *plain)
{
	struct berval sealed = box(plain), opened_plain = NONE;
	struct lk_envelope opened;
	int status = lk_envelope_open(&sealed, &pair, 1, &opened_plain, &opened);

	if (status == LK_OK)
		lk_envelope_wipe(&opened_plain, &opened);
	assert_null(opened_plain.bv_val);
	free(sealed.bv_val);
	return status;
}

#define HEAD "\x04\x10" ID_OCTETS "\x0a\x01\x01\x04\x00\x01\x01\xff"
#define EMPTY "\x04\x00"
#define EIGHT EMPTY EMPTY EMPTY EMPTY EMPTY EMPTY EMPTY EMPTY

static void test_the_box_holds_an_envelope_and_nothing_else(void **state)
{
	static const struct {
		struct berval plain;
		int status;
	} rows[] = {
		{BV("\x30\x2c" HEAD EIGHT EMPTY), LK_OK},
		{BV("\x30\x81\x2c" HEAD EIGHT EMPTY), LK_OK},
		{BV("\x30\x30" HEAD EIGHT EMPTY "\x80\x02"
			"ab"),
			LK_OK},
		{BV("\x30\x2e" HEAD EIGHT EMPTY "\x80\x00"), LK_ERR_MALFORMED},
		{BV("\x30\x2f" HEAD EIGHT EMPTY "\x80\x01\xff"), LK_ERR_NOT_UTF8},
		{BV("\x30\x32" HEAD EIGHT EMPTY "\x80\x01"
			"a\x80\x01"
			"a"),
			LK_ERR_MALFORMED},
		{NONE, LK_ERR_MALFORMED},
		{BV("\x30\x00"), LK_ERR_MALFORMED},
		{BV("\x30\x2a" HEAD EIGHT), LK_ERR_MALFORMED},
		{BV("\x30\x2e" HEAD EIGHT EMPTY EMPTY), LK_ERR_MALFORMED},
		{BV("\x30\x2c" HEAD EIGHT EMPTY "\x00"), LK_ERR_MALFORMED},
		{BV("\x30\x2d" HEAD EIGHT EMPTY), LK_ERR_MALFORMED},
		{BV("\x30\x2b" HEAD EIGHT EMPTY), LK_ERR_MALFORMED},
		{BV("\x30\x80" HEAD EIGHT EMPTY "\x00\x00"), LK_ERR_MALFORMED},
		{BV("\x31\x2c" HEAD EIGHT EMPTY), LK_ERR_MALFORMED},
		{BV("\x30\x2d" HEAD EIGHT "\x04\x01\x0a"), LK_ERR_NOT_UTF8},
		{BV("\x30\x2d" HEAD EIGHT "\x04\x01\xff"), LK_ERR_NOT_UTF8},
		{BV("\x30\x2d" HEAD EIGHT "\x04\x02x"), LK_ERR_MALFORMED},
		{BV("\x30\x2c\x04\x10" ID_OCTETS "\x0a\x01\x40\x04\x00\x01\x01\xff" EIGHT EMPTY), LK_ERR_MALFORMED},
		{BV("\x30\x2c\x04\x10" ID_OCTETS "\x0a\x01\xff\x04\x00\x01\x01\xff" EIGHT EMPTY), LK_ERR_MALFORMED},
		{BV("\x30\x2b\x04\x10" ID_OCTETS "\x0a\x01\x01\x04\x00\x01\x00" EIGHT EMPTY), LK_ERR_MALFORMED},
		{BV("\x30\x2d\x04\x10" ID_OCTETS "\x0a\x01\x01\x04\x00\x01\x02\x00\x00" EIGHT EMPTY), LK_ERR_MALFORMED},
		{BV("\x30\x2d\x04\x10" ID_OCTETS "\x0a\x01\x01\x04\x01Z\x01\x01\xff" EIGHT EMPTY), LK_ERR_MALFORMED},
		{BV("\x30\x2c\x04\x10" ID_OCTETS "\x02\x01\x01\x04\x00\x01\x01\xff" EIGHT EMPTY), LK_ERR_MALFORMED},
		{BV("\x30\x2c\x04\x10zzzzzzzzzzzzzzzz\x0a\x01\x01\x04\x00\x01\x01\xff" EIGHT EMPTY), LK_ERR_SEALED},
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		int status = open_boxed(&rows[i].plain);

		if (status != rows[i].status)
			print_message("# row %zu\n", i);
		assert_int_equal(status, rows[i].status);
	}
}

static void open_damaged_plain(const struct berval *damaged, void *data)
{
	(void)data;
	open_boxed(damaged);
}

static void test_no_damage_inside_the_box_does_harm(void **state)
{
	(void)state;
	for_each_damage(&BV("\x30\x2c" HEAD EIGHT EMPTY), open_damaged_plain, NULL);
}

static void test_nothing_can_be_wiped_too(void **state)
{
	struct lk_envelope envelope = example();
	struct berval plain = NONE;

	(void)state;
	lk_envelope_wipe(&plain, &envelope);
	assert_null(envelope.secret.bv_val);
	assert_string_equal(envelope.id, "");
}

static int set_up(void **state)
{
	(void)state;
	if (lk_protocol_init() != LK_OK)
		return -1;
	crypto_box_keypair(pair.public_key, pair.secret_key);
	crypto_box_keypair(other_pair.public_key, other_pair.secret_key);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_envelope_comes_back),
		cmocka_unit_test(test_random_envelopes_come_back),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_what_could_not_be_opened_is_not_sealed),
		cmocka_unit_test(test_a_key_that_is_no_point_seals_nothing),
		cmocka_unit_test(test_the_header_names_message_and_key),
		cmocka_unit_test(test_other_headers_are_told),
		cmocka_unit_test(test_only_its_key_opens),
		cmocka_unit_test(test_nothing_damaged_opens),
		cmocka_unit_test(test_the_box_holds_an_envelope_and_nothing_else),
		cmocka_unit_test(test_no_damage_inside_the_box_does_harm),
		cmocka_unit_test(test_nothing_can_be_wiped_too),
	};
	return cmocka_run_group_tests(tests, set_up, NULL);
}
