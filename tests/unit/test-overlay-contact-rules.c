/* What a contact is told of messages that have failed, and when. */
#include "support.h"

#include <string.h>

#include "contact-rules.h"
#include "text.h"

#define NOW 1795237320
#define SEP LK_LINE_SEPARATOR

static void add(struct lk_failures *failures, const char *who, const char *answer)
{
	struct berval name = text_bv(who), words = text_bv(answer), to = BV("kim@example.net");

	lk_failures_add(failures, &name, &to, &words, NOW);
}

static void expect(const struct lk_failures *failures, const char *text)
{
	char about[LK_ENVELOPE_TEXT_MAX + 1];
	struct berval written = lk_failures_write(failures, about);

	assert_string_equal(written.bv_val, text);
	assert_int_equal(written.bv_len, strlen(text));
	assert_true(lk_text_is_clean(&written));
}

static void test_the_newest_come_first(void **state)
{
	struct lk_failures failures = {0};

	(void)state;
	add(&failures, "kim", "550 no such user");
	expect(&failures, "1" SEP "kim <kim@example.net>: 550 no such user");
	add(&failures, "lee", "");
	expect(&failures, "2" SEP "lee <kim@example.net>" SEP "kim <kim@example.net>: 550 no such user");
}

static void test_the_same_again_is_counted(void **state)
{
	struct lk_failures failures = {0};

	(void)state;
	for (int i = 0; i < 10000; i++)
		add(&failures, "kim", "550 no such user");
	expect(&failures, "10000" SEP "kim <kim@example.net>: 550 no such user");
}

static void test_of_many_the_last_are_named(void **state)
{
	static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g"};
	struct lk_failures failures = {0};

	(void)state;
	for (size_t i = 0; i < 7; i++)
		add(&failures, names[i], "");
	expect(&failures, "7" SEP "g <kim@example.net>" SEP "f <kim@example.net>" SEP "e <kim@example.net>" SEP
					  "d <kim@example.net>" SEP "c <kim@example.net>");
}

static void test_no_text_breaks_out_of_its_line(void **state)
{
	struct lk_failures failures = {0};

	(void)state;
	add(&failures, "k\nim" SEP "\xe2\x80\xa9", "550\r\n\x7f\xc2\x85no\xff such user");
	expect(&failures, "1" SEP "k im   <kim@example.net>: 550    no");
}

static void test_the_longest_fit(void **state)
{
	struct lk_failures failures = {0};
	char long_text[4 * LK_ENVELOPE_TEXT_MAX + 1] = "", about[LK_ENVELOPE_TEXT_MAX + 1];

	(void)state;
	for (size_t i = 0; i < LK_ENVELOPE_TEXT_MAX; i++)
		strcat(long_text, "김");
	for (int i = 0; i < 7; i++) {
		long_text[0] = (char)('a' + i);
		long_text[1] = long_text[2] = 'x';
		add(&failures, long_text, long_text);
	}
	failures.count = (unsigned)-1;
	struct berval written = lk_failures_write(&failures, about);
	assert_true(written.bv_len <= LK_ENVELOPE_TEXT_MAX && strlen(about) == written.bv_len);
	assert_true(lk_text_is_clean(&written));
}

static void test_one_mail_an_hour(void **state)
{
	static const struct {
		time_t first; /* seconds since the first failure */
		time_t last; /* since the last mail; 0: there was none */
		enum lk_state was;
		bool due;
	} rows[] = {
		{LK_CONTACT_GATHER - 1, 0, LK_STATE_SENT, false}, {LK_CONTACT_GATHER, 0, LK_STATE_SENT, true},
		{LK_CONTACT_GATHER, 1, LK_STATE_SENT, false}, {LK_CONTACT_GATHER, LK_CONTACT_PAUSE - 1, LK_STATE_SENT, false},
		{LK_CONTACT_GATHER, LK_CONTACT_PAUSE, LK_STATE_SENT, true},
		{LK_CONTACT_GATHER, LK_CONTACT_PAUSE, LK_STATE_FAILED, true},
		{LK_CONTACT_PAUSE, LK_CONTACT_PAUSE, LK_STATE_QUEUED, false},
		{LK_CONTACT_PAUSE, 9 * LK_CONTACT_PAUSE, LK_STATE_DEFERRED, false},
		{LK_CONTACT_GATHER, -60, LK_STATE_SENT, true}, /* the clock was set back */
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct lk_failures failures = {.count = 1, .first = NOW - rows[i].first};
		struct lk_message last = {.created = NOW - rows[i].last, .state = rows[i].was};

		if (lk_failures_are_due(&failures, rows[i].last ? &last : NULL, NOW) != rows[i].due)
			fail_msg("row %zu", i);
	}
	assert_false(lk_failures_are_due(&(struct lk_failures){0}, NULL, NOW));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_newest_come_first),
		cmocka_unit_test(test_the_same_again_is_counted),
		cmocka_unit_test(test_of_many_the_last_are_named),
		cmocka_unit_test(test_no_text_breaks_out_of_its_line),
		cmocka_unit_test(test_the_longest_fit),
		cmocka_unit_test(test_one_mail_an_hour),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
