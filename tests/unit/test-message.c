/* The stored state of a message. */
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "message.h"

#define ID "00112233445566778899aabbccddeeff"
#define HEAD "1 id=" ID " kind=temporaryPassword state=queued"
#define TIMES " created=20261121050200Z due=20261121050200Z"
#define LEAST HEAD TIMES " lang=ko to=kim@example.net"
#define EXAMPLE HEAD " tries=0" TIMES " expires=20261122050200Z lang=ko to=kim@example.net"

static void assert_same(const struct lk_message *a, const struct lk_message *b)
{
	assert_string_equal(a->id, b->id);
	assert_int_equal(a->kind, b->kind);
	assert_int_equal(a->state, b->state);
	assert_int_equal(a->tries, b->tries);
	assert_int_equal(a->created, b->created);
	assert_int_equal(a->due, b->due);
	assert_int_equal(a->expires, b->expires);
	assert_string_equal(a->lang, b->lang);
	assert_string_equal(a->to, b->to);
	assert_string_equal(a->actor, b->actor);
	assert_string_equal(a->answer, b->answer);
}

static void test_the_stored_form_is_the_documented_one(void **state)
{
	struct lk_message message;
	struct berval value;

	(void)state;
	assert_int_equal(lk_message_parse(&BV(EXAMPLE), &message), LK_OK);
	assert_string_equal(message.id, ID);
	assert_int_equal(message.kind, LK_KIND_TEMPORARY_PASSWORD);
	assert_int_equal(message.state, LK_STATE_QUEUED);
	assert_int_equal(message.tries, 0);
	assert_int_equal(message.created, 1795237320);
	assert_int_equal(message.due, 1795237320);
	assert_int_equal(message.expires, 1795237320 + 86400);
	assert_string_equal(message.lang, "ko");
	assert_string_equal(message.to, "kim@example.net");
	assert_string_equal(message.actor, "");
	assert_string_equal(message.answer, "");
	assert_int_equal(lk_message_format(&message, &value), LK_OK);
	assert_string_equal(value.bv_val, EXAMPLE);
	ber_memfree(value.bv_val);
}

static void test_what_is_left_out_has_its_default(void **state)
{
	struct lk_message message;

	(void)state;
	memset(&message, 0x55, sizeof(message));
	assert_int_equal(lk_message_parse(&BV(LEAST), &message), LK_OK);
	assert_int_equal(message.tries, 0);
	assert_int_equal(message.expires, 0);
	assert_string_equal(message.actor, "");
	assert_string_equal(message.answer, "");
}

static void test_names(void **state)
{
	(void)state;
	assert_string_equal(lk_kind_name(LK_KIND_RECOVERY_CODE), "recoveryCode");
	assert_string_equal(lk_kind_name(LK_KIND_TEMPORARY_PASSWORD), "temporaryPassword");
	assert_string_equal(lk_kind_name(LK_KIND_WELCOME), "welcome");
	assert_string_equal(lk_kind_name(LK_KIND_PASSWORD_CHANGED), "passwordChanged");
	assert_string_equal(lk_kind_name(LK_KIND_ADDRESS_PROOF), "addressProof");
	assert_string_equal(lk_kind_name(LK_KIND_WELCOME_CODE), "welcomeCode");
	assert_string_equal(lk_kind_name(LK_KIND_RESET_CODE), "resetCode");
	assert_string_equal(lk_kind_name(LK_KIND_PASSWORD_RECOVERED), "passwordRecovered");
	assert_string_equal(lk_kind_name(LK_KIND_ACCOUNT_UNLOCKED), "accountUnlocked");
	assert_string_equal(lk_kind_name(LK_KIND_CREDENTIAL_CHANGED), "credentialChanged");
	assert_string_equal(lk_kind_name(LK_KIND_ADDRESS_CHANGED), "addressChanged");
	assert_string_equal(lk_kind_name(LK_KIND_RESENT_ELSEWHERE), "resentElsewhere");
	assert_string_equal(lk_kind_name(LK_KIND_ADMINISTRATOR_RESET), "administratorReset");
	assert_string_equal(lk_kind_name(LK_KIND_PASSWORD_EXPIRING), "passwordExpiring");
	assert_string_equal(lk_kind_name(LK_KIND_DELIVERY_FAILED), "deliveryFailed");
	assert_string_equal(lk_kind_name(LK_KIND_MISUSE_REPORTED), "misuseReported");
	assert_null(lk_kind_name(LK_KIND_COUNT));
	assert_null(lk_kind_name((enum lk_kind) - 1));
	assert_string_equal(lk_state_name(LK_STATE_QUEUED), "queued");
	assert_string_equal(lk_state_name(LK_STATE_DEFERRED), "deferred");
	assert_string_equal(lk_state_name(LK_STATE_SENT), "sent");
	assert_string_equal(lk_state_name(LK_STATE_FAILED), "failed");
	assert_null(lk_state_name(LK_STATE_COUNT));
	assert_null(lk_state_name((enum lk_state) - 1));
}

