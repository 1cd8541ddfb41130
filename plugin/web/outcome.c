#include "outcome.h"

#include <glib.h>
#include <ldap.h>

#define REQUEST (1 << LK_WEB_REQUEST)
#define COMPLETE (1 << LK_WEB_COMPLETE)
#define SIGN_IN (1 << LK_WEB_SIGN_IN)
#define CHANGE (1 << LK_WEB_CHANGE)
#define WRITES (COMPLETE | CHANGE)
#define ANY (REQUEST | WRITES | SIGN_IN)

/* The first row that fits counts. The diagnostics are those of slapo-latchkey and slapo-ppolicy; where one was
 * reworded, the row without still counts. */
static const struct {
	int operations;
	int rc;
	const char *diagnostic;
	enum lk_web_text text;
} table[] = {
	{ANY, LDAP_SUCCESS, NULL, LK_WEB_NO_TEXT},
	{COMPLETE, LDAP_INVALID_CREDENTIALS, NULL, LK_WEB_TEXT_WRONG_CODE},
	{SIGN_IN | CHANGE, LDAP_INVALID_CREDENTIALS, NULL, LK_WEB_TEXT_WRONG_PASSWORD},
	{SIGN_IN, LDAP_NO_SUCH_OBJECT, NULL, LK_WEB_TEXT_WRONG_PASSWORD},
	{SIGN_IN, LDAP_MORE_RESULTS_TO_RETURN, NULL, LK_WEB_TEXT_WRONG_PASSWORD},
	{SIGN_IN, LDAP_INVALID_DN_SYNTAX, NULL, LK_WEB_TEXT_WRONG_PASSWORD},
	{SIGN_IN, LDAP_UNWILLING_TO_PERFORM, NULL, LK_WEB_TEXT_WRONG_PASSWORD},
	{SIGN_IN, LDAP_INAPPROPRIATE_AUTH, NULL, LK_WEB_TEXT_WRONG_PASSWORD},
	{WRITES, LDAP_CONSTRAINT_VIOLATION, "Password fails quality checking policy", LK_WEB_TEXT_TOO_SIMPLE},
	{WRITES, LDAP_CONSTRAINT_VIOLATION, "Password is in history of old passwords", LK_WEB_TEXT_USED_BEFORE},
	{WRITES, LDAP_CONSTRAINT_VIOLATION, "Password is not being changed from existing value", LK_WEB_TEXT_SAME_AS_NOW},
	{WRITES, LDAP_CONSTRAINT_VIOLATION, "Password is too young to change", LK_WEB_TEXT_TOO_YOUNG},
	{WRITES, LDAP_CONSTRAINT_VIOLATION, NULL, LK_WEB_TEXT_NOT_ACCEPTED},
	{COMPLETE, LDAP_UNWILLING_TO_PERFORM, "the password has expired", LK_WEB_TEXT_EXPIRED},
	{COMPLETE, LDAP_UNWILLING_TO_PERFORM, "there is no password to keep", LK_WEB_TEXT_NOTHING_TO_KEEP},
	{ANY, LDAP_BUSY, NULL, LK_WEB_TEXT_BUSY},
	{ANY, LDAP_ADMINLIMIT_EXCEEDED, NULL, LK_WEB_TEXT_BUSY},
	{WRITES, LDAP_TIMEOUT, NULL, LK_WEB_TEXT_UNKNOWN_OUTCOME},
	{WRITES, LDAP_SERVER_DOWN, NULL, LK_WEB_TEXT_UNKNOWN_OUTCOME},
	{WRITES, LDAP_DECODING_ERROR, NULL, LK_WEB_TEXT_UNKNOWN_OUTCOME},
	{ANY, LDAP_UNAVAILABLE, NULL, LK_WEB_TEXT_UNREACHABLE},
	{ANY, LDAP_TIMEOUT, NULL, LK_WEB_TEXT_UNREACHABLE},
	{ANY, LDAP_SERVER_DOWN, NULL, LK_WEB_TEXT_UNREACHABLE},
	{ANY, LDAP_CONNECT_ERROR, NULL, LK_WEB_TEXT_UNREACHABLE},
};

enum lk_web_text lk_web_outcome(enum lk_web_operation operation, int rc, const char *diagnostic)
{
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		if ((table[i].operations & 1 << operation) == 0 || table[i].rc != rc)
			continue;
		if (table[i].diagnostic == NULL || (diagnostic != NULL && g_str_has_prefix(diagnostic, table[i].diagnostic)))
			return table[i].text;
	}
	return LK_WEB_TEXT_REFUSED;
}

bool lk_web_outcome_is_of_password(enum lk_web_text outcome)
{
	switch (outcome) {
	case LK_WEB_TEXT_TOO_SIMPLE:
	case LK_WEB_TEXT_USED_BEFORE:
	case LK_WEB_TEXT_SAME_AS_NOW:
	case LK_WEB_TEXT_TOO_YOUNG:
	case LK_WEB_TEXT_NOT_ACCEPTED:
		return true;
	default:
		return false;
	}
}

unsigned lk_web_outcome_status(enum lk_web_text outcome)
{
	switch (outcome) {
	case LK_WEB_NO_TEXT:
		return 200;
	case LK_WEB_TEXT_BUSY:
	case LK_WEB_TEXT_UNREACHABLE:
		return 503;
	case LK_WEB_TEXT_TOO_MANY:
		return 429;
	case LK_WEB_TEXT_UNKNOWN_OUTCOME:
		return 504;
	default:
		return 422;
	}
}
