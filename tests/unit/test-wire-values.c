/* The values on the wire: what is encoded comes back, and encoders keep every bound. */
#include "support.h"

#include <stdlib.h>

#include "error.h"
#include "wire-admin.h"
#include "wire-bounce.h"
#include "wire-overview.h"
#include "wire.h"

#define ID "00112233445566778899aabbccddeeff"
#define SECONDS 1795237320

static struct berval draw_string(char *text, size_t least, size_t most)
{
	size_t length;

	do
		length = draw_text(text, most, false);
	while (length < least);
	return (struct berval){length, text};
}

static struct berval draw_optional(char *text, size_t most)
{
	return draw(2) ? draw_string(text, 1, most) : NONE;
}

static void test_random_requests_come_back(void **state)
{
	(void)state;
	for (int i = 0; i < 2000; i++) {
		char user[LK_USER_MAX + 1], locale[LK_LOCALE_MAX + 1];
		struct lk_recovery_request value, again;
		struct berval *ber;

		value.user = draw_string(user, 1, LK_USER_MAX);
		value.locale = draw_optional(locale, LK_LOCALE_MAX);
		assert_int_equal(lk_wire_encode_recovery_request(&value, &ber), LK_OK);
		assert_int_equal(lk_wire_decode_recovery_request(ber, &again), LK_OK);
		assert_bv_equal(&value.user, &again.user);
		assert_bv_equal(&value.locale, &again.locale);
		assert_int_equal(value.locale.bv_val == NULL, again.locale.bv_val == NULL);
		lk_wire_free(ber);
	}
}

static void test_random_completions_come_back(void **state)
{
	(void)state;
	for (int i = 0; i < 2000; i++) {
		char user[LK_USER_MAX + 1], proofs[LK_PROOFS_MAX][LK_PROOF_MAX + 1], password[LK_PASSWORD_MAX + 1];
		struct lk_recovery_complete value = {.proofs_count = 1 + draw(LK_PROOFS_MAX)}, again;
		struct berval *ber;

		value.user = draw_string(user, 1, LK_USER_MAX);
		value.new_password = draw_optional(password, LK_PASSWORD_MAX);
		for (size_t at = 0; at < value.new_password.bv_len; at++)
			password[at] = (char)draw(256);
		for (size_t at = 0; at < value.proofs_count; at++) {
			value.proofs[at].method = (enum lk_method)draw(3);
			value.proofs[at].proof = draw_string(proofs[at], 1, LK_PROOF_MAX);
		}
		assert_int_equal(lk_wire_encode_recovery_complete(&value, &ber), LK_OK);
		assert_int_equal(lk_wire_decode_recovery_complete(ber, &again), LK_OK);
		assert_bv_equal(&value.user, &again.user);
		assert_bv_equal(&value.new_password, &again.new_password);
		assert_int_equal(value.proofs_count, again.proofs_count);
		for (size_t at = 0; at < value.proofs_count; at++) {
			assert_int_equal(value.proofs[at].method, again.proofs[at].method);
			assert_bv_equal(&value.proofs[at].proof, &again.proofs[at].proof);
		}
		lk_wire_free(ber);
	}
}

static void test_random_notify_controls_come_back(void **state)
{
	(void)state;
	for (int i = 0; i < 2000; i++) {
		char to[LK_ADDRESS_MAX + 1], locale[LK_LOCALE_MAX + 1], reason[LK_REASON_MAX + 1], ticket[LK_TICKET_MAX + 1];
		struct lk_notify value = {.must_change = draw(2), .conceal = draw(2)}, again;
		struct berval *ber;

		value.to = draw_optional(to, LK_ADDRESS_MAX);
		value.locale = draw_optional(locale, LK_LOCALE_MAX);
		value.reason = draw_optional(reason, LK_REASON_MAX);
		value.ticket = draw_optional(ticket, LK_TICKET_MAX);
		assert_int_equal(lk_wire_encode_notify(&value, &ber), LK_OK);
		assert_int_equal(lk_wire_decode_notify(ber, &again), LK_OK);
		assert_bv_equal(&value.to, &again.to);
		assert_bv_equal(&value.locale, &again.locale);
		assert_int_equal(value.must_change, again.must_change);
		assert_int_equal(value.conceal, again.conceal);
		assert_bv_equal(&value.reason, &again.reason);
		assert_bv_equal(&value.ticket, &again.ticket);
		lk_wire_free(ber);
	}
}

