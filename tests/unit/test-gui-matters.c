/* What of an account is to be followed up. */
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "matters.h"

#define NOW ((time_t)1795237320)
#define HOUR 3600

static struct lk_account_message message(const char *kind, const char *state)
{
	return (struct lk_account_message){.kind = (char *)kind, .state = (char *)state, .created = NOW};
}

#define MOST 4

static const struct {
	const char *name;
	time_t until; /* of the temporary password */
	size_t failed;
	const char *messages[MOST][2]; /* kind and state, oldest first */
	enum lk_matter_kind matters[MOST];
	size_t count;
} cases[] = {
	{"nothing", .count = 0},
	{"sent and changed", .messages = {{"temporaryPassword", "sent"}}, .count = 0},
	{"sent, not changed", NOW + 20 * HOUR, .messages = {{"temporaryPassword", "sent"}},
		.matters = {LK_MATTER_UNCHANGED}, .count = 1},
	{"about to lapse", NOW + HOUR, .messages = {{"temporaryPassword", "sent"}}, .matters = {LK_MATTER_LAPSING},
		.count = 1},
	{"lapsed", NOW, .messages = {{"temporaryPassword", "sent"}}, .matters = {LK_MATTER_LAPSED}, .count = 1},
	{"no mail was sent", NOW + 20 * HOUR, .matters = {LK_MATTER_UNCHANGED}, .count = 1},
	{"waits", NOW + 20 * HOUR, .messages = {{"temporaryPassword", "queued"}}, .matters = {LK_MATTER_WAITING},
		.count = 1},
	{"tried again", NOW + 20 * HOUR, .messages = {{"temporaryPassword", "deferred"}}, .matters = {LK_MATTER_DEFERRED},
		.count = 1},
	{"failed", NOW + 20 * HOUR, 1, {{"temporaryPassword", "failed"}}, {LK_MATTER_FAILED}, 1},
	{"failed long ago, and sent since", NOW + 20 * HOUR, 0,
		{{"temporaryPassword", "failed"}, {"temporaryPassword", "sent"}}, {LK_MATTER_UNCHANGED}, 1},
	{"one of two failed for good", 0, 1, {{"passwordChanged", "failed"}, {"passwordChanged", "failed"}},
		{LK_MATTER_FAILED}, 1},
	{"the code for a reset", NOW + HOUR, .messages = {{"resetCode", "sent"}}, .matters = {LK_MATTER_LAPSING},
		.count = 1},
};

static void test_what_is_to_be_followed_up(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct lk_account_message messages[MOST];
		struct lk_account account = {
			.messages = messages, .temporary_until = cases[i].until, .messages_failed = cases[i].failed};
		struct lk_person person = {.account = &account};
		struct lk_matter matters[MOST];

		for (; account.messages_count < MOST && cases[i].messages[account.messages_count][0] != NULL;
			 account.messages_count++)
			messages[account.messages_count] =
				message(cases[i].messages[account.messages_count][0], cases[i].messages[account.messages_count][1]);
		assert_int_equal(lk_matters_of(&person, NOW, matters, MOST), cases[i].count);
		for (size_t j = 0; j < cases[i].count; j++)
			assert_int_equal(matters[j].kind, cases[i].matters[j]);
	}
}

static void test_no_more_than_there_is_room_for(void **state)
{
	struct lk_account_message messages[] = {message("welcome", "queued"), message("passwordChanged", "queued")};
	struct lk_account account = {.messages = messages, .messages_count = 2};
	struct lk_person person = {.account = &account};
	struct lk_matter matter;

	(void)state;
	assert_int_equal(lk_matters_of(&person, NOW, &matter, 1), 1);
}

static void test_only_what_one_signs_in_with_goes_elsewhere(void **state)
{
	struct lk_account_message temporary = message("temporaryPassword", "sent"), code = message("recoveryCode", "sent");

	(void)state;
	assert_true(lk_matter_may_go_elsewhere(&temporary));
	assert_false(lk_matter_may_go_elsewhere(&code));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_to_be_followed_up),
		cmocka_unit_test(test_no_more_than_there_is_room_for),
		cmocka_unit_test(test_only_what_one_signs_in_with_goes_elsewhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
