/* What an answer of the directory means to the reader. The diagnostics are those of slapo-latchkey, word for word. */
#include "support.h"

#include <ldap.h>
#include <string.h>

#include "cli-meanings.h"

#define RESET LK_CLI_STEP_RESET
#define UNLOCK LK_CLI_STEP_UNLOCK
#define BLOCK LK_CLI_STEP_BLOCK
#define RESEND LK_CLI_STEP_RESEND
#define REFUSED LK_CLI_REFUSED

static const struct {
	enum lk_cli_step step;
	int rc;
	const char *diagnostic;
	int exit_status;
	const char *sentence; /* its beginning */
} rows[] = {
	{RESET, LDAP_UNWILLING_TO_PERFORM, "this account is excluded from resets and recoveries by its policy", REFUSED,
		"The policy excludes"},
	{RESET, LDAP_UNWILLING_TO_PERFORM,
		"the password of this account is kept in another system ({SASL}): change it there", REFUSED,
		"The password of this account is kept"},
	{RESET, LDAP_UNWILLING_TO_PERFORM, "sign-in to this account is blocked: unlock it first", REFUSED,
		"An administrator has blocked"},
	{RESET, LDAP_UNWILLING_TO_PERFORM, "this policy requires a reason for each reset: give one", REFUSED,
		"The policy wants a reason"},
	{RESET, LDAP_INSUFFICIENT_ACCESS, "your own account is blocked", REFUSED, "Your own account is blocked."},
	{UNLOCK, LDAP_UNWILLING_TO_PERFORM,
		"this account is self-service only: nobody unlocks it or sends its messages elsewhere for its user, who can "
		"recover it",
		REFUSED, "This user recovers by themself only: nobody else can unlock"},
	{UNLOCK, LDAP_INSUFFICIENT_ACCESS, "administrators do not do this to their own account", REFUSED,
		"This is your own account"},
	{UNLOCK, LDAP_INSUFFICIENT_ACCESS, "this needs the role of a password administrator or global administrator",
		REFUSED, "You may not do this. It is for"},
	{BLOCK, LDAP_INSUFFICIENT_ACCESS, "a password administrator does not do this to a global administrator", REFUSED,
		"Only a global administrator may do this"},
	{BLOCK, LDAP_INSUFFICIENT_ACCESS, "only administrators may do this", REFUSED, "You may not do this. It is for"},
	{BLOCK, LDAP_INSUFFICIENT_ACCESS, "change your own password first", REFUSED, "Your own password"},
	{BLOCK, LDAP_UNWILLING_TO_PERFORM, "blocking needs a rootdn on this database", LK_CLI_FAILED,
		"Accounts of this directory cannot be blocked"},
	{BLOCK, LDAP_BUSY, "the entry was changed at the same time: try again", LK_CLI_UNREACHABLE, "Somebody else"},
	{BLOCK, LDAP_BUSY, "the policies of this directory cannot be read now", LK_CLI_UNREACHABLE, "The directory cannot"},
	{BLOCK, LDAP_NO_SUCH_OBJECT, "no single user of this name", LK_CLI_NO_SUCH_USER, "There is no user of this name"},
	{RESEND, LDAP_NO_SUCH_OBJECT, "there is no such message", LK_CLI_NO_SUCH_USER, "There is no such mail"},
	{RESEND, LDAP_INVALID_SYNTAX, "the address is not one plain mail address", LK_CLI_USAGE, "What follows --to"},
	{RESEND, LDAP_UNWILLING_TO_PERFORM, "the contents of this message have been erased: reset again", REFUSED,
		"The contents of this mail"},
	{RESEND, LDAP_UNWILLING_TO_PERFORM, "what this message says is no longer valid: reset again", REFUSED,
		"What this mail says"},
	{RESEND, LDAP_UNWILLING_TO_PERFORM, "only a temporary password or a welcome is sent to another address", REFUSED,
		"Only a temporary password"},
	{RESEND, LDAP_UNWILLING_TO_PERFORM, "the lost password itself opens this mailbox: give another address", REFUSED,
		"The lost password itself"},
};

static void test_what_the_directory_says_is_known(void **state)
{
	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct lk_cli_meaning meaning = lk_cli_meaning_find(rows[i].step, rows[i].rc, rows[i].diagnostic);

		if (meaning.sentence == NULL || strncmp(meaning.sentence, rows[i].sentence, strlen(rows[i].sentence)) != 0)
			fail_msg("“%s” is told as “%s”", rows[i].diagnostic, meaning.sentence);
		assert_int_equal(meaning.exit_status, rows[i].exit_status);
		assert_true(meaning.says_all);
	}
}

/* Then the directory's own words are shown. */
static void test_other_words_are_not_taken_for_known(void **state)
{
	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++)
		assert_false(lk_cli_meaning_find(rows[i].step, rows[i].rc, "something new").says_all);
	assert_null(lk_cli_meaning_find(UNLOCK, LDAP_LOOP_DETECT, NULL).sentence);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_the_directory_says_is_known),
		cmocka_unit_test(test_other_words_are_not_taken_for_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