/* A full take of the largest values that are likely, and the settlement of all of it. */
static void test_a_full_take_and_its_settlement_come_back(void **state)
{
	struct lk_taken *taken = calloc(LK_TAKE_MAX + 1, sizeof(*taken)), *taken_again;
	struct lk_settlement *items = calloc(LK_TAKE_MAX + 1, sizeof(*items)), *items_again;
	struct berval holder = repeated('h', LK_HOLDER_MAX), answer = repeated('a', LK_ANSWER_MAX), *ber = NULL;
	size_t count;

	(void)state;
	for (size_t i = 0; i <= LK_TAKE_MAX; i++) {
		taken[i] = (struct lk_taken){holder, answer, holder};
		items[i] = (struct lk_settlement){holder, ID, (enum lk_state)(1 + i % 3), answer, i % 3 ? 0 : SECONDS};
	}
	assert_int_equal(lk_wire_encode_taken(taken, LK_TAKE_MAX + 1, &ber), LK_ERR_TOO_LONG);
	assert_int_equal(lk_wire_encode_taken(taken, LK_TAKE_MAX, &ber), LK_OK);
	assert_int_equal(lk_wire_decode_taken(ber, &taken_again, &count), LK_OK);
	assert_int_equal(count, LK_TAKE_MAX);
	assert_bv_equal(&taken_again[count - 1].sealed, &holder);
	lk_wire_free(ber);
	free(taken_again);

	ber = NULL;
	assert_int_equal(lk_wire_encode_settle(items, LK_TAKE_MAX + 1, &ber), LK_ERR_TOO_LONG);
	assert_int_equal(lk_wire_encode_settle(items, LK_TAKE_MAX, &ber), LK_OK);
	assert_int_equal(lk_wire_decode_settle(ber, &items_again, &count), LK_OK);
	assert_int_equal(count, LK_TAKE_MAX);
	for (size_t i = 0; i < count; i++) {
		assert_string_equal(items_again[i].id, ID);
		assert_int_equal(items_again[i].state, items[i].state);
		assert_int_equal(items_again[i].retry_at, items[i].retry_at);
	}
	lk_wire_free(ber);
	free(items_again);
	free(taken);
	free(items);
	free(holder.bv_val);
	free(answer.bv_val);
}

static void test_as_many_results_as_were_settled(void **state)
{
	int results[LK_TAKE_MAX + 1] = {0}, *again;
	struct berval *ber = NULL;
	size_t count;

	(void)state;
	results[LK_TAKE_MAX - 1] = 32;
	assert_int_equal(lk_wire_encode_settled(results, 0, &ber), LK_ERR_MALFORMED);
	assert_int_equal(lk_wire_encode_settled(results, COUNT(results), &ber), LK_ERR_TOO_LONG);
	assert_null(ber);
	assert_int_equal(lk_wire_encode_settled(results, LK_TAKE_MAX, &ber), LK_OK);
	assert_int_equal(lk_wire_decode_settled(ber, &again, &count), LK_OK);
	assert_int_equal(count, LK_TAKE_MAX);
	assert_int_equal(again[LK_TAKE_MAX - 1], 32);
	free(again);
	lk_wire_free(ber);
}

/* One structure of each type, every string of which is within its bounds. */
struct values {
	struct lk_recovery_request request;
	struct lk_recovery_complete complete;
	struct lk_notify notify;
	struct lk_taken taken;
	struct lk_settlement settlement;
	struct lk_resend resend;
	struct lk_account_request account;
	struct lk_bounce bounce;
};

static struct values good_values(void)
{
	struct berval text = BV("x");

	return (struct values){
		.request = {text, text},
		.complete = {text, {{LK_METHOD_MAIL, text}}, 1, text},
		.notify = {text, text, true, false, text, text},
		.taken = {text, text, text, BV("0123456789abcdef")},
		.settlement = {text, ID, LK_STATE_SENT, text, 0},
		.resend = {text, ID, text},
		.account = {text, text, text},
		.bounce = {.state = LK_STATE_FAILED, .answer = text},
	};
}

static int encode_request(const struct values *values, struct berval **ret_ber)
{
	return lk_wire_encode_recovery_request(&values->request, ret_ber);
}

static int encode_complete(const struct values *values, struct berval **ret_ber)
{
	return lk_wire_encode_recovery_complete(&values->complete, ret_ber);
}

static int encode_notify(const struct values *values, struct berval **ret_ber)
{
	return lk_wire_encode_notify(&values->notify, ret_ber);
}

static int encode_taken(const struct values *values, struct berval **ret_ber)
{
	return lk_wire_encode_taken(&values->taken, 1, ret_ber);
}

static int encode_settle(const struct values *values, struct berval **ret_ber)
{
	return lk_wire_encode_settle(&values->settlement, 1, ret_ber);
}