static void test_queued_and_deferred_are_open(void **state)
{
	(void)state;
	for (int i = 0; i < LK_STATE_COUNT; i++) {
		struct lk_message message = {.state = (enum lk_state)i};

		assert_int_equal(lk_message_is_open(&message), i == LK_STATE_QUEUED || i == LK_STATE_DEFERRED);
	}
}

static void test_ids_are_fresh(void **state)
{
	char ids[1000][LK_ID_TEXT + 1];

	(void)state;
	for (size_t i = 0; i < COUNT(ids); i++) {
		lk_message_new_id(ids[i]);
		assert_int_equal(strspn(ids[i], "0123456789abcdef"), LK_ID_TEXT);
		assert_int_equal(strlen(ids[i]), LK_ID_TEXT);
		for (size_t before = 0; before < i; before++)
			assert_string_not_equal(ids[i], ids[before]);
	}
}

static void test_texts_are_escaped(void **state)
{
	static const struct {
		const char *answer, *stored;
	} rows[] = {
		{"250 2.0.0 Ok: queued", " answer=250%202.0.0%20Ok:%20queued"},
		{"100%", " answer=100%25"},
		{"a=b", " answer=a=b"},
		{"two\r\nlines\t\x7f", " answer=two%0D%0Alines%09%7F"},
		{KIM_NFC, " answer=" KIM_NFC},
		{KIM_NFD, " answer=" KIM_NFD},
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct lk_message message, again;
		struct berval value;

		assert_int_equal(lk_message_parse(&BV(LEAST), &message), LK_OK);
		strcpy(message.answer, rows[i].answer);
		assert_int_equal(lk_message_format(&message, &value), LK_OK);
		assert_string_equal(strstr(value.bv_val, " answer="), rows[i].stored);
		assert_int_equal(lk_message_parse(&value, &again), LK_OK);
		assert_same(&message, &again);
		ber_memfree(value.bv_val);
	}
}

static void draw_message(struct lk_message *message)
{
	memset(message, 0, sizeof(*message));
	lk_message_new_id(message->id);
	message->kind = (enum lk_kind)draw(LK_KIND_COUNT);
	message->state = (enum lk_state)draw(LK_STATE_COUNT);
	message->tries = draw(1000000);
	message->created = 1 + (time_t)draw(UINT32_MAX);
	message->due = 1 + (time_t)draw(UINT32_MAX);
	message->expires = draw(2) ? (time_t)draw(UINT32_MAX) : 0;
	draw_text(message->actor, LK_DN_MAX, true);
	draw_text(message->answer, LK_ANSWER_MAX, true);
	while (draw_text(message->lang, LK_LOCALE_TEXT, false) == 0)
		continue;
	while (draw_text(message->to, LK_ADDRESS_MAX, false) == 0)
		continue;
}

static void test_random_messages_come_back(void **state)
{
	(void)state;
	for (int i = 0; i < 5000; i++) {
		struct lk_message message, again;
		struct berval value;

		draw_message(&message);
		assert_int_equal(lk_message_format(&message, &value), LK_OK);
		for (size_t at = 0; at < value.bv_len; at++)
			assert_true((unsigned char)value.bv_val[at] >= ' ' && value.bv_val[at] != 0x7f);
		assert_int_equal(lk_message_parse(&value, &again), LK_OK);
		assert_same(&message, &again);
		ber_memfree(value.bv_val);
	}
}

