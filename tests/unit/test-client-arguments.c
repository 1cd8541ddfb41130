/* The library and arguments that it cannot send: the handle of these tests leads nowhere, so whatever were sent would
 * end as LDAP_SERVER_DOWN. */
#include "support.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "latchkey.h"

#define ID "00112233445566778899aabbccddeeff"

static char long_text[1026];

static int open_handle(void **state)
{
	static const int version = LDAP_VERSION3;
	LDAP *ld = NULL;

	memset(long_text, 'x', sizeof long_text - 1);
	signal(SIGPIPE, SIG_IGN);
	if (ldap_initialize(&ld, "ldapi://%2Fnowhere%2Fat%2Fall") != LDAP_SUCCESS)
		return -1;
	*state = ld;
	return ldap_set_option(ld, LDAP_OPT_PROTOCOL_VERSION, &version);
}

static int close_handle(void **state)
{
	return ldap_unbind_ext(*state, NULL, NULL);
}

/* The function's result, the handle's and the words agree. */
static void assert_refused(LDAP *ld, int rc, int expected)
{
	int kept = LDAP_SUCCESS;
	char *words = lk_client_diagnostic(ld);

	assert_int_equal(rc, expected);
	ldap_get_option(ld, LDAP_OPT_RESULT_CODE, &kept);
	assert_int_equal(kept, expected);
	assert_non_null(words);
	ldap_memfree(words);
}

static void test_signing_in(void **state)
{
	char *dn = NULL;
	LDAP *ld = *state;

	assert_refused(ld, lk_client_sign_in(ld, "uid=kim", ""), LDAP_PARAM_ERROR);
	assert_refused(ld, lk_client_sign_in(ld, "", "x"), LDAP_PARAM_ERROR);
	assert_refused(ld, lk_client_sign_in(ld, NULL, "x"), LDAP_PARAM_ERROR);
	assert_refused(ld, lk_client_sign_in(ld, "uid=kim", "\xff"), LDAP_ENCODING_ERROR);
	assert_refused(ld, lk_client_change_password(ld, "", "x"), LDAP_PARAM_ERROR);
	assert_refused(ld, lk_client_change_password(ld, "x", NULL), LDAP_PARAM_ERROR);
	assert_refused(ld, lk_client_change_password(ld, "x", long_text), LDAP_PARAM_ERROR);
	assert_refused(ld, lk_client_find(ld, "", NULL, &dn), LDAP_PARAM_ERROR);
	assert_refused(ld, lk_client_find(ld, long_text, NULL, &dn), LDAP_PARAM_ERROR);
	assert_null(dn);
}

static void test_names_typed_as_hangul(void **state)
{
	static const char *const names[][2] = {{"\u314f\u3151\u3161", "kim"},
		{"\u314f\u3151\u3161@example.net", "kim@example.net"}, {"kim", NULL}, {KIM_NFC, NULL}, {"\xff", NULL},
		{"", NULL}};

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		char *keys = lk_client_typed_keys(names[i][0]);

		if (names[i][1] == NULL)
			assert_null(keys);
		else
			assert_string_equal(keys, names[i][1]);
		ldap_memfree(keys);
	}
}

static void test_typed_codes(void **state)
{
	struct lk_client_typed typed;

	(void)state;
	lk_client_typed_read("k7qf 2m9x 4trb", &typed);
	assert_int_equal(typed.kind, LK_CLIENT_TYPED_MAILED);
	assert_string_equal(typed.code, "K7QF-2M9X-4TRB");
	lk_client_typed_read("Qm7x-4Kpt-Rw9d-hT3n", &typed);
	assert_int_equal(typed.kind, LK_CLIENT_TYPED_TEMPORARY);
	assert_string_equal(typed.code, "");
}

