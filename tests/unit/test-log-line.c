/* A line of slapd's log: how the overlay quotes, and how the report reads. */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "error.h"
#include "log-line.h"

#define NOW 1795320000 /* 2026-11-22T04:00:00Z */
#define MESSAGE "conn=1003 op=1 latchkey event=modify verdict=observed"

static int parse(char *text, bool *ret_ours, struct lk_log_line *ret_line)
{
	struct berval line = {strlen(text), text};

	return lk_log_line_parse(&line, NOW, ret_ours, ret_line);
}

static void assert_is(const struct berval *value, const char *text)
{
	assert_int_equal(value->bv_len, strlen(text));
	assert_memory_equal(value->bv_val, text, value->bv_len);
}

static void test_the_example(void **state)
{
	char text[] = "6921a0b5.1b2c3d4e 0x7f1e5c0a6700 " MESSAGE
				  " rule=self-service-only actor=\"cn=portal,dc=example,dc=org\" target=\"uid=han,dc=example,dc=org\""
				  " changes=password result=0 client=\"IP=192.0.2.7\"";
	struct lk_log_line line;
	bool ours;

	(void)state;
	assert_int_equal(parse(text, &ours, &line), LK_OK);
	assert_true(ours);
	assert_int_equal(line.time, 0x6921a0b5);
	assert_is(&line.event, "modify");
	assert_is(&line.verdict, "observed");
	assert_is(&line.rule, "self-service-only");
	assert_is(&line.actor, "cn=portal,dc=example,dc=org");
	assert_is(&line.target, "uid=han,dc=example,dc=org");
	assert_is(&line.changes, "password");
	assert_is(&line.client, "IP=192.0.2.7");
	assert_null(line.policy.bv_val);
	assert_int_equal(line.result, 0);
}

/* Stamps, and the time that each tells: in the zone of Seoul, nine hours east. */
static const struct {
	const char *stamp;
	time_t when;
} stamps[] = {
	{"", 0},
	{"6921a0b5 ", 0x6921a0b5},
	{"6921a0b5.1b2c3d4e 0x7f1e5c0a6700 ", 0x6921a0b5},
	{"Nov 22 12:30:05 ldap1 slapd[77]: ", 1795318205},
	{"Nov  2 12:30:05 ldap1 slapd[77]: ", 1795318205 - 20 * 86400},
	{"Nov 22 12:30:05.123456 ldap1 slapd[77]: ", 1795318205},
	{"Dec 31 12:30:05 ldap1 slapd[77]: ", 1795318205 - (365 - 39) * 86400},
	{"Nov 22 12:30:05 ldap1 slapd[77]: 6921a0b5.1b2c3d4e 0x7f1e5c0a6700 ", 0x6921a0b5},
	{"2026-11-22T12:30:05+09:00 ldap1 slapd[77]: ", 1795318205},
	{"2026-11-22T12:30:05+0900 ldap1 slapd[77]: ", 1795318205},
	{"2026-11-22T03:30:05.123456Z ldap1 slapd: ", 1795318205},
	{"2026-11-21T22:30:05-05:00 ldap1 slapd: ", 1795318205},
	{"2026-11-22T12:30:05 ldap1 slapd: ", 1795318205},
};

static void test_every_stamp(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(stamps) / sizeof(stamps[0]); i++) {
		char text[200];
		struct lk_log_line line;
		bool ours;

		snprintf(text, sizeof(text), "%s" MESSAGE, stamps[i].stamp);
		assert_int_equal(parse(text, &ours, &line), LK_OK);
		assert_true(ours);
		if (line.time != stamps[i].when)
			fail_msg("%s is %ld", stamps[i].stamp, (long)line.time);
	}
}

/* Lines that are not Latchkey's, or only repeat what a client says. */
static const char *const others[] = {
	"",
	"6921a0b5.1b2c3d4e 0x7f1e5c0a6700 slapd starting",
	"6921a0b5.1b2c3d4e 0x7f1e5c0a6700 conn=1 op=1 SRCH base=\"\" filter=\"(cn=" MESSAGE ")\"",
	"6921a0b5.1b2c3d4e 0x7f1e5c0a6700 conn=1 op=1 " MESSAGE,
	"6921a0b5.1b2c3d4e 0x7f1e5c0a6700 latchkey: " MESSAGE,
	"    " MESSAGE,
	"Nov 22 12:30:05 ldap1 slapd[77]: x " MESSAGE,
	"Nov 22 12:30:05 ldap1 " MESSAGE,
	"Nov 32 12:30:05 ldap1 su: conn=x op=1 latchkey event=modify verdict=observed",
	"conn= op=1 latchkey event=modify verdict=observed",
	"conn=1 op=1 latchkey  event=modify verdict=observed",
};

static void test_lines_of_others(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		char *text = strdup(others[i]);
		struct lk_log_line line;
		bool ours = true;

		assert_int_equal(parse(text, &ours, &line), LK_OK);
		if (ours)
			fail_msg("taken for ours: %s", others[i]);
		free(text);
	}
}