static void test_other_values_are_told(void **state)
{
	static const struct {
		struct berval value;
		int status;
	} rows[] = {
		{NONE, LK_ERR_MALFORMED},
		{BV(" "), LK_ERR_MALFORMED},
		{BV("1"), LK_ERR_MALFORMED},
		{BV("2"), LK_ERR_VERSION},
		{BV("2 id=" ID), LK_ERR_VERSION},
		{BV("01 id=" ID), LK_ERR_VERSION},
		{BV("id=" ID), LK_ERR_MALFORMED},
		{BV(" " LEAST), LK_ERR_MALFORMED},
		{BV(LEAST " "), LK_ERR_MALFORMED},
		{BV(LEAST "\n"), LK_ERR_MALFORMED},
		/* the order is free, what is unknown is skipped */
		{BV("1 to=a lang=ko" TIMES " state=sent kind=welcome id=" ID), LK_OK},
		{BV(LEAST " x-new=%00%ff"), LK_OK},
		{BV(LEAST " answer="), LK_OK},
		/* each once, each that is required */
		{BV(LEAST " to=lee@example.net"), LK_ERR_MALFORMED},
		{BV(LEAST " tries=1 tries=1"), LK_ERR_MALFORMED},
		{BV(HEAD TIMES " lang=ko"), LK_ERR_MALFORMED},
		{BV(HEAD TIMES " to=a"), LK_ERR_MALFORMED},
		{BV(HEAD TIMES " lang= to=a"), LK_ERR_MALFORMED},
		{BV(HEAD TIMES " lang=ko to="), LK_ERR_MALFORMED},
		{BV(HEAD " lang=ko to=a"), LK_ERR_MALFORMED},
		{BV("1 id=" ID TIMES " lang=ko to=a"), LK_ERR_MALFORMED},
		/* each in its form */
		{BV("1 id=00112233445566778899AABBCCDDEEFF kind=welcome state=sent" TIMES " lang=ko to=a"), LK_ERR_MALFORMED},
		{BV("1 id=00 kind=welcome state=sent" TIMES " lang=ko to=a"), LK_ERR_MALFORMED},
		{BV("1 id=" ID " kind=Welcome state=sent" TIMES " lang=ko to=a"), LK_ERR_MALFORMED},
		{BV("1 id=" ID " kind=welcome state=lost" TIMES " lang=ko to=a"), LK_ERR_MALFORMED},
		{BV("1 id=" ID " kind= state=sent" TIMES " lang=ko to=a"), LK_ERR_MALFORMED},
		{BV(LEAST " tries=999999"), LK_OK},
		{BV(LEAST " tries=1000000"), LK_ERR_TOO_LONG},
		{BV(LEAST " tries=99999999999999999999999999"), LK_ERR_TOO_LONG},
		{BV(LEAST " tries="), LK_ERR_MALFORMED},
		{BV(LEAST " tries=-1"), LK_ERR_MALFORMED},
		{BV(LEAST " tries=1a"), LK_ERR_MALFORMED},
		{BV(LEAST " expires=20261122"), LK_ERR_MALFORMED},
		{BV(LEAST " expires="), LK_ERR_MALFORMED},
		/* texts */
		{BV(LEAST " answer=%41"), LK_OK},
		{BV(LEAST " answer=%c3%A9"), LK_OK},
		{BV(LEAST " answer=%"), LK_ERR_MALFORMED},
		{BV(LEAST " answer=%4"), LK_ERR_MALFORMED},
		{BV(LEAST " answer=%4g"), LK_ERR_MALFORMED},
		{BV(LEAST " answer=%00"), LK_ERR_NOT_UTF8},
		{BV(LEAST " answer=a\0b"), LK_ERR_MALFORMED},
		{BV(LEAST " answer=a\tb"), LK_ERR_MALFORMED},
		{BV(LEAST " answer=\xff"), LK_ERR_NOT_UTF8},
		{BV(LEAST " answer=%ff"), LK_ERR_NOT_UTF8},
		{BV(LEAST " answer=%ed%a0%80"), LK_ERR_NOT_UTF8},
		{BV(LEAST " actor"), LK_ERR_MALFORMED},
		{BV(LEAST " =x"), LK_ERR_MALFORMED},
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct lk_message message = {.tries = 4242424};
		int status = lk_message_parse(&rows[i].value, &message);

		if (status != rows[i].status)
			print_message("# %zu: %s\n", i, rows[i].value.bv_val);
		assert_int_equal(status, rows[i].status);
		assert_int_equal(message.tries == 4242424, status != LK_OK);
	}
}

