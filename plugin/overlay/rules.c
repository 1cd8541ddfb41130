/* Every answer is one row of constants below, so that a log line and a diagnostic text never depend on the way by which
 * a verdict was reached. What is not listed is refused. */
#include "rules.h"

#include "guard.h"

#include <ldap.h>
#include <stddef.h>

/* As a target, the entry that the rootdn names ranks with global administrators: its password opens everything. */
#define TOP_ROLES (LK_ROLE_GLOBAL_ADMIN | LK_ROLE_ROOT)

static const struct lk_verdict by_self = {true, LDAP_SUCCESS, "self", NULL};
static const struct lk_verdict by_rootdn = {true, LDAP_SUCCESS, "rootdn", NULL};
static const struct lk_verdict by_global_admin = {true, LDAP_SUCCESS, "global-administrator", NULL};
static const struct lk_verdict by_password_admin = {true, LDAP_SUCCESS, "password-administrator", NULL};
static const struct lk_verdict by_auditor = {true, LDAP_SUCCESS, "auditor", NULL};
static const struct lk_verdict left_to_acl = {true, LDAP_SUCCESS, "left-to-access-control", NULL};

static const struct lk_verdict self_service_only = {false, LDAP_UNWILLING_TO_PERFORM, "self-service-only",
	"this account is self-service only: nobody, not even a global administrator, resets its password; its user can "
	"recover it"};
static const struct lk_verdict self_service_only_add = {false, LDAP_UNWILLING_TO_PERFORM, "self-service-only-add",
	"accounts here are self-service only: an Add carries no password there; its user sets the first one by recovery"};
static const struct lk_verdict reset_needs_role = {false, LDAP_INSUFFICIENT_ACCESS, "reset-needs-role",
	"resetting the password of another user needs the role of a password administrator or global administrator"};
static const struct lk_verdict reset_outranked = {false, LDAP_INSUFFICIENT_ACCESS, "reset-outranked",
	"a password administrator does not reset the password of a global administrator"};
static const struct lk_verdict read_needs_role = {false, LDAP_INSUFFICIENT_ACCESS, "read-needs-role",
	"reading this needs to be the user, an auditor, a password administrator or a global administrator"};
static const struct lk_verdict read_outranked = {false, LDAP_INSUFFICIENT_ACCESS, "read-outranked",
	"a password administrator does not read this of a global administrator"};
static const struct lk_verdict self_service_only_unlock = {false, LDAP_UNWILLING_TO_PERFORM, "self-service-only-unlock",
	"this account is self-service only: nobody unlocks it or sends its messages elsewhere for its user, who can "
	"recover it"};
static const struct lk_verdict not_oneself = {
	false, LDAP_INSUFFICIENT_ACCESS, "not-oneself", "administrators do not do this to their own account"};
static const struct lk_verdict act_needs_role = {false, LDAP_INSUFFICIENT_ACCESS, "act-needs-role",
	"this needs the role of a password administrator or global administrator"};
static const struct lk_verdict act_outranked = {false, LDAP_INSUFFICIENT_ACCESS, "act-outranked",
	"a password administrator does not do this to a global administrator"};
static const struct lk_verdict rules_need_role = {false, LDAP_INSUFFICIENT_ACCESS, "rules-need-global-administrator",
	"this entry decides who may reset passwords: only a global administrator under its policy changes it"};
static const struct lk_verdict move_needs_role = {false, LDAP_INSUFFICIENT_ACCESS, "move-needs-global-administrator",
	"another policy would govern this entry there: only a global administrator under its policy moves it"};
static const struct lk_verdict self_service_only_move = {false, LDAP_UNWILLING_TO_PERFORM, "self-service-only-move",
	"accounts here are self-service only: nobody moves them to where that no longer holds"};
static const struct lk_verdict welcome_needs_role = {false, LDAP_INSUFFICIENT_ACCESS, "welcome-needs-role",
	"welcoming a new user needs the role of a password administrator or global administrator"};
static const struct lk_verdict welcome_outranked = {false, LDAP_INSUFFICIENT_ACCESS, "welcome-outranked",
	"a password administrator does not welcome a global administrator"};