/* What follows MESSAGE, and breaks the line. */
static const char *const damages[] = {
	" ",
	"  rule=x",
	" rule",
	" rule=",
	" rule=x ",
	" =x",
	" rule=x rule=y",
	" result=1 result=2",
	" result=x",
	" result=-1",
	" result=9999999999",
	" actor=\"cn=x",
	" actor=\"cn=x\"y",
	" actor=\"cn=\\\"",
	" actor=\"cn=\\0\"",
	" actor=\"cn=\\0a\"",
	" actor=\"cn=\n\"",
	" actor=cn=\"x\"",
	" rule=\xec\x9d\xb4",
	" ru-le=x",
};

static void test_damaged_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
		char text[200];
		struct lk_log_line line;
		bool ours;

		snprintf(text, sizeof(text), MESSAGE "%s", damages[i]);
		if (parse(text, &ours, &line) != LK_ERR_MALFORMED || !ours)
			fail_msg("taken: %s", damages[i]);
	}
}

static void test_a_line_without_a_verdict_is_damaged(void **state)
{
	char text[] = "conn=1003 op=1 latchkey event=modify rule=x";
	struct lk_log_line line;
	bool ours;

	(void)state;
	assert_int_equal(parse(text, &ours, &line), LK_ERR_MALFORMED);
	assert_true(ours);
}

/* clang-format off */
#define LITERAL(text) {sizeof(text) - 1, (char *)(text)}
/* clang-format on */

/* What a name holds, and how it stands in a line. */
static const struct {
	struct berval plain;
	const char *quoted;
} quotes[] = {
	{LITERAL("uid=kim,dc=example"), "\"uid=kim,dc=example\""},
	{LITERAL(""), "\"\""},
	{LITERAL("한글 이름"), "\"한글 이름\""},
	{LITERAL("a \"b\" c"), "\"a \\22b\\22 c\""},
	{LITERAL("back\\slash"), "\"back\\5Cslash\""},
	{LITERAL("line\nbreak\r\t\x7f"), "\"line\\0Abreak\\0D\\09\\7F\""},
	{{3, "a\0b"}, "\"a\\00b\""},
	{LITERAL("\xc2\x85\xc2\x9b"),
		"\"\\C2\\85\\C2\\9B\""}, /* C1 controls: next line, and what begins a terminal's command */
	{LITERAL("\xff\xc3"), "\"\\FF\\C3\""},
	{LITERAL("x\" verdict=observed rule=\"y"), "\"x\\22 verdict=observed rule=\\22y\""},
};

static void test_quoting_and_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(quotes) / sizeof(quotes[0]); i++) {
		char quoted[LK_LOG_QUOTED_MAX + 1], text[1000];
		struct lk_log_line line;
		bool ours;

		assert_int_equal(lk_log_quote(&quotes[i].plain, quoted), strlen(quotes[i].quoted));
		assert_string_equal(quoted, quotes[i].quoted);
		snprintf(text, sizeof(text), MESSAGE " actor=%s rule=x", quoted);
		assert_int_equal(parse(text, &ours, &line), LK_OK);
		assert_int_equal(line.actor.bv_len, quotes[i].plain.bv_len);
		assert_memory_equal(line.actor.bv_val, quotes[i].plain.bv_val, line.actor.bv_len);
		assert_is(&line.rule, "x");
	}
}

/* Of one character after another, around the length at which it is cut. */
static void test_long_values_are_cut_between_characters(void **state)
{
	static const char *const characters[] = {"x", "\"", "é", "김", "😀", "\xff", "\xc2\x85"};
	char long_text[4 * 700 + 1], quoted[LK_LOG_QUOTED_MAX + 1], text[1000];

	(void)state;
	for (size_t i = 0; i < sizeof(characters) / sizeof(characters[0]); i++) {
		size_t octets = strlen(characters[i]);

		for (size_t count = 80; count < 700; count++) {
			struct berval value = {count * octets, long_text};
			struct lk_log_line line;
			bool ours;

			for (size_t c = 0; c < count; c++)
				memcpy(long_text + c * octets, characters[i], octets);
			assert_true(lk_log_quote(&value, quoted) <= LK_LOG_QUOTED_MAX);
			snprintf(text, sizeof(text), MESSAGE " actor=%s", quoted);
			assert_int_equal(parse(text, &ours, &line), LK_OK);
			if (line.actor.bv_len == value.bv_len)
				continue;
			assert_true(line.actor.bv_len > 90);
			assert_memory_equal(line.actor.bv_val + line.actor.bv_len - 3, "...", 3);
			assert_int_equal((line.actor.bv_len - 3) % octets, 0);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_example),
		cmocka_unit_test(test_every_stamp),
		cmocka_unit_test(test_lines_of_others),
		cmocka_unit_test(test_damaged_lines),
		cmocka_unit_test(test_a_line_without_a_verdict_is_damaged),
		cmocka_unit_test(test_quoting_and_back),
		cmocka_unit_test(test_long_values_are_cut_between_characters),
	};

	setenv("TZ", "Asia/Seoul", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