static void test_recovery(void **state)
{
	const struct lk_client_proof proof = {LK_CLIENT_METHOD_MAIL, "K7QF-2M9X-4TRB"}, empty = {LK_CLIENT_METHOD_MAIL, ""};
	const struct lk_client_proof proofs[LK_CLIENT_PROOFS_MAX + 1] = {proof, proof, proof, proof, proof};
	LDAP *ld = *state;

	assert_refused(ld, lk_client_recovery_request(ld, NULL, NULL), LDAP_PARAM_ERROR);
	assert_refused(ld, lk_client_recovery_request(ld, "", NULL), LDAP_PARAM_ERROR);
	assert_refused(ld, lk_client_recovery_request(ld, long_text, NULL), LDAP_PARAM_ERROR);
	assert_refused(ld, lk_client_recovery_request(ld, "\xff", NULL), LDAP_ENCODING_ERROR);
	assert_refused(ld, lk_client_recovery_request(ld, "kim\n", NULL), LDAP_ENCODING_ERROR);
	assert_refused(ld, lk_client_recovery_request(ld, "kim", ""), LDAP_PARAM_ERROR);
	assert_refused(ld, lk_client_recovery_complete(ld, "kim", proofs, 0, NULL), LDAP_PARAM_ERROR);
	assert_refused(ld, lk_client_recovery_complete(ld, "kim", proofs, COUNT(proofs), NULL), LDAP_PARAM_ERROR);
	assert_refused(ld, lk_client_recovery_complete(ld, "kim", &empty, 1, NULL), LDAP_PARAM_ERROR);
	assert_refused(ld, lk_client_recovery_complete(ld, "kim", &proof, 1, ""), LDAP_PARAM_ERROR);
	assert_refused(ld, lk_client_recovery_complete(ld, "kim", &proof, 1, long_text), LDAP_PARAM_ERROR);
	assert_refused(ld, lk_client_recovery_complete(ld, "kim", &proof, 1, "\xff"), LDAP_ENCODING_ERROR);
}

static void test_reset(void **state)
{
	const struct lk_reset_options wrong[] = {
		{.must_change = true, .to = "a@example.com"},
		{.must_change = true, .locale = "ko"},
		{.must_change = true, .conceal = true},
		{.notify = true, .to = ""},
		{.notify = true, .new_password = ""},
		{.notify = true, .new_password = long_text},
		{.notify = true, .ticket = long_text},
	};
	struct lk_reset_result *result = (struct lk_reset_result *)state;
	LDAP *ld = *state;

	for (size_t i = 0; i < COUNT(wrong); i++)
		assert_refused(ld, lk_client_reset(ld, "kim", &wrong[i], &result), LDAP_PARAM_ERROR);
	assert_refused(ld, lk_client_reset(ld, NULL, NULL, &result), LDAP_PARAM_ERROR);
	assert_ptr_equal(result, state);
	lk_client_reset_result_free(NULL);
}

static void test_welcome(void **state)
{
	const struct lk_reset_options wrong[] = {
		{.must_change = true},
		{.notify = true, .conceal = true},
		{.notify = true, .new_password = "typed"},
		{.notify = true, .to = ""},
		{.notify = true, .ticket = long_text},
	};
	struct lk_reset_result *result = (struct lk_reset_result *)state;
	LDAPMod *attributes[] = {NULL};
	LDAP *ld = *state;

	for (size_t i = 0; i < COUNT(wrong); i++)
		assert_refused(ld, lk_client_welcome(ld, "uid=new", attributes, &wrong[i], &result), LDAP_PARAM_ERROR);
	assert_refused(ld, lk_client_welcome(ld, NULL, attributes, NULL, &result), LDAP_PARAM_ERROR);
	assert_refused(ld, lk_client_welcome(ld, "uid=new", NULL, NULL, &result), LDAP_PARAM_ERROR);
	assert_ptr_equal(result, state);
}

static void test_administration(void **state)
{
	static const char *const ids[] = {NULL, "", "0011", ID "00", "0011223344556677889900AABBCCDDEE"};
	LDAP *ld = *state;

	for (size_t i = 0; i < COUNT(ids); i++)
		assert_refused(ld, lk_client_resend(ld, "kim", ids[i], NULL), LDAP_PARAM_ERROR);
	assert_refused(ld, lk_client_resend(ld, NULL, ID, NULL), LDAP_PARAM_ERROR);
	assert_refused(ld, lk_client_resend(ld, "kim", ID, ""), LDAP_PARAM_ERROR);
	assert_refused(ld, lk_client_resend(ld, "kim", ID, long_text), LDAP_PARAM_ERROR);
	assert_refused(ld, lk_client_resend(ld, "kim", ID, "\xff"), LDAP_ENCODING_ERROR);
	assert_refused(ld, lk_client_unlock(ld, "", NULL, NULL), LDAP_PARAM_ERROR);
	assert_refused(ld, lk_client_unlock(ld, long_text, NULL, NULL), LDAP_PARAM_ERROR);
	assert_refused(ld, lk_client_unlock(ld, "kim", "", NULL), LDAP_PARAM_ERROR);
	assert_refused(ld, lk_client_unlock(ld, "kim", NULL, long_text), LDAP_PARAM_ERROR);
	assert_refused(ld, lk_client_block(ld, NULL, NULL, NULL), LDAP_PARAM_ERROR);
	assert_refused(ld, lk_client_block(ld, "kim", long_text, NULL), LDAP_PARAM_ERROR);
	assert_refused(ld, lk_client_block(ld, "kim", "two\nlines", NULL), LDAP_ENCODING_ERROR);
}