static int encode_resend(const struct values *values, struct berval **ret_ber)
{
	return lk_wire_encode_resend(&values->resend, ret_ber);
}

static int encode_account(const struct values *values, struct berval **ret_ber)
{
	return lk_wire_encode_account(&values->account, ret_ber);
}

static int encode_bounce(const struct values *values, struct berval **ret_ber)
{
	return lk_wire_encode_bounce(&values->bounce, ret_ber);
}

#define FIELD(name) offsetof(struct values, name)

static const struct {
	int (*encode)(const struct values *values, struct berval **ret_ber);
	size_t field, least, most;
	bool octets, optional; /* any octets; may be absent */
} bounds[] = {
	{encode_request, FIELD(request.user), 1, LK_USER_MAX},
	{encode_request, FIELD(request.locale), 1, LK_LOCALE_MAX, .optional = true},
	{encode_complete, FIELD(complete.user), 1, LK_USER_MAX},
	{encode_complete, FIELD(complete.proofs[0].proof), 1, LK_PROOF_MAX},
	{encode_complete, FIELD(complete.new_password), 1, LK_PASSWORD_MAX, .octets = true, .optional = true},
	{encode_notify, FIELD(notify.to), 1, LK_ADDRESS_MAX, .optional = true},
	{encode_notify, FIELD(notify.locale), 1, LK_LOCALE_MAX, .optional = true},
	{encode_notify, FIELD(notify.reason), 1, LK_REASON_MAX, .optional = true},
	{encode_notify, FIELD(notify.ticket), 1, LK_TICKET_MAX, .optional = true},
	{encode_taken, FIELD(taken.holder), 1, LK_HOLDER_MAX},
	{encode_taken, FIELD(taken.message), 0, 100000, .octets = true},
	{encode_taken, FIELD(taken.sealed), 0, 100000, .octets = true},
	{encode_settle, FIELD(settlement.holder), 1, LK_HOLDER_MAX},
	{encode_settle, FIELD(settlement.answer), 0, LK_ANSWER_MAX},
	{encode_resend, FIELD(resend.user), 1, LK_USER_MAX},
	{encode_resend, FIELD(resend.to), 1, LK_ADDRESS_MAX, .optional = true},
	{encode_account, FIELD(account.user), 1, LK_USER_MAX},
	{encode_account, FIELD(account.reason), 1, LK_REASON_MAX, .optional = true},
	{encode_account, FIELD(account.ticket), 1, LK_TICKET_MAX, .optional = true},
	{encode_bounce, FIELD(bounce.answer), 0, LK_ANSWER_MAX},
};

static int encode_with(size_t i, struct berval field)
{
	struct values values = good_values();
	struct berval *ber = NULL;
	int status;

	*(struct berval *)((char *)&values + bounds[i].field) = field;
	status = bounds[i].encode(&values, &ber);
	assert_int_equal(ber == NULL, status != LK_OK);
	lk_wire_free(ber);
	return status;
}

static void test_an_entry_uuid_is_sixteen_octets_or_none(void **state)
{
	static const struct {
		struct berval uuid;
		int status;
	} rows[] = {{BV("0123456789abcdef"), LK_OK}, {NONE, LK_OK}, {BV(""), LK_ERR_MALFORMED},
		{BV("0123456789abcde"), LK_ERR_MALFORMED}, {BV("0123456789abcdefg"), LK_ERR_TOO_LONG}};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct lk_taken taken = {BV("x"), BV("x"), BV("x"), rows[i].uuid}, *again;
		struct berval *ber = NULL;
		size_t count;

		assert_int_equal(lk_wire_encode_taken(&taken, 1, &ber), rows[i].status);
		if (rows[i].status != LK_OK)
			continue;
		assert_int_equal(lk_wire_decode_taken(ber, &again, &count), LK_OK);
		assert_bv_equal(&again[0].entry_uuid, &rows[i].uuid);
		free(again);
		lk_wire_free(ber);
	}
}

static void test_encoders_keep_every_bound(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(bounds); i++) {
		struct berval longest = repeated('x', bounds[i].most), longer = repeated('x', bounds[i].most + 1);
		bool unbounded = bounds[i].most == 100000;

		assert_int_equal(encode_with(i, longest), LK_OK);
		assert_int_equal(encode_with(i, longer), unbounded ? LK_OK : LK_ERR_TOO_LONG);
		assert_int_equal(encode_with(i, BV("")), bounds[i].least == 0 ? LK_OK : LK_ERR_MALFORMED);
		assert_int_equal(encode_with(i, NONE), bounds[i].least == 0 || bounds[i].optional ? LK_OK : LK_ERR_MALFORMED);
		assert_int_equal(encode_with(i, BV("\xff")), bounds[i].octets ? LK_OK : LK_ERR_NOT_UTF8);
		free(longest.bv_val);
		free(longer.bv_val);
	}
}

