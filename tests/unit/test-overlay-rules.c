/* The table of who may do what, row by row, and what must hold for every question that can be asked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <ctype.h>
#include <ldap.h>
#include <stdio.h>
#include <string.h>

#include "rules.h"

#define SELF_SERVICE LK_MODE_SELF_SERVICE_ONLY
#define ADMIN LK_MODE_ADMIN_RESET
#define RESET LK_ACTION_RESET
#define ADD LK_ACTION_ADD_WITH_PASSWORD
#define WELCOME LK_ACTION_WELCOME
#define READ LK_ACTION_READ_STATE
#define CHANGE LK_ACTION_CHANGE_RULES
#define MOVE LK_ACTION_MOVE

#define UNLOCK LK_ACTION_UNLOCK
#define BLOCK LK_ACTION_BLOCK
#define LIFT LK_ACTION_LIFT_BLOCK
#define RESEND LK_ACTION_RESEND
#define ELSEWHERE LK_ACTION_RESEND_ELSEWHERE

#define NONE LK_ROLE_NONE
#define AUDITOR LK_ROLE_AUDITOR
#define PASSWORD LK_ROLE_PASSWORD_ADMIN
#define GLOBAL LK_ROLE_GLOBAL_ADMIN
#define ROOT LK_ROLE_ROOT
#define ALL_ROLES (AUDITOR | PASSWORD | GLOBAL | ROOT)

#define OK LDAP_SUCCESS
#define NO_ACCESS LDAP_INSUFFICIENT_ACCESS
#define UNWILLING LDAP_UNWILLING_TO_PERFORM

struct row {
	struct lk_question question;
	int result;
	const char *rule;
};

/* mode, action, self, roles of the actor, roles of the target */
static const struct row rows[] = {
	/* Their own password, whoever they are. */
	{{ADMIN, RESET, true, NONE, NONE}, OK, "self"},
	{{ADMIN, RESET, true, PASSWORD, PASSWORD}, OK, "self"},
	{{ADMIN, RESET, true, GLOBAL, GLOBAL}, OK, "self"},
	{{ADMIN, RESET, true, AUDITOR, AUDITOR}, OK, "self"},
	{{SELF_SERVICE, RESET, true, NONE, NONE}, OK, "self"},
	{{SELF_SERVICE, RESET, true, GLOBAL, GLOBAL}, OK, "self"},
	{{SELF_SERVICE, RESET, true, ROOT, ROOT}, OK, "self"},

	/* Of another, where administrators may reset. */
	{{ADMIN, RESET, false, PASSWORD, NONE}, OK, "password-administrator"},
	{{ADMIN, RESET, false, PASSWORD, PASSWORD}, OK, "password-administrator"},
	{{ADMIN, RESET, false, PASSWORD, AUDITOR}, OK, "password-administrator"},
	{{ADMIN, RESET, false, PASSWORD, GLOBAL}, NO_ACCESS, "reset-outranked"},
	{{ADMIN, RESET, false, PASSWORD, GLOBAL | PASSWORD}, NO_ACCESS, "reset-outranked"},
	{{ADMIN, RESET, false, PASSWORD, ROOT}, NO_ACCESS, "reset-outranked"},
	{{ADMIN, RESET, false, PASSWORD | AUDITOR, GLOBAL}, NO_ACCESS, "reset-outranked"},
	{{ADMIN, RESET, false, GLOBAL, NONE}, OK, "global-administrator"},
	{{ADMIN, RESET, false, GLOBAL, PASSWORD}, OK, "global-administrator"},
	{{ADMIN, RESET, false, GLOBAL, GLOBAL}, OK, "global-administrator"},
	{{ADMIN, RESET, false, GLOBAL | PASSWORD, GLOBAL}, OK, "global-administrator"},
	{{ADMIN, RESET, false, ROOT, NONE}, OK, "rootdn"},
	{{ADMIN, RESET, false, ROOT, GLOBAL}, OK, "rootdn"},
	{{ADMIN, RESET, false, NONE, NONE}, NO_ACCESS, "reset-needs-role"},
	{{ADMIN, RESET, false, NONE, GLOBAL}, NO_ACCESS, "reset-needs-role"},
	{{ADMIN, RESET, false, AUDITOR, NONE}, NO_ACCESS, "reset-needs-role"},

	/* Of another, where only users themselves get back in. */
	{{SELF_SERVICE, RESET, false, NONE, NONE}, UNWILLING, "self-service-only"},
	{{SELF_SERVICE, RESET, false, AUDITOR, NONE}, UNWILLING, "self-service-only"},
	{{SELF_SERVICE, RESET, false, PASSWORD, NONE}, UNWILLING, "self-service-only"},
	{{SELF_SERVICE, RESET, false, GLOBAL, NONE}, UNWILLING, "self-service-only"},
	{{SELF_SERVICE, RESET, false, ROOT, NONE}, UNWILLING, "self-service-only"},
	{{SELF_SERVICE, RESET, false, ALL_ROLES, ALL_ROLES}, UNWILLING, "self-service-only"},

	/* A new entry with a password: slapd's ACLs decide, or nobody does. */
	{{ADMIN, ADD, false, NONE, NONE}, OK, "left-to-access-control"},
	{{ADMIN, ADD, false, AUDITOR, NONE}, OK, "left-to-access-control"},
	{{ADMIN, ADD, false, ROOT, NONE}, OK, "left-to-access-control"},
	{{SELF_SERVICE, ADD, false, NONE, NONE}, UNWILLING, "self-service-only-add"},
	{{SELF_SERVICE, ADD, true, NONE, NONE}, UNWILLING, "self-service-only-add"},
	{{SELF_SERVICE, ADD, false, GLOBAL, NONE}, UNWILLING, "self-service-only-add"},
	{{SELF_SERVICE, ADD, false, ROOT, NONE}, UNWILLING, "self-service-only-add"},

	/* A new user is welcomed by who could reset their password, and in self-service subtrees too. */
	{{ADMIN, WELCOME, false, PASSWORD, NONE}, OK, "password-administrator"},
	{{ADMIN, WELCOME, false, PASSWORD, GLOBAL}, NO_ACCESS, "welcome-outranked"},
	{{ADMIN, WELCOME, false, AUDITOR, NONE}, NO_ACCESS, "welcome-needs-role"},
	{{SELF_SERVICE, WELCOME, false, NONE, NONE}, NO_ACCESS, "welcome-needs-role"},
	{{SELF_SERVICE, WELCOME, false, PASSWORD, NONE}, OK, "password-administrator"},
	{{SELF_SERVICE, WELCOME, false, GLOBAL, GLOBAL}, OK, "global-administrator"},
	{{SELF_SERVICE, WELCOME, false, ROOT, NONE}, OK, "rootdn"},

	/* Reading is one table in both modes. */
	{{ADMIN, READ, true, NONE, NONE}, OK, "self"},
	{{ADMIN, READ, false, AUDITOR, NONE}, OK, "auditor"},
	{{ADMIN, READ, false, AUDITOR, GLOBAL}, OK, "auditor"},
	{{ADMIN, READ, false, AUDITOR | PASSWORD, GLOBAL}, OK, "auditor"},
	{{ADMIN, READ, false, PASSWORD, NONE}, OK, "password-administrator"},
	{{ADMIN, READ, false, PASSWORD, PASSWORD}, OK, "password-administrator"},
	{{ADMIN, READ, false, PASSWORD, GLOBAL}, NO_ACCESS, "read-outranked"},
	{{ADMIN, READ, false, PASSWORD, GLOBAL | PASSWORD}, NO_ACCESS, "read-outranked"},
	{{ADMIN, READ, false, GLOBAL, GLOBAL}, OK, "global-administrator"},
	{{ADMIN, READ, false, ROOT, GLOBAL}, OK, "rootdn"},
	{{ADMIN, READ, false, NONE, NONE}, NO_ACCESS, "read-needs-role"},
	{{SELF_SERVICE, READ, true, NONE, NONE}, OK, "self"},
	{{SELF_SERVICE, READ, false, AUDITOR, GLOBAL}, OK, "auditor"},
	{{SELF_SERVICE, READ, false, PASSWORD, NONE}, OK, "password-administrator"},
	{{SELF_SERVICE, READ, false, PASSWORD, GLOBAL}, NO_ACCESS, "read-outranked"},
	{{SELF_SERVICE, READ, false, GLOBAL, GLOBAL}, OK, "global-administrator"},
	{{SELF_SERVICE, READ, false, ROOT, NONE}, OK, "rootdn"},
	{{SELF_SERVICE, READ, false, NONE, NONE}, NO_ACCESS, "read-needs-role"},

	/* Unlocking, and sending a message elsewhere, is regaining access; blocking and sending again is not. */
	{{ADMIN, UNLOCK, false, PASSWORD, NONE}, OK, "password-administrator"},
	{{ADMIN, UNLOCK, false, PASSWORD, GLOBAL}, NO_ACCESS, "act-outranked"},
	{{ADMIN, UNLOCK, false, GLOBAL, GLOBAL}, OK, "global-administrator"},
	{{ADMIN, UNLOCK, false, AUDITOR, NONE}, NO_ACCESS, "act-needs-role"},
	{{ADMIN, UNLOCK, true, GLOBAL, GLOBAL}, NO_ACCESS, "not-oneself"},
	{{SELF_SERVICE, UNLOCK, false, GLOBAL, NONE}, UNWILLING, "self-service-only-unlock"},
	{{SELF_SERVICE, UNLOCK, false, ROOT, NONE}, UNWILLING, "self-service-only-unlock"},
	{{ADMIN, ELSEWHERE, false, PASSWORD, NONE}, OK, "password-administrator"},
	{{SELF_SERVICE, ELSEWHERE, false, ROOT, NONE}, UNWILLING, "self-service-only-unlock"},
	{{ADMIN, RESEND, false, PASSWORD, NONE}, OK, "password-administrator"},
	{{SELF_SERVICE, RESEND, false, PASSWORD, NONE}, OK, "password-administrator"},
	{{SELF_SERVICE, RESEND, false, NONE, NONE}, NO_ACCESS, "act-needs-role"},
	{{SELF_SERVICE, BLOCK, false, GLOBAL, NONE}, OK, "global-administrator"},
	{{SELF_SERVICE, BLOCK, false, PASSWORD, GLOBAL}, NO_ACCESS, "act-outranked"},
	{{SELF_SERVICE, LIFT, false, GLOBAL, NONE}, OK, "global-administrator"},
	{{ADMIN, LIFT, true, GLOBAL, GLOBAL}, NO_ACCESS, "not-oneself"},

	/* What decides is changed from above, in both modes; out of a self-service subtree nobody moves anything. */
	{{ADMIN, CHANGE, false, ROOT, NONE}, OK, "rootdn"},
	{{ADMIN, CHANGE, false, GLOBAL, NONE}, OK, "global-administrator"},
	{{ADMIN, CHANGE, false, PASSWORD | AUDITOR, NONE}, NO_ACCESS, "rules-need-global-administrator"},
	{{ADMIN, CHANGE, true, NONE, NONE}, NO_ACCESS, "rules-need-global-administrator"},
	{{SELF_SERVICE, CHANGE, false, GLOBAL, NONE}, OK, "global-administrator"},
	{{SELF_SERVICE, CHANGE, false, PASSWORD, NONE}, NO_ACCESS, "rules-need-global-administrator"},
	{{ADMIN, MOVE, false, ROOT, NONE}, OK, "rootdn"},
	{{ADMIN, MOVE, false, GLOBAL, NONE}, OK, "global-administrator"},
	{{ADMIN, MOVE, false, PASSWORD, NONE}, NO_ACCESS, "move-needs-global-administrator"},
	{{SELF_SERVICE, MOVE, false, GLOBAL, NONE}, UNWILLING, "self-service-only-move"},
	{{SELF_SERVICE, MOVE, false, ROOT, NONE}, UNWILLING, "self-service-only-move"},

	/* What no enumeration names is refused, and a mode that is unknown is the strict one. */
	{{ADMIN, LK_ACTION_COUNT, true, ALL_ROLES, NONE}, NO_ACCESS, "unknown-action"},
	{{(enum lk_mode)7, RESET, false, GLOBAL, NONE}, UNWILLING, "self-service-only"},
	{{(enum lk_mode)7, ADD, false, GLOBAL, NONE}, UNWILLING, "self-service-only-add"},
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct lk_verdict verdict = lk_rules_decide(&rows[i].question);
		if (verdict.result != rows[i].result || strcmp(verdict.rule, rows[i].rule) != 0)
			fail_msg("row %zu: %d %s, expected %d %s", i, verdict.result, verdict.rule, rows[i].result, rows[i].rule);
	}
}