static void test_status(void **state)
{
	struct lk_account *account = (struct lk_account *)state;
	LDAP *ld = *state;

	assert_refused(ld, lk_client_status(ld, "", NULL, &account), LDAP_PARAM_ERROR);
	assert_refused(ld, lk_client_status(ld, long_text, NULL, &account), LDAP_PARAM_ERROR);
	assert_refused(ld, lk_client_status(ld, "\xff", NULL, &account), LDAP_ENCODING_ERROR);
	assert_ptr_equal(account, state);
	lk_client_account_free(NULL);
}

static void test_delivery(void **state)
{
	static const struct lk_settling wrong[] = {
		{NULL, ID, "sent", "", 0},
		{"", ID, "sent", "", 0},
		{"cn=a", NULL, "sent", "", 0},
		{"cn=a", "0011", "sent", "", 0},
		{"cn=a", ID, NULL, "", 0},
		{"cn=a", ID, "queued", "", 0},
		{"cn=a", ID, "nonsense", "", 0},
		{"cn=a", ID, "sent", "", 1},
		{"cn=a", ID, "deferred", "", 0},
		{"cn=a", ID, "failed", long_text, 0},
	};
	struct lk_notification *items = (struct lk_notification *)state;
	int *results = (int *)state;
	size_t count = 7;
	LDAP *ld = *state;

	for (size_t i = 0; i < COUNT(wrong); i++)
		assert_refused(ld, lk_client_settle(ld, &wrong[i], 1, &results), LDAP_PARAM_ERROR);
	assert_refused(ld, lk_client_settle(ld, wrong, 0, &results), LDAP_PARAM_ERROR);
	assert_refused(ld, lk_client_settle(ld, wrong, 1001, &results), LDAP_PARAM_ERROR);
	assert_refused(ld, lk_client_take(ld, 0, 60, &items, &count), LDAP_PARAM_ERROR);
	assert_refused(ld, lk_client_take(ld, 1, 3601, &items, &count), LDAP_PARAM_ERROR);
	assert_true(count == 7 && items == (void *)state && results == (void *)state);
	lk_client_notifications_free(NULL, 7);
	lk_client_results_free(NULL);
}

static void test_what_can_be_sent_is_tried(void **state)
{
	const struct lk_settling sound = {"cn=a", ID, "deferred", NULL, 1795237320};
	struct lk_notification *items;
	struct lk_account *account;
	struct lk_reset_result *result;
	int *results;
	size_t count;
	LDAP *ld = *state;

	assert_int_equal(lk_client_recovery_request(ld, "kim", "ko-KR"), LDAP_SERVER_DOWN);
	assert_int_equal(lk_client_reset(ld, "kim", NULL, &result), LDAP_SERVER_DOWN);
	assert_int_equal(lk_client_resend(ld, "kim", ID, "kim@example.net"), LDAP_SERVER_DOWN);
	assert_int_equal(lk_client_unlock(ld, "kim", NULL, "42"), LDAP_SERVER_DOWN);
	assert_int_equal(lk_client_block(ld, "kim", "why", NULL), LDAP_SERVER_DOWN);
	assert_int_equal(lk_client_status(ld, "kim", "dc=example,dc=com", &account), LDAP_SERVER_DOWN);
	assert_int_equal(lk_client_take(ld, 1, 60, &items, &count), LDAP_SERVER_DOWN);
	assert_int_equal(lk_client_settle(ld, &sound, 1, &results), LDAP_SERVER_DOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_recovery, open_handle, close_handle),
		cmocka_unit_test_setup_teardown(test_signing_in, open_handle, close_handle),
		cmocka_unit_test_setup_teardown(test_names_typed_as_hangul, open_handle, close_handle),
		cmocka_unit_test_setup_teardown(test_typed_codes, open_handle, close_handle),
		cmocka_unit_test_setup_teardown(test_reset, open_handle, close_handle),
		cmocka_unit_test_setup_teardown(test_welcome, open_handle, close_handle),
		cmocka_unit_test_setup_teardown(test_administration, open_handle, close_handle),
		cmocka_unit_test_setup_teardown(test_status, open_handle, close_handle),
		cmocka_unit_test_setup_teardown(test_delivery, open_handle, close_handle),
		cmocka_unit_test_setup_teardown(test_what_can_be_sent_is_tried, open_handle, close_handle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
