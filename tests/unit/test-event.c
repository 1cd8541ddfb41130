/* The stored form of an event of an account's trail. */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "event.h"

#define TIME "20261121050200Z"
#define LEAST "1 time=" TIME " what=unlock"
#define EXAMPLE                                                                                                        \
	"1 time=" TIME " what=reset rule=password-administrator actor=uid=padmin,ou=managed,dc=example,dc=org"             \
	" client=IP=192.0.2.7 reason=called%20the%20helpdesk ticket=4711"
#define CHANGE                                                                                                         \
	"1 time=" TIME " what=policy rule=rootdn changed=latchkeyResetMode,latchkeyScope actor=cn=admin "                  \
	"client=IP=192.0.2.7"

static void assert_same(const struct lk_event *a, const struct lk_event *b)
{
	assert_int_equal(a->time, b->time);
	assert_int_equal(a->what, b->what);
	assert_string_equal(a->rule, b->rule);
	assert_string_equal(a->actor, b->actor);
	assert_string_equal(a->client, b->client);
	assert_string_equal(a->reason, b->reason);
	assert_string_equal(a->ticket, b->ticket);
}

static void test_the_stored_form_is_the_documented_one(void **state)
{
	struct lk_event event;
	struct berval value;

	(void)state;
	assert_int_equal(lk_event_parse(&BV(EXAMPLE), &event), LK_OK);
	assert_int_equal(event.time, 1795237320);
	assert_int_equal(event.what, LK_EVENT_RESET);
	assert_string_equal(event.rule, "password-administrator");
	assert_string_equal(event.actor, "uid=padmin,ou=managed,dc=example,dc=org");
	assert_string_equal(event.client, "IP=192.0.2.7");
	assert_string_equal(event.reason, "called the helpdesk");
	assert_string_equal(event.ticket, "4711");
	assert_int_equal(lk_event_format(&event, &value), LK_OK);
	assert_string_equal(value.bv_val, EXAMPLE);
	ber_memfree(value.bv_val);
}

static void test_what_was_changed_is_named(void **state)
{
	struct lk_event event;
	struct berval value;

	(void)state;
	assert_int_equal(lk_event_parse(&BV(CHANGE), &event), LK_OK);
	assert_int_equal(event.what, LK_EVENT_POLICY);
	assert_string_equal(event.changed, "latchkeyResetMode,latchkeyScope");
	assert_int_equal(lk_event_format(&event, &value), LK_OK);
	assert_string_equal(value.bv_val, CHANGE);
	ber_memfree(value.bv_val);
}

static void test_what_is_left_out_is_empty(void **state)
{
	struct lk_event event;

	(void)state;
	memset(&event, 0x55, sizeof(event));
	assert_int_equal(lk_event_parse(&BV(LEAST), &event), LK_OK);
	assert_int_equal(event.what, LK_EVENT_UNLOCK);
	assert_string_equal(event.rule, "");
	assert_string_equal(event.actor, "");
	assert_string_equal(event.client, "");
	assert_string_equal(event.reason, "");
	assert_string_equal(event.ticket, "");
}

static void test_each_kind_by_its_name(void **state)
{
	static const char *const names[LK_EVENT_COUNT] = {"reset", "recovery", "recoveryKept", "resend", "unlock", "block",
		"refused", "enrolment", "welcome", "misuse", "credential", "policy", "group", "move"};
	(void)state;

	for (size_t i = 0; i < COUNT(names); i++) {
		char text[64];
		struct lk_event event;

		assert_string_equal(lk_event_name((enum lk_event_kind)i), names[i]);
		snprintf(text, sizeof(text), "1 time=" TIME " what=%s", names[i]);
		assert_int_equal(lk_event_parse(&(struct berval){strlen(text), text}, &event), LK_OK);
		assert_int_equal(event.what, i);
	}
	assert_null(lk_event_name(LK_EVENT_COUNT));
	assert_null(lk_event_name((enum lk_event_kind) - 1));
}

static void test_other_values_are_told(void **state)
{
	static const struct {
		struct berval value;
		int status;
	} rows[] = {
		{NONE, LK_ERR_MALFORMED},
		{BV("1"), LK_ERR_MALFORMED},
		{BV("2 time=" TIME " what=unlock"), LK_ERR_VERSION},
		{BV("time=" TIME " what=unlock"), LK_ERR_MALFORMED},
		{BV(" " LEAST), LK_ERR_MALFORMED},
		{BV(LEAST " "), LK_ERR_MALFORMED},
		/* the order is free, what is unknown is skipped */
		{BV("1 what=unlock time=" TIME), LK_OK},
		{BV(LEAST " x-new=%00%ff"), LK_OK},
		/* each once, each that is required, each in its form */
		{BV(LEAST " what=unlock"), LK_ERR_MALFORMED},
		{BV(LEAST " reason=a reason=b"), LK_ERR_MALFORMED},
		{BV("1 time=" TIME), LK_ERR_MALFORMED},
		{BV("1 what=unlock"), LK_ERR_MALFORMED},
		{BV("1 time=" TIME " what="), LK_ERR_MALFORMED},
		{BV("1 time=" TIME " what=Unlock"), LK_ERR_MALFORMED},
		{BV("1 time=" TIME " what=unlocked"), LK_ERR_MALFORMED},
		{BV("1 time=" TIME " what=unloc"), LK_ERR_MALFORMED},
		{BV("1 time= what=unlock"), LK_ERR_MALFORMED},
		{BV("1 time=20261321050200Z what=unlock"), LK_ERR_MALFORMED},
		{BV("1 time=20261121050200 what=unlock"), LK_ERR_MALFORMED},
		/* texts */
		{BV(LEAST " reason="), LK_OK},
		{BV(LEAST " reason=%ec%a0%84%ed%99%94"), LK_OK},
		{BV(LEAST " reason=%4"), LK_ERR_MALFORMED},
		{BV(LEAST " reason=%00"), LK_ERR_NOT_UTF8},
		{BV(LEAST " reason=a\tb"), LK_ERR_MALFORMED},
		{BV(LEAST " ticket=\xff"), LK_ERR_NOT_UTF8},
		{BV(LEAST " actor"), LK_ERR_MALFORMED},
	};
	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct lk_event event = {.time = 4242};
		int status = lk_event_parse(&rows[i].value, &event);

		if (status != rows[i].status)
			print_message("# %zu: %s\n", i, rows[i].value.bv_val);
		assert_int_equal(status, rows[i].status);
		assert_int_equal(event.time == 4242, status != LK_OK);
	}
}