static const struct lk_verdict unknown_action = {
	false, LDAP_INSUFFICIENT_ACCESS, "unknown-action", "no rule allows this"};

static bool has(unsigned roles, unsigned wanted)
{
	return (roles & wanted) != 0;
}

/* The table of administrators over targets; NEEDS_ROLE and OUTRANKED are its two ways to say no. */
static struct lk_verdict decide_by_rank(
	const struct lk_question *question, const struct lk_verdict *needs_role, const struct lk_verdict *outranked)
{
	if (has(question->actor_roles, LK_ROLE_ROOT))
		return by_rootdn;
	if (has(question->actor_roles, LK_ROLE_GLOBAL_ADMIN))
		return by_global_admin;
	if (LK_GUARD("role-needed", !has(question->actor_roles, LK_ROLE_PASSWORD_ADMIN)))
		return *needs_role;
	if (LK_GUARD("outranked", has(question->target_roles, TOP_ROLES)))
		return *outranked;
	return by_password_admin;
}

/* Whether users may change their own password is for slapd and its password policy to say, in both modes. */
static struct lk_verdict decide_reset(const struct lk_question *question)
{
	if (question->self)
		return by_self;
	if (LK_GUARD("self-service-only", question->mode != LK_MODE_ADMIN_RESET))
		return self_service_only;
	return decide_by_rank(question, &reset_needs_role, &reset_outranked);
}

static struct lk_verdict decide_add(const struct lk_question *question)
{
	if (LK_GUARD("self-service-only-add", question->mode != LK_MODE_ADMIN_RESET))
		return self_service_only_add;
	return left_to_acl;
}

static struct lk_verdict decide_read(const struct lk_question *question)
{
	if (question->self)
		return by_self;
	if (has(question->actor_roles, LK_ROLE_AUDITOR))
		return by_auditor;
	return decide_by_rank(question, &read_needs_role, &read_outranked);
}

/* Unlocking, and a message sent elsewhere, is regaining access: as a reset. Blocking and sending again to where it went
 * is not, and stays with administrators in both modes. */
static struct lk_verdict decide_act(const struct lk_question *question, bool regains_access)
{
	if (LK_GUARD("not-oneself", question->self))
		return not_oneself;
	if (LK_GUARD("self-service-only-unlock", regains_access && question->mode != LK_MODE_ADMIN_RESET))
		return self_service_only_unlock;
	return decide_by_rank(question, &act_needs_role, &act_outranked);
}

static struct lk_verdict decide_by_global(const struct lk_question *question, const struct lk_verdict *needs_role)
{
	if (has(question->actor_roles, LK_ROLE_ROOT))
		return by_rootdn;
	if (LK_GUARD("global-administrator-needed", !has(question->actor_roles, LK_ROLE_GLOBAL_ADMIN)))
		return *needs_role;
	return by_global_admin;
}

static struct lk_verdict decide_move(const struct lk_question *question)
{
	if (LK_GUARD("self-service-only-move", question->mode != LK_MODE_ADMIN_RESET))
		return self_service_only_move;
	return decide_by_global(question, &move_needs_role);
}

struct lk_verdict lk_rules_decide(const struct lk_question *question)
{
	switch (question->action) {
	case LK_ACTION_RESET:
		return decide_reset(question);
	case LK_ACTION_ADD_WITH_PASSWORD:
		return decide_add(question);
	case LK_ACTION_WELCOME:
		/* In both modes: there is nobody yet whose account it is. */
		return decide_by_rank(question, &welcome_needs_role, &welcome_outranked);
	case LK_ACTION_READ_STATE:
		return decide_read(question);
	case LK_ACTION_UNLOCK:
	case LK_ACTION_RESEND_ELSEWHERE:
		return decide_act(question, true);
	case LK_ACTION_BLOCK:
	case LK_ACTION_LIFT_BLOCK:
	case LK_ACTION_RESEND:
		return decide_act(question, false);
	case LK_ACTION_CHANGE_RULES:
		return decide_by_global(question, &rules_need_role);
	case LK_ACTION_MOVE:
		return decide_move(question);
	case LK_ACTION_COUNT:
		break;
	}
	return unknown_action;
}
