/* What lists of accounts are filtered by. */
#include "support.h"

#include <string.h>

#include "listed-rules.h"

#define NOW ((time_t)1795237320) /* 20261121050200Z */
#define UNTIL (NOW + 86400)
#define HASH "{SSHA}c29tZWhhc2g="
#define TEMPORARY "{LATCHKEY-TEMP}20261122050200Z" HASH
#define EARLIER "{LATCHKEY-TEMP}20261121050200Z" HASH

static const struct {
	const char *name;
	struct berval passwords[3];
	size_t count;
	time_t until;
} accounts[] = {
	{"no password", .until = 0},
	{"one of their own", {BV(HASH)}, 1, 0},
	{"a temporary one", {BV(TEMPORARY)}, 1, UNTIL},
	{"one that is over", {BV(EARLIER)}, 1, NOW},
	{"one beside their own", {BV(HASH), BV(TEMPORARY)}, 2, UNTIL},
	{"two", {BV(TEMPORARY), BV(EARLIER)}, 2, UNTIL},
	{"blocked", {BV("{LATCHKEY-BLOCKED}" TEMPORARY)}, 1, UNTIL},
	{"blocked, with one of their own", {BV("{LATCHKEY-BLOCKED}" HASH)}, 1, 0},
	{"in another spelling", {BV("{latchkey-blocked}{Latchkey-Temp}20261122050200Z" HASH)}, 1, UNTIL},
	{"without a hash", {BV("{LATCHKEY-TEMP}20261122050200Z")}, 1, 0},
	{"without a time", {BV("{LATCHKEY-TEMP}" HASH)}, 1, 0},
};

static void test_until_when_a_temporary_password_works(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(accounts); i++) {
		if (lk_listed_until(accounts[i].passwords, accounts[i].count) != accounts[i].until)
			fail_msg("%s", accounts[i].name);
	}
}

static bool fits(const struct berval *hash, const struct berval *deleted)
{
	return !strcmp(hash->bv_val, HASH) && !strcmp(deleted->bv_val, "typed");
}

static void test_what_is_deleted(void **state)
{
	struct berval temporary = BV(TEMPORARY), over = BV(EARLIER), own = BV(HASH), typed = BV("typed"),
				  other = BV("other");

	(void)state;
	assert_true(lk_listed_is_deleted(&temporary, &temporary, fits));
	assert_true(lk_listed_is_deleted(&temporary, &typed, fits));
	assert_true(lk_listed_is_deleted(&over, &typed, fits));
	assert_true(lk_listed_is_deleted(&own, &own, fits));
	assert_false(lk_listed_is_deleted(&temporary, &other, fits));
	assert_false(lk_listed_is_deleted(&temporary, &over, fits));
	assert_false(lk_listed_is_deleted(&own, &typed, fits));
}

#define MAIL(of, is, when, ...)                                                                                        \
	{                                                                                                                  \
		.message = {.kind = LK_KIND_##of, .state = LK_STATE_##is, .created = NOW + (when), __VA_ARGS__ }               \
	}

/* Of each row it is the first message that is asked about. */
static const struct {
	const char *name;
	struct lk_listing all[3];
	size_t count;
	time_t until;
	bool failed;
} rows[] = {
	{"sent", {MAIL(TEMPORARY_PASSWORD, SENT, 0, .expires = UNTIL)}, 1, UNTIL, false},
	{"to be tried again", {MAIL(TEMPORARY_PASSWORD, DEFERRED, 0, .expires = UNTIL)}, 1, UNTIL, false},
	{"failed", {MAIL(TEMPORARY_PASSWORD, FAILED, 0, .expires = UNTIL)}, 1, UNTIL, true},
	{"a welcome", {MAIL(WELCOME, FAILED, 0, .expires = UNTIL)}, 1, UNTIL, true},
	{"a code", {MAIL(RESET_CODE, FAILED, 0, .expires = UNTIL)}, 1, UNTIL, true},
	{"changed since", {MAIL(TEMPORARY_PASSWORD, FAILED, 0, .expires = UNTIL)}, 1, 0, false},
	{"reset since", {MAIL(TEMPORARY_PASSWORD, FAILED, 0, .expires = UNTIL)}, 1, UNTIL + 5, false},
	{"another in its place",
		{MAIL(TEMPORARY_PASSWORD, FAILED, 0, .expires = UNTIL), MAIL(RESET_CODE, QUEUED, 1, .expires = UNTIL)}, 2,
		UNTIL, false},
	{"another before it",
		{MAIL(TEMPORARY_PASSWORD, FAILED, 0, .expires = UNTIL), MAIL(RESET_CODE, SENT, -1, .expires = UNTIL)}, 2, UNTIL,
		true},
	{"news that came later changes nothing",
		{MAIL(TEMPORARY_PASSWORD, FAILED, 0, .expires = UNTIL), MAIL(PASSWORD_CHANGED, SENT, 1)}, 2, UNTIL, true},
	{"without an end, listed",
		{{.message = {.kind = LK_KIND_TEMPORARY_PASSWORD, .state = LK_STATE_FAILED}, .listed = true}}, 1, 0, true},
	{"without an end, not listed", {MAIL(TEMPORARY_PASSWORD, FAILED, 0)}, 1, 0, false},
	{"news", {MAIL(PASSWORD_CHANGED, FAILED, 0)}, 1, 0, true},
	{"news, and a mail that arrived later", {MAIL(PASSWORD_CHANGED, FAILED, 0), MAIL(ACCOUNT_UNLOCKED, SENT, 1)}, 2, 0,
		false},
	{"news, and one that arrived elsewhere", {MAIL(PASSWORD_CHANGED, FAILED, 0), MAIL(PASSWORD_CHANGED, SENT, 0)}, 2, 0,
		true},
	{"news, and one that may arrive yet", {MAIL(PASSWORD_CHANGED, FAILED, 0), MAIL(PASSWORD_CHANGED, QUEUED, 1)}, 2, 0,
		true},
	{"news, and one to somebody else", {MAIL(PASSWORD_CHANGED, FAILED, 0), MAIL(ADMINISTRATOR_RESET, SENT, 1)}, 2, 0,
		true},
	{"news, and a report to administrators", {MAIL(PASSWORD_CHANGED, FAILED, 0), MAIL(MISUSE_REPORTED, SENT, 1)}, 2, 0,
		true},
};

static void test_which_messages_have_failed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		if (lk_listed_is_failed(rows[i].all, rows[i].count, 0, rows[i].until) != rows[i].failed)
			fail_msg("%s", rows[i].name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_until_when_a_temporary_password_works),
		cmocka_unit_test(test_what_is_deleted),
		cmocka_unit_test(test_which_messages_have_failed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
