/* Which messages stay on an entry, and when a notice is due. */
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "outbox-rules.h"

#define NOW 1795237320

static struct lk_kept kept(enum lk_kind kind, enum lk_state state, time_t created)
{
	return (struct lk_kept){.message = {
								.kind = kind,
								.state = state,
								.created = created,
								.due = created,
								.to = "kim@example.net",
								.actor = "uid=padmin",
							}};
}

static time_t due_after(struct lk_kept *before, size_t count, enum lk_kind kind)
{
	struct lk_message fresh = kept(kind, LK_STATE_QUEUED, NOW).message;

	return lk_outbox_due(before, count, &fresh);
}

static void test_a_first_notice_is_due_at_once(void **state)
{
	struct lk_kept others[] = {
		kept(LK_KIND_PASSWORD_CHANGED, LK_STATE_SENT, NOW - 1),
		kept(LK_KIND_PASSWORD_CHANGED, LK_STATE_QUEUED, NOW - 1),
		kept(LK_KIND_ACCOUNT_UNLOCKED, LK_STATE_QUEUED, NOW - 1),
	};

	(void)state;
	strcpy(others[0].message.actor, "");
	strcpy(others[1].message.to, "kim@example.org");
	assert_int_equal(due_after(others, COUNT(others), LK_KIND_PASSWORD_CHANGED), NOW);
	for (size_t i = 0; i < COUNT(others); i++)
		assert_false(others[i].goes);
}

static void test_the_next_one_waits(void **state)
{
	struct lk_kept sent[] = {kept(LK_KIND_PASSWORD_CHANGED, LK_STATE_SENT, NOW - 10)};
	struct lk_kept failed[] = {kept(LK_KIND_PASSWORD_CHANGED, LK_STATE_FAILED, NOW - 10)};
	struct lk_kept past[] = {kept(LK_KIND_PASSWORD_CHANGED, LK_STATE_SENT, NOW - LK_NOTICE_PAUSE)};

	(void)state;
	assert_int_equal(due_after(sent, 1, LK_KIND_PASSWORD_CHANGED), NOW - 10 + LK_NOTICE_PAUSE);
	assert_int_equal(due_after(failed, 1, LK_KIND_PASSWORD_CHANGED), NOW - 10 + LK_NOTICE_PAUSE);
	assert_int_equal(due_after(past, 1, LK_KIND_PASSWORD_CHANGED), NOW);
	assert_false(sent[0].goes || failed[0].goes || past[0].goes);
}

/* Its turn is kept: doing the thing again and again does not put the mail off. */
static void test_what_waits_is_replaced_and_keeps_its_turn(void **state)
{
	struct lk_kept waiting[] = {kept(LK_KIND_PASSWORD_CHANGED, LK_STATE_SENT, NOW - 100),
		kept(LK_KIND_PASSWORD_CHANGED, LK_STATE_QUEUED, NOW - 50)};
	struct lk_kept late[] = {kept(LK_KIND_PASSWORD_CHANGED, LK_STATE_DEFERRED, NOW - 50)};

	(void)state;
	waiting[1].message.due = NOW - 100 + LK_NOTICE_PAUSE;
	assert_int_equal(due_after(waiting, 2, LK_KIND_PASSWORD_CHANGED), NOW - 100 + LK_NOTICE_PAUSE);
	assert_true(waiting[1].goes && !waiting[0].goes);
	late[0].message.due = NOW - 1;
	assert_int_equal(due_after(late, 1, LK_KIND_PASSWORD_CHANGED), NOW);
	assert_true(late[0].goes);
}

static void test_a_clock_that_was_set_back_puts_nothing_off(void **state)
{
	struct lk_kept future[] = {kept(LK_KIND_PASSWORD_CHANGED, LK_STATE_SENT, NOW + 100000)};

	(void)state;
	assert_int_equal(due_after(future, 1, LK_KIND_PASSWORD_CHANGED), NOW);
}

