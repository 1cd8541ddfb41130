/* What a report that came back means: the whole table. */
#include "support.h"

#include "bounce-rules.h"

static const struct {
	const char *what;
	enum lk_state state;
	unsigned tries, attempt;
	enum lk_bounce_verdict verdict;
} rows[] = {
	{"sent at the first attempt", LK_STATE_SENT, 1, 0, LK_BOUNCE_COUNTS},
	{"sent at the third", LK_STATE_SENT, 3, 2, LK_BOUNCE_COUNTS},
	{"sent at the 257th", LK_STATE_SENT, 257, 0, LK_BOUNCE_COUNTS},
	{"sent at the 256th", LK_STATE_SENT, 256, 255, LK_BOUNCE_COUNTS},
	{"sent again since", LK_STATE_SENT, 2, 0, LK_BOUNCE_STALE},
	{"of an attempt that was never made", LK_STATE_SENT, 1, 1, LK_BOUNCE_STALE},
	{"sent, and not settled yet", LK_STATE_QUEUED, 0, 0, LK_BOUNCE_EARLY},
	{"the same after one that was put off", LK_STATE_DEFERRED, 1, 1, LK_BOUNCE_EARLY},
	{"to be sent again", LK_STATE_QUEUED, 1, 0, LK_BOUNCE_STALE},
	{"put off after all", LK_STATE_DEFERRED, 1, 0, LK_BOUNCE_STALE},
	{"failed already", LK_STATE_FAILED, 1, 0, LK_BOUNCE_STALE},
};

static void test_each_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct lk_message message = {.state = rows[i].state, .tries = rows[i].tries};
		struct lk_sending sending = {.attempt = (unsigned char)rows[i].attempt};

		if (lk_bounce_judge(&message, &sending) != rows[i].verdict)
			fail_msg("%s: not %d", rows[i].what, (int)rows[i].verdict);
	}
}

static void test_the_beginning_of_the_id_names_the_message(void **state)
{
	struct lk_message message = {.id = "00112233445566778899aabbccddeeff"};
	struct lk_sending sending = {.id = {0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77}};

	(void)state;
	assert_true(lk_bounce_is_of(&message, &sending));
	sending.id[7]++;
	assert_false(lk_bounce_is_of(&message, &sending));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_row),
		cmocka_unit_test(test_the_beginning_of_the_id_names_the_message),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