static void test_bounds(void **state)
{
	static const struct {
		const char *key;
		size_t bound;
	} rows[] = {
		{" rule=", LK_EVENT_RULE_MAX},
		{" actor=", LK_DN_MAX},
		{" client=", LK_EVENT_CLIENT_MAX},
		{" reason=", LK_REASON_MAX},
		{" ticket=", LK_TICKET_MAX},
	};
	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t head = strlen(LEAST) + strlen(rows[i].key);
		struct berval value = repeated('x', head + rows[i].bound + 1);
		struct lk_event event;

		memcpy(value.bv_val, LEAST, strlen(LEAST));
		memcpy(value.bv_val + strlen(LEAST), rows[i].key, strlen(rows[i].key));
		assert_int_equal(lk_event_parse(&value, &event), LK_ERR_TOO_LONG);
		value.bv_len--;
		assert_int_equal(lk_event_parse(&value, &event), LK_OK);
		free(value.bv_val);
	}
}

static void draw_event(struct lk_event *event)
{
	memset(event, 0, sizeof(*event));
	event->time = 1 + (time_t)draw(UINT32_MAX);
	event->what = (enum lk_event_kind)draw(LK_EVENT_COUNT);
	draw_text(event->rule, LK_EVENT_RULE_MAX, true);
	draw_text(event->actor, LK_DN_MAX, true);
	draw_text(event->client, LK_EVENT_CLIENT_MAX, true);
	draw_text(event->reason, LK_REASON_MAX, true);
	draw_text(event->ticket, LK_TICKET_MAX, true);
}

static void test_random_events_come_back(void **state)
{
	(void)state;
	for (int i = 0; i < 2000; i++) {
		struct lk_event event, again;
		struct berval value;

		draw_event(&event);
		assert_int_equal(lk_event_format(&event, &value), LK_OK);
		for (size_t at = 0; at < value.bv_len; at++)
			assert_true((unsigned char)value.bv_val[at] >= ' ' && value.bv_val[at] != 0x7f);
		assert_int_equal(lk_event_parse(&value, &again), LK_OK);
		assert_same(&event, &again);
		ber_memfree(value.bv_val);
	}
}

static void read_value(const struct berval *damaged, void *data)
{
	struct lk_event event;
	struct berval value;

	(void)data;
	if (lk_event_parse(damaged, &event) == LK_OK && lk_event_format(&event, &value) == LK_OK)
		ber_memfree(value.bv_val);
}

static void test_no_damage_does_harm(void **state)
{
	(void)state;
	for_each_damage(&BV(EXAMPLE), read_value, NULL);
	for_each_damage(&BV(LEAST), read_value, NULL);
}

static void refuse(const struct lk_event *event, int expected)
{
	struct berval value = NONE;

	assert_int_equal(lk_event_format(event, &value), expected);
	assert_null(value.bv_val);
}

static void test_what_could_not_be_read_is_not_written(void **state)
{
	struct lk_event good, bad;

	(void)state;
	assert_int_equal(lk_event_parse(&BV(EXAMPLE), &good), LK_OK);
	bad = good;
	bad.time = 0;
	refuse(&bad, LK_ERR_MALFORMED);
	bad = good;
	bad.what = LK_EVENT_COUNT;
	refuse(&bad, LK_ERR_MALFORMED);
	bad = good;
	strcpy(bad.reason, "\xff");
	refuse(&bad, LK_ERR_NOT_UTF8);
	bad = good;
	memset(bad.ticket, 'x', sizeof(bad.ticket));
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
		cmocka_unit_test(test_what_was_changed_is_named),
		cmocka_unit_test(test_what_is_left_out_is_empty),
		cmocka_unit_test(test_each_kind_by_its_name),
		cmocka_unit_test(test_other_values_are_told),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_random_events_come_back),
		cmocka_unit_test(test_no_damage_does_harm),
		cmocka_unit_test(test_what_could_not_be_read_is_not_written),
	};
	return cmocka_run_group_tests(tests, set_up, NULL);
}