typedef void check(const struct lk_question *question, const struct lk_verdict *verdict);

static void for_each_roles(struct lk_question question, check *check_verdict)
{
	for (question.actor_roles = 0; question.actor_roles <= ALL_ROLES; question.actor_roles++) {
		for (question.target_roles = 0; question.target_roles <= ALL_ROLES; question.target_roles++) {
			struct lk_verdict verdict = lk_rules_decide(&question);
			check_verdict(&question, &verdict);
		}
	}
}

static void for_each_question(check *check_verdict)
{
	for (int mode = SELF_SERVICE; mode <= ADMIN; mode++) {
		for (int action = 0; action <= LK_ACTION_COUNT; action++) {
			for (int self = 0; self <= 1; self++)
				for_each_roles((struct lk_question){mode, action, self, 0, 0}, check_verdict);
		}
	}
}

static void check_form(const struct lk_question *question, const struct lk_verdict *verdict)
{
	(void)question;
	assert_int_equal(verdict->allowed, verdict->result == LDAP_SUCCESS);
	assert_int_equal(verdict->allowed, verdict->text == NULL);
	assert_true(verdict->allowed || verdict->result == NO_ACCESS || verdict->result == UNWILLING);
	for (const char *c = verdict->rule; *c != '\0'; c++)
		assert_true(islower((unsigned char)*c) || (*c == '-' && c != verdict->rule && c[1] != '\0'));
}