static void test_encoders_refuse_numbers_that_are_none(void **state)
{
	struct values values = good_values();
	struct lk_notify_response response = {.id = "short"};
	struct berval *ber = NULL;

	(void)state;
	values.complete.proofs_count = 0;
	assert_int_equal(encode_complete(&values, &ber), LK_ERR_MALFORMED);
	values.complete.proofs_count = LK_PROOFS_MAX + 1;
	assert_int_equal(encode_complete(&values, &ber), LK_ERR_TOO_LONG);
	values.complete.proofs_count = 1;
	values.complete.proofs[0].method = (enum lk_method)3;
	assert_int_equal(encode_complete(&values, &ber), LK_ERR_MALFORMED);
	values.settlement.state = LK_STATE_QUEUED;
	assert_int_equal(encode_settle(&values, &ber), LK_ERR_MALFORMED);
	values.settlement.state = LK_STATE_DEFERRED;
	assert_int_equal(encode_settle(&values, &ber), LK_ERR_MALFORMED);
	values.settlement.state = LK_STATE_FAILED;
	values.settlement.retry_at = SECONDS;
	assert_int_equal(encode_settle(&values, &ber), LK_ERR_MALFORMED);
	assert_int_equal(lk_wire_encode_settle(NULL, 0, &ber), LK_ERR_MALFORMED);
	assert_int_equal(lk_wire_encode_notify_response(&response, &ber), LK_ERR_MALFORMED);
	assert_int_equal(lk_wire_encode_take(&(struct lk_take){LK_TAKE_MAX + 1, 1}, &ber), LK_ERR_MALFORMED);
	assert_int_equal(lk_wire_encode_take(&(struct lk_take){1, LK_LEASE_MAX + 1}, &ber), LK_ERR_MALFORMED);
	assert_int_equal(lk_wire_encode_settled((int[]){-1}, 1, &ber), LK_ERR_MALFORMED);
	assert_null(ber);
}

/* The directory's DNs go through as they are: what it holds must not hold up the mail. */
static void test_a_dn_may_hold_what_the_directory_has(void **state)
{
	struct values values = good_values();
	struct berval *ber = NULL;

	(void)state;
	values.taken.holder = BV("cn=a\tb,o=x");
	assert_int_equal(encode_taken(&values, &ber), LK_OK);
	lk_wire_free(ber);
	values.settlement.holder = BV("cn=a\xc2\x85,o=x");
	assert_int_equal(encode_settle(&values, &ber), LK_OK);
	lk_wire_free(ber);
	lk_wire_free(NULL);
}

static int set_up(void **state)
{
	(void)state;
	return lk_protocol_init();
}

static void test_overviews_come_back(void **state)
{
	static const struct lk_wire_overview good[] = {
		{0, 0, true}, {1, 300, false}, {LK_OVERVIEW_MOST, LK_OVERVIEW_MOST, true}};
	static const struct lk_wire_overview bad[] = {{-1, 0, true}, {0, -1, true}, {0, LK_OVERVIEW_MOST + 1, true}};
	struct berval *ber;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct lk_wire_overview again;

		assert_int_equal(lk_wire_encode_overview(&good[i], &ber), LK_OK);
		assert_int_equal(lk_wire_decode_overview(ber, &again), LK_OK);
		assert_true(again.failed == good[i].failed && again.open == good[i].open && again.durable == good[i].durable);
		lk_wire_free(ber);
		assert_int_not_equal(lk_wire_encode_overview(&bad[i], &ber), LK_OK);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_requests_come_back),
		cmocka_unit_test(test_random_completions_come_back),
		cmocka_unit_test(test_random_notify_controls_come_back),
		cmocka_unit_test(test_a_full_take_and_its_settlement_come_back),
		cmocka_unit_test(test_as_many_results_as_were_settled),
		cmocka_unit_test(test_an_entry_uuid_is_sixteen_octets_or_none),
		cmocka_unit_test(test_encoders_keep_every_bound),
		cmocka_unit_test(test_encoders_refuse_numbers_that_are_none),
		cmocka_unit_test(test_a_dn_may_hold_what_the_directory_has),
		cmocka_unit_test(test_overviews_come_back),
	};
	return cmocka_run_group_tests(tests, set_up, NULL);
}
