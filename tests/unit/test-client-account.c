/* What the values of an entry say about an account. */
#include "support.h"

#include <stdlib.h>

#include "client-account.h"

#define NOW ((time_t)1795237320) /* 20261121050200Z */
#define FOR_GOOD BV("000001010000Z")
#define EARLIER BV("20261121050100Z")
#define EARLIER_PRECISELY BV("20261121050100.654321Z")
#define LATER BV("20261121050300Z")

#define USABLE(seconds)                                                                                                \
	{                                                                                                                  \
		.known = true, .usable = true, .expires_in = (seconds), .grace = -1                                            \
	}
#define UNUSABLE(...)                                                                                                  \
	{                                                                                                                  \
		.known = true, .expires_in = -1, __VA_ARGS__                                                                   \
	}

static const struct {
	const char *name;
	struct lk_account_facts facts;
	enum lk_account_lock lock;
	time_t unlocks;
	bool expired, expiry_known;
	time_t expires;
	int grace;
} cases[] = {
	{"nothing is known", .lock = LK_ACCOUNT_OPEN, .grace = -1},
	{"usable", {.usability = USABLE(60)}, LK_ACCOUNT_OPEN, .expiry_known = true, .expires = NOW + 60, .grace = -1},
	{"never expires", {.usability = USABLE(-1)}, LK_ACCOUNT_OPEN, .expiry_known = true, .grace = -1},
	{"locked, without ppolicy's word", {.locked = EARLIER}, LK_ACCOUNT_LOCKED, .grace = -1},
	{"locked, written to the microsecond", {.locked = EARLIER_PRECISELY}, LK_ACCOUNT_LOCKED, .grace = -1},
	{"the lock has not begun", {.locked = LATER}, LK_ACCOUNT_OPEN, .grace = -1},
	{"the lock has run out", {.locked = EARLIER, .usability = USABLE(-1)}, LK_ACCOUNT_OPEN, .expiry_known = true,
		.grace = -1},
	{"locked for a time", {.locked = EARLIER, .usability = UNUSABLE(.inactive = true, .unlocks_in = 30, .grace = -1)},
		LK_ACCOUNT_LOCKED, .unlocks = NOW + 30, .grace = -1},
	{"locked without an end", {.locked = EARLIER, .usability = UNUSABLE(.grace = -1, .unlocks_in = -1)},
		LK_ACCOUNT_LOCKED, .grace = -1},
	{"closed for good", {.locked = FOR_GOOD}, LK_ACCOUNT_CLOSED, .grace = -1},
	{"closed, as ppolicy sees it", {.locked = FOR_GOOD, .usability = UNUSABLE(.grace = -1, .unlocks_in = -1)},
		LK_ACCOUNT_CLOSED, .grace = -1},
	{"not begun", {.starts = LATER, .usability = UNUSABLE(.grace = -1, .unlocks_in = -1)}, LK_ACCOUNT_CLOSED,
		.grace = -1},
	{"begun", {.starts = EARLIER}, LK_ACCOUNT_OPEN, .grace = -1},
	{"ended", {.ends = EARLIER}, LK_ACCOUNT_CLOSED, .grace = -1},
	{"not ended", {.ends = LATER}, LK_ACCOUNT_OPEN, .grace = -1},
	{"expired", {.usability = UNUSABLE(.grace = -1, .unlocks_in = -1)}, LK_ACCOUNT_OPEN, .expired = true,
		.expiry_known = true, .grace = -1},
	{"expired, with sign-ins left", {.usability = UNUSABLE(.grace = 2, .unlocks_in = -1)}, LK_ACCOUNT_OPEN,
		.expired = true, .expiry_known = true, .grace = 2},
	{"locked and expired", {.locked = EARLIER, .usability = UNUSABLE(.inactive = true, .unlocks_in = 5, .grace = 0)},
		LK_ACCOUNT_LOCKED, .unlocks = NOW + 5, .expired = true, .expiry_known = true},
	{"the time is no time", {.locked = BV("yesterday, perhaps"), .starts = BV("x"), .ends = BV("20261321050100Z")},
		LK_ACCOUNT_LOCKED, .grace = -1},
};

static void test_judgement(void **state)
{
	(void)state;

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct lk_account account = {0};
		lk_account_judge(&cases[i].facts, NOW, &account);
		if (account.lock != cases[i].lock || account.unlocks != cases[i].unlocks ||
			account.expired != cases[i].expired || account.expiry_known != cases[i].expiry_known ||
			account.expires != cases[i].expires || account.grace != cases[i].grace)
			fail_msg("judged wrongly: %s", cases[i].name);
	}
}

static void test_what_is_taken_over(void **state)
{
	struct lk_account_facts facts = {.changed = EARLIER, .reset = BV("TRUE"), .locked = EARLIER, .temporary = LATER};
	struct lk_account account = {0};
	(void)state;

	lk_account_judge(&facts, NOW, &account);
	assert_true(account.must_change);
	assert_int_equal(account.changed, NOW - 60);
	assert_int_equal(account.locked, NOW - 60);
	assert_int_equal(account.temporary_until, NOW + 60);
	facts.reset = BV("FALSE");
	lk_account_judge(&facts, NOW, &account);
	assert_false(account.must_change);
}

