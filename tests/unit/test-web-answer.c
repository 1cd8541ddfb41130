/* What the pages make of what they have to say: escaped text, sentences for results, how often one may try. */
#include "support.h"

#include <ldap.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "attempts.h"
#include "html.h"
#include "outcome.h"

#define NOW ((time_t)1795237320)

static void test_text_stays_text(void **state)
{
	struct lk_html html = {NULL};

	(void)state;
	lk_html_raw(&html, "<p>");
	lk_html_text(&html, "<a href=\"x\" title='y'>&amp;");
	lk_html_fill(&html, " {user} & {user}{other} <", "user", "<b>{user}</b>");
	assert_string_equal(html.text, "<p>&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;"
								   " &lt;b&gt;{user}&lt;/b&gt; &amp; &lt;b&gt;{user}&lt;/b&gt;{other} &lt;");
	assert_int_equal(html.length, strlen(html.text));
	lk_html_clear(&html);
	assert_null(html.text);
}

static void test_pages_grow(void **state)
{
	struct lk_html html = {NULL};

	(void)state;
	for (int i = 0; i < 100000; i++)
		lk_html_text(&html, "&");
	assert_int_equal(html.length, 500000);
	lk_html_clear(&html);
}

static void test_results_have_a_sentence(void **state)
{
	static const struct {
		enum lk_web_operation operation;
		int rc;
		const char *diagnostic;
		enum lk_web_text text;
		unsigned status;
	} cases[] = {
		{LK_WEB_REQUEST, LDAP_SUCCESS, NULL, LK_WEB_NO_TEXT, 200},
		{LK_WEB_REQUEST, LDAP_SERVER_DOWN, NULL, LK_WEB_TEXT_UNREACHABLE, 503},
		{LK_WEB_REQUEST, LDAP_BUSY, NULL, LK_WEB_TEXT_BUSY, 503},
		{LK_WEB_COMPLETE, LDAP_INVALID_CREDENTIALS, "whatever", LK_WEB_TEXT_WRONG_CODE, 422},
		{LK_WEB_COMPLETE, LDAP_CONSTRAINT_VIOLATION, "Password fails quality checking policy", LK_WEB_TEXT_TOO_SIMPLE,
			422},
		{LK_WEB_COMPLETE, LDAP_CONSTRAINT_VIOLATION, "reworded", LK_WEB_TEXT_NOT_ACCEPTED, 422},
		{LK_WEB_COMPLETE, LDAP_CONSTRAINT_VIOLATION, NULL, LK_WEB_TEXT_NOT_ACCEPTED, 422},
		{LK_WEB_COMPLETE, LDAP_UNWILLING_TO_PERFORM, "the password has expired: choose", LK_WEB_TEXT_EXPIRED, 422},
		{LK_WEB_COMPLETE, LDAP_UNWILLING_TO_PERFORM, NULL, LK_WEB_TEXT_REFUSED, 422},
		{LK_WEB_COMPLETE, LDAP_TIMEOUT, NULL, LK_WEB_TEXT_UNKNOWN_OUTCOME, 504},
		{LK_WEB_CHANGE, LDAP_SERVER_DOWN, NULL, LK_WEB_TEXT_UNKNOWN_OUTCOME, 504},
		{LK_WEB_SIGN_IN, LDAP_SERVER_DOWN, NULL, LK_WEB_TEXT_UNREACHABLE, 503},
		{LK_WEB_CHANGE, 12345, NULL, LK_WEB_TEXT_REFUSED, 422},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		enum lk_web_text text = lk_web_outcome(cases[i].operation, cases[i].rc, cases[i].diagnostic);

		assert_int_equal(text, cases[i].text);
		assert_int_equal(lk_web_outcome_status(text), cases[i].status);
	}
	/* Whether there is such a user makes no difference. */
	static const int failures[] = {LDAP_INVALID_CREDENTIALS, LDAP_NO_SUCH_OBJECT, LDAP_MORE_RESULTS_TO_RETURN};
	for (size_t i = 0; i < COUNT(failures); i++)
		assert_int_equal(lk_web_outcome(LK_WEB_SIGN_IN, failures[i], NULL), LK_WEB_TEXT_WRONG_PASSWORD);
}

static void test_attempts_have_an_end(void **state)
{
	struct lk_web_attempts *attempts = lk_web_attempts_new();

	(void)state;
	for (int i = 0; i < LK_WEB_ATTEMPTS; i++)
		assert_true(lk_web_attempts_take(attempts, "203.0.113.5", NOW));
	assert_false(lk_web_attempts_take(attempts, "203.0.113.5", NOW + LK_WEB_ATTEMPTS_SECONDS - 1));
	assert_true(lk_web_attempts_take(attempts, "203.0.113.5", NOW + LK_WEB_ATTEMPTS_SECONDS));
	/* What succeeded does not count. */
	for (int i = 0; i < 3 * LK_WEB_ATTEMPTS; i++) {
		assert_true(lk_web_attempts_take(attempts, "203.0.113.77", NOW));
		lk_web_attempts_forgive(attempts, "203.0.113.77", NOW);
	}
	/* A network of IPv6 is one client; nobody's address is one, too. */
	for (int i = 0; i < LK_WEB_ATTEMPTS; i++) {
		char address[64];
		snprintf(address, sizeof address, "2001:db8:0:1::%x", i);
		assert_true(lk_web_attempts_take(attempts, address, NOW));
		assert_true(lk_web_attempts_take(attempts, NULL, NOW));
	}
	assert_false(lk_web_attempts_take(attempts, "2001:db8:0:1:ffff::", NOW));
	assert_false(lk_web_attempts_take(attempts, NULL, NOW));
	lk_web_attempts_free(attempts);
}

static int start(void **state)
{
	(void)state;
	return sodium_init() < 0 ? -1 : 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_stays_text),
		cmocka_unit_test(test_pages_grow),
		cmocka_unit_test(test_results_have_a_sentence),
		cmocka_unit_test(test_attempts_have_an_end),
	};
	return cmocka_run_group_tests(tests, start, NULL);
}
