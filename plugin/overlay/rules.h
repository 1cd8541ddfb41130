/* Who may do what to whom: the table of the two modes as a pure function that knows no slapd. */
#pragma once

#include <stdbool.h>

#include "../protocol/policy-entry.h"

/* Roles add up. */
enum lk_role {
	LK_ROLE_NONE = 0,
	LK_ROLE_AUDITOR = 1 << 0,
	LK_ROLE_PASSWORD_ADMIN = 1 << 1,
	LK_ROLE_GLOBAL_ADMIN = 1 << 2,
	LK_ROLE_ROOT = 1 << 3, /* the database's rootdn */
};

enum lk_action {
	LK_ACTION_RESET, /* set or generate the password of the target */
	LK_ACTION_ADD_WITH_PASSWORD, /* create an entry that already has a password */
	LK_ACTION_WELCOME, /* create a user, with an address that counts at once */
	LK_ACTION_READ_STATE, /* the messages about the target and what became of them */
	LK_ACTION_UNLOCK, /* lift a lock that came from failed sign-ins */
	LK_ACTION_BLOCK, /* block sign-in */
	LK_ACTION_LIFT_BLOCK,
	LK_ACTION_RESEND, /* send a message again, to where it went */
	LK_ACTION_RESEND_ELSEWHERE,
	LK_ACTION_CHANGE_RULES, /* change what decides: a policy, a role group or a group in it */
	LK_ACTION_MOVE, /* move an entry to where another policy, or none, governs it */
	LK_ACTION_COUNT
};

struct lk_question {
	enum lk_mode mode;
	enum lk_action action;
	bool self; /* the actor is the target, signed in as itself */
	unsigned actor_roles;
	unsigned target_roles;
};

struct lk_verdict {
	bool allowed;
	int result; /* an LDAP result code: LDAP_SUCCESS, LDAP_UNWILLING_TO_PERFORM (53) or LDAP_INSUFFICIENT_ACCESS (50) */
	const char *rule; /* a short stable name for logs, e.g. "self-service-only"; static */
	const char *text; /* a sentence for the client's diagnostic message; NULL where allowed; static */
};

struct lk_verdict lk_rules_decide(const struct lk_question *question);