static void test_what_carries_a_secret_is_never_replaced(void **state)
{
	static const enum lk_kind kinds[] = {
		LK_KIND_RECOVERY_CODE, LK_KIND_TEMPORARY_PASSWORD, LK_KIND_WELCOME, LK_KIND_ADDRESS_PROOF};

	(void)state;
	for (size_t i = 0; i < COUNT(kinds); i++) {
		struct lk_kept before[] = {kept(kinds[i], LK_STATE_QUEUED, NOW - 1), kept(kinds[i], LK_STATE_SENT, NOW - 1)};

		assert_int_equal(due_after(before, 2, kinds[i]), NOW);
		assert_false(before[0].goes || before[1].goes);
	}
}

/* A letter a message, the oldest first: s a sent notice, n one sent just now, q a queued one, p a sent proof, t a sent
 * temporary password; o an old proof, x an expired password. What goes is an upper-case letter. */
static struct lk_kept from_letter(char letter, time_t created)
{
	struct lk_kept made = kept(LK_KIND_PASSWORD_CHANGED, letter == 'q' ? LK_STATE_QUEUED : LK_STATE_SENT, created);

	if (letter == 'n')
		made.message.created += LK_NOTICE_PAUSE;
	if (letter == 'p' || letter == 'o')
		made.message.kind = LK_KIND_ADDRESS_PROOF;
	if (letter == 'o')
		made.message.created -= LK_PROOF_WINDOW;
	if (letter == 't' || letter == 'x') {
		made.message.kind = LK_KIND_TEMPORARY_PASSWORD;
		made.message.expires = letter == 't' ? NOW + 100 : NOW;
	}
	return made;
}

static const struct {
	const char *before;
	size_t fresh;
	const char *after;
} rooms[] = {
	{"", 1, ""},
	{"", 20, ""},
	{"sss", 1, "sss"},
	{"ssss", 1, "Ssss"},
	{"ssssss", 1, "SSSsss"},
	{"ssss", 3, "SSSs"},
	{"ss", 40, "SS"},
	{"qsqsqs", 2, "qSqSqS"},
	{"qqqqqq", 2, "qqqqqq"},
	{"qqqqqqs", 1, "qqqqqqS"},
	{"nsnns", 1, "nSnnS"},
	{"tsss", 2, "tSSs"},
	{"ttss", 2, "TtSs"}, /* the older one is not the password any more */
	{"xsss", 1, "Xsss"},
	{"pppppsss", 8, "pppppSSS"},
	{"opps", 1, "Opps"},
};

static void test_of_one_second_one_password_is_the_newest(void **state)
{
	struct lk_kept before[6];

	(void)state;
	for (size_t i = 0; i < COUNT(before); i++)
		before[i] = from_letter('t', NOW - 1000);
	lk_outbox_make_room(before, COUNT(before), 4, NOW);
	for (size_t i = 0; i < COUNT(before); i++)
		assert_int_equal(before[i].goes, i + 1 < COUNT(before));
}

static void test_room_is_made(void **state)
{
	(void)state;
	for (size_t row = 0; row < COUNT(rooms); row++) {
		size_t count = strlen(rooms[row].before);
		struct lk_kept *before = calloc(count + 1, sizeof *before);
		char after[16] = "";

		for (size_t i = 0; i < count; i++)
			before[i] = from_letter(rooms[row].before[i], NOW - LK_NOTICE_PAUSE - 100 + (time_t)i);
		lk_outbox_make_room(before, count, rooms[row].fresh, NOW);
		for (size_t i = 0; i < count; i++)
			after[i] = (char)(rooms[row].before[i] - (before[i].goes ? 'a' - 'A' : 0));
		if (strcmp(after, rooms[row].after) != 0)
			fail_msg("%s and %zu: %s instead of %s", rooms[row].before, rooms[row].fresh, after, rooms[row].after);
		free(before);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_first_notice_is_due_at_once),
		cmocka_unit_test(test_the_next_one_waits),
		cmocka_unit_test(test_what_waits_is_replaced_and_keeps_its_turn),
		cmocka_unit_test(test_a_clock_that_was_set_back_puts_nothing_off),
		cmocka_unit_test(test_what_carries_a_secret_is_never_replaced),
		cmocka_unit_test(test_room_is_made),
		cmocka_unit_test(test_of_one_second_one_password_is_the_newest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