static void test_every_verdict_is_complete(void **state)
{
	(void)state;
	for_each_question(check_form);
}

static void check_nobody_resets(const struct lk_question *question, const struct lk_verdict *verdict)
{
	bool regains_access = question->action == RESET || question->action == ADD || question->action == UNLOCK ||
						  question->action == ELSEWHERE || question->action == MOVE;

	if (question->mode != SELF_SERVICE || !regains_access)
		return;
	assert_int_equal(verdict->allowed, question->action == RESET && question->self);
}

static void test_self_service_only_has_no_exception(void **state)
{
	(void)state;
	for_each_question(check_nobody_resets);
}

static void check_auditor_role(const struct lk_question *question, const struct lk_verdict *verdict)
{
	struct lk_question without = *question;
	without.actor_roles &= ~(unsigned)AUDITOR;
	if (question->action != READ)
		assert_int_equal(lk_rules_decide(&without).allowed, verdict->allowed);
}

static void test_auditors_read_and_do_nothing_else(void **state)
{
	(void)state;
	for_each_question(check_auditor_role);
}

static void check_more_roles(const struct lk_question *question, const struct lk_verdict *verdict)
{
	for (unsigned role = 1; role <= ALL_ROLES; role <<= 1) {
		struct lk_question more = *question;
		more.actor_roles |= role;
		assert_true(!verdict->allowed || lk_rules_decide(&more).allowed);
	}
}

static void test_no_role_takes_a_right_away(void **state)
{
	(void)state;
	for_each_question(check_more_roles);
}

static void test_self_service_text_says_why(void **state)
{
	(void)state;
	struct lk_question question = {SELF_SERVICE, RESET, false, GLOBAL, NONE};
	assert_string_equal(lk_rules_decide(&question).text,
		"this account is self-service only: nobody, not even a global administrator, resets its password; "
		"its user can recover it");
	question.action = ADD;
	assert_non_null(strstr(lk_rules_decide(&question).text, "an Add carries no password there"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_every_verdict_is_complete),
		cmocka_unit_test(test_self_service_only_has_no_exception),
		cmocka_unit_test(test_auditors_read_and_do_nothing_else),
		cmocka_unit_test(test_no_role_takes_a_right_away),
		cmocka_unit_test(test_self_service_text_says_why),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