/* Escaped or not, BOUND octets fit and one more does not. */
static void check_bound(const char *before, const char *after, size_t bound)
{
	static const char *const letters[] = {"x", "%78"};

	for (size_t octets = bound; octets <= bound + 1; octets++) {
		for (size_t escaped = 0; escaped < COUNT(letters); escaped++) {
			struct berval value = repeated('\0', strlen(before) + 3 * octets + strlen(after));
			struct lk_message message;

			strcpy(value.bv_val, before);
			for (size_t i = 0; i < octets; i++)
				strcat(value.bv_val, letters[escaped]);
			strcat(value.bv_val, after);
			value.bv_len = strlen(value.bv_val);
			assert_int_equal(lk_message_parse(&value, &message), octets == bound ? LK_OK : LK_ERR_TOO_LONG);
			free(value.bv_val);
		}
	}
}

static void test_bounds(void **state)
{
	(void)state;
	check_bound(HEAD TIMES " to=a lang=", "", LK_LOCALE_TEXT);
	check_bound(HEAD TIMES " lang=ko to=", "", LK_ADDRESS_MAX);
	check_bound(LEAST " actor=", "", LK_DN_MAX);
	check_bound(LEAST " answer=", " tries=1", LK_ANSWER_MAX);
}

static void read_value(const struct berval *damaged, void *data)
{
	struct lk_message message;
	struct berval value;

	(void)data;
	if (lk_message_parse(damaged, &message) != LK_OK)
		return;
	if (lk_message_format(&message, &value) == LK_OK)
		ber_memfree(value.bv_val);
}

static void test_no_damage_does_harm(void **state)
{
	(void)state;
	for_each_damage(&BV(EXAMPLE " actor=cn=%20x answer=" KIM_NFC), read_value, NULL);
	for_each_damage(&BV(LEAST), read_value, NULL);
}

static void refuse(const struct lk_message *message, int expected)
{
	struct berval value = NONE;

	assert_int_equal(lk_message_format(message, &value), expected);
	assert_null(value.bv_val);
}

static void test_what_could_not_be_read_is_not_written(void **state)
{
	struct lk_message good, bad;

	(void)state;
	assert_int_equal(lk_message_parse(&BV(EXAMPLE), &good), LK_OK);
	bad = good;
	bad.id[31] = '\0';
	refuse(&bad, LK_ERR_MALFORMED);
	bad = good;
	bad.kind = LK_KIND_COUNT;
	refuse(&bad, LK_ERR_MALFORMED);
	bad = good;
	bad.state = (enum lk_state) - 1;
	refuse(&bad, LK_ERR_MALFORMED);
	bad = good;
	bad.tries = 1000000;
	refuse(&bad, LK_ERR_TOO_LONG);
	bad = good;
	bad.due = 0;
	refuse(&bad, LK_ERR_MALFORMED);
	bad = good;
	bad.to[0] = '\0';
	refuse(&bad, LK_ERR_MALFORMED);
	bad = good;
	strcpy(bad.answer, "\xff");
	refuse(&bad, LK_ERR_NOT_UTF8);
	bad = good;
	memset(bad.answer, 'x', sizeof(bad.answer));
	refuse(&bad, LK_ERR_TOO_LONG);
}

static int set_up(void **state)
{
	(void)state;
	return lk_protocol_init();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_stored_form_is_the_documented_one),
		cmocka_unit_test(test_what_is_left_out_has_its_default),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_queued_and_deferred_are_open),
		cmocka_unit_test(test_ids_are_fresh),
		cmocka_unit_test(test_texts_are_escaped),
		cmocka_unit_test(test_random_messages_come_back),
		cmocka_unit_test(test_other_values_are_told),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_no_damage_does_harm),
		cmocka_unit_test(test_what_could_not_be_read_is_not_written),
	};
	return cmocka_run_group_tests(tests, set_up, NULL);
}