static void test_a_block_is_told(void **state)
{
	static const struct {
		struct berval blocked;
		bool expected;
		time_t since;
	} rows[] = {
		{NONE, false, 0},
		{EARLIER, true, NOW - 60},
		{BV("yesterday, perhaps"), true, 0},
	};
	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct lk_account_facts facts = {.blocked = rows[i].blocked};
		struct lk_account account = {0};
		lk_account_judge(&facts, NOW, &account);
		assert_int_equal(account.blocked, rows[i].expected);
		assert_int_equal(account.blocked_since, rows[i].since);
	}
}

static void test_one_dn_in_several_spellings(void **state)
{
	static const struct {
		const char *dn, *other;
		bool same;
	} rows[] = {
		{"uid=kim,dc=org", "uid=kim,dc=org", true},
		{"uid=kim,dc=org", "UID = Kim , DC=org", true},
		{"cn=a\\2Cb,dc=org", "cn=a\\,b,dc=org", true},
		{"uid=kim,dc=org", "uid=lee,dc=org", false},
		{"uid=kim,dc=org", "", false},
		{"no DN", "no DN", false},
	};
	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(lk_account_is_named(rows[i].dn, rows[i].other), rows[i].same);
}

#define MESSAGE(id, created, rest)                                                                                     \
	BV("1 id=" id " kind=temporaryPassword state=sent created=" created " due=" created                                \
	   " lang=ko to=kim@example.net" rest)
#define FIRST "00112233445566778899aabbccddee00"
#define SECOND "00112233445566778899aabbccddee01"

static void test_messages_come_oldest_first_without_the_damaged(void **state)
{
	const struct berval values[] = {
		MESSAGE(SECOND, "20261121050300Z", " tries=2 answer=250%20ok actor=cn=a"),
		BV("garbage"),
		MESSAGE(FIRST, "20261121050200Z", ""),
		BV("2 id=" FIRST),
	};
	const struct berval *pointers[] = {&values[0], &values[1], &values[2], &values[3]};
	struct lk_account *account = calloc(1, sizeof *account);
	(void)state;

	assert_non_null(account);
	lk_account_read_messages(pointers, COUNT(pointers), account);
	assert_int_equal(account->messages_count, 2);
	assert_int_equal(account->damaged, 2);
	assert_string_equal(account->messages[0].id, FIRST);
	assert_string_equal(account->messages[0].answer, "");
	assert_int_equal(account->messages[0].created, NOW);
	assert_string_equal(account->messages[1].id, SECOND);
	assert_string_equal(account->messages[1].state, "sent");
	assert_string_equal(account->messages[1].kind, "temporaryPassword");
	assert_string_equal(account->messages[1].answer, "250 ok");
	assert_string_equal(account->messages[1].actor, "cn=a");
	assert_int_equal(account->messages[1].tries, 2);
	lk_client_account_free(account);
}

#define EVENT(time, what, rest) BV("1 time=" time " what=" what rest)

static void test_events_come_newest_first_without_the_damaged(void **state)
{
	const struct berval values[] = {
		EVENT("20261121050200Z", "reset", " rule=rootdn actor=cn=a client=IP=192.0.2.7 reason=%20why ticket=42"),
		BV("garbage"),
		EVENT("20261121050300Z", "recovery", ""),
		EVENT("20261121050200Z", "block", ""),
		EVENT("20261121050200Z", "nonsense", ""),
	};
	const struct berval *pointers[] = {&values[0], &values[1], &values[2], &values[3], &values[4]};
	struct lk_account *account = calloc(1, sizeof *account);
	(void)state;

	assert_non_null(account);
	lk_account_read_events(pointers, COUNT(pointers), account);
	assert_int_equal(account->events_count, 3);
	assert_int_equal(account->events_damaged, 2);
	assert_string_equal(account->events[0].what, "recovery");
	assert_string_equal(account->events[0].actor, "");
	assert_string_equal(account->events[1].what, "block");
	assert_string_equal(account->events[2].what, "reset");
	assert_int_equal(account->events[2].time, NOW);
	assert_string_equal(account->events[2].rule, "rootdn");
	assert_string_equal(account->events[2].actor, "cn=a");
	assert_string_equal(account->events[2].client, "IP=192.0.2.7");
	assert_string_equal(account->events[2].reason, " why");
	assert_string_equal(account->events[2].ticket, "42");
	lk_client_account_free(account);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_judgement),
		cmocka_unit_test(test_what_is_taken_over),
		cmocka_unit_test(test_a_block_is_told),
		cmocka_unit_test(test_one_dn_in_several_spellings),
		cmocka_unit_test(test_messages_come_oldest_first_without_the_damaged),
		cmocka_unit_test(test_events_come_newest_first_without_the_damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
