/* What servers write of mails that came back. */
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "delivery-status.h"
#include "error.h"

#define MESSAGE "Reporting-MTA: dns; mx.example.org\r\nArrival-Date: Sun, 22 Nov 2026 05:02:00 +0000\r\n\r\n"
#define TO "Final-Recipient: rfc822; kim@example.net\r\n"

static const struct {
	const char *what;
	const char *body;
	int status;
	enum lk_delivery_action action;
	const char *code, *words, *host;
} rows[] = {
	{"as RFC 3464 has it",
		MESSAGE TO "Action: failed\r\nStatus: 5.1.1\r\nRemote-MTA: dns; mx.example.net\r\n"
				   "Diagnostic-Code: smtp; 550 5.1.1 no such person\r\n",
		LK_OK, LK_DELIVERY_FAILED, "5.1.1", "550 5.1.1 no such person", "mx.example.net"},
	{"lines that go on, LF alone, other cases",
		"X: y\n\nACTION: Failed\ndiagnostic-code: SMTP ; 550\n\t5.1.1 no\n   such; person  \nStatus:5.1.1 (bad "
		"mailbox)\n",
		LK_OK, LK_DELIVERY_FAILED, "5.1.1 (bad mailbox)", "550 5.1.1 no such; person", ""},
	{"without an empty line before the recipient", TO "Action: failed\r\n", LK_OK, LK_DELIVERY_FAILED, "", "", ""},
	{"delayed", MESSAGE TO "Action: delayed\r\nStatus: 4.4.1\r\n", LK_OK, LK_DELIVERY_DELAYED, "4.4.1", "", ""},
	{"delivered", MESSAGE TO "Action: delivered\r\nStatus: 2.0.0\r\n", LK_OK, LK_DELIVERY_DONE, "2.0.0", "", ""},
	{"relayed", MESSAGE TO "Action: relayed\r\n", LK_OK, LK_DELIVERY_DONE, "", "", ""},
	{"expanded", MESSAGE TO "Action: expanded\r\n", LK_OK, LK_DELIVERY_DONE, "", "", ""},
	{"the worst of several",
		MESSAGE TO "Action: delivered\r\n\r\n" TO "Action: failed\r\nStatus: 5.2.2\r\n\r\n" TO "Action: delayed\r\n",
		LK_OK, LK_DELIVERY_FAILED, "5.2.2", "", ""},
	{"fields of one recipient are not the next one's",
		MESSAGE "Diagnostic-Code: smtp; 250 fine\r\nAction: delivered\r\n\r\nAction: failed\r\n", LK_OK,
		LK_DELIVERY_FAILED, "", "", ""},
	{"the later of two fields", MESSAGE "Action: delayed\r\nAction: failed\r\nStatus: 4.0.0\r\nStatus: 5.0.0\r\n",
		LK_OK, LK_DELIVERY_FAILED, "5.0.0", "", ""},
	{"words without a type", MESSAGE "Action: failed\r\nDiagnostic-Code: 550 no\r\n", LK_OK, LK_DELIVERY_FAILED, "",
		"550 no", ""},
	{"nothing", "", LK_ERR_MALFORMED},
	{"no action", MESSAGE TO "Status: 5.1.1\r\n", LK_ERR_MALFORMED},
	{"another action", MESSAGE TO "Action: failedness\r\n", LK_ERR_MALFORMED},
	{"an action that is only a beginning", MESSAGE TO "Action: fail\r\n", LK_ERR_MALFORMED},
	{"an action within another field", MESSAGE TO "Comment: x\r\n Action: failed\r\n", LK_ERR_MALFORMED},
	{"no field at all", "Your mail could not be delivered.\r\nAction failed\r\n", LK_ERR_MALFORMED},
};

static void check(const char *what, const char *name, const char *value, const char *expected)
{
	if (strcmp(value, expected ? expected : "") != 0)
		fail_msg("%s: %s is \"%s\"", what, name, value);
}

static void test_each_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct berval body = {strlen(rows[i].body), (char *)rows[i].body};
		struct lk_delivery_status status = {.action = LK_DELIVERY_DONE};
		int result = lk_delivery_status_parse(&body, &status);

		if (result != rows[i].status || status.action != rows[i].action)
			fail_msg("%s: %d, action %d", rows[i].what, result, (int)status.action);
		if (strstr(rows[i].body, TO) && result == LK_OK)
			check(rows[i].what, "recipient", status.recipient, "kim@example.net");
		check(rows[i].what, "code", status.code, rows[i].code);
		check(rows[i].what, "words", status.words, rows[i].words);
		check(rows[i].what, "host", status.host, rows[i].host);
	}
}

static void test_long_words_are_cut(void **state)
{
	static const char head[] = "Action: failed\nDiagnostic-Code: smtp; ";
	size_t length = 100000;
	char *text = malloc(length);
	struct berval body = {length, text};
	struct lk_delivery_status status;

	(void)state;
	memset(text, 'x', length);
	memcpy(text, head, sizeof(head) - 1);
	assert_int_equal(lk_delivery_status_parse(&body, &status), LK_OK);
	assert_int_equal(strlen(status.words), LK_STATUS_TEXT_MAX);
	free(text);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_row),
		cmocka_unit_test(test_long_words_are_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
