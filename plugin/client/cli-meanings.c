#include "cli-meanings.h"

#include <glib/gi18n.h>
#include <ldap.h>

#define CONNECT LK_CLI_STEP_CONNECT
#define SIGN_IN LK_CLI_STEP_SIGN_IN
#define COMPLETE LK_CLI_STEP_COMPLETE
#define RESET LK_CLI_STEP_RESET
#define STATUS LK_CLI_STEP_STATUS
#define RESEND LK_CLI_STEP_RESEND
#define ACTS (LK_CLI_STEP_UNLOCK | LK_CLI_STEP_BLOCK | RESEND)
#define ENROL_ADDRESS LK_CLI_STEP_ENROL_ADDRESS
#define ENROL_TOTP LK_CLI_STEP_ENROL_TOTP
#define ENROLS (ENROL_ADDRESS | ENROL_TOTP | LK_CLI_STEP_ENROL_CODES | LK_CLI_STEP_MISUSE)
#define CHANGE LK_CLI_STEP_ACCOUNT_PASSWORD
#define OWN (LK_CLI_STEP_ACCOUNT | CHANGE | LK_CLI_STEP_ACCOUNT_REMOVE | LK_CLI_STEP_ACCOUNT_LANGUAGE)
#define WRITES (COMPLETE | RESET | CHANGE)
#define OPERATIONS (LK_CLI_STEP_REQUEST | WRITES | STATUS | ACTS | ENROLS | OWN)
#define ANY (OPERATIONS | CONNECT | SIGN_IN)

/* A row for an error of the directory's own that is not listed otherwise. */
#define ANY_ANSWER 0

/* The first row that fits counts, so those with the beginning of a diagnostic stand before those without. The
 * diagnostics are those of slapo-latchkey and slapo-ppolicy; where one was reworded, the row without still counts. */
static const struct {
	unsigned steps;
	int rc;
	const char *diagnostic;
	int exit_status;
	const char *sentence;
} table[] = {
	{SIGN_IN, LDAP_INVALID_CREDENTIALS, NULL, LK_CLI_CREDENTIALS,
		N_("The directory did not let you sign in: the name or the password is wrong, or the account is locked.")},
	{COMPLETE, LDAP_INVALID_CREDENTIALS, "the proofs are wrong", LK_CLI_CREDENTIALS,
		N_("The code was not accepted. Perhaps it is mistyped, too old, already used, or for another user.")},
	{COMPLETE, LDAP_INVALID_CREDENTIALS, NULL, LK_CLI_CREDENTIALS, N_("The code was not accepted.")},
	{ENROL_ADDRESS, LDAP_INVALID_CREDENTIALS, NULL, LK_CLI_CREDENTIALS,
		N_("The code was not accepted. Perhaps it is mistyped, too old, or already used.")},
	{ENROL_TOTP, LDAP_INVALID_CREDENTIALS, NULL, LK_CLI_CREDENTIALS,
		N_("This is not what the app shows for the new secret, or the secret was made too long ago. Begin again.")},
	{ANY, LDAP_INVALID_CREDENTIALS, NULL, LK_CLI_CREDENTIALS, N_("The directory did not accept who you say you are.")},
	{SIGN_IN, LDAP_INAPPROPRIATE_AUTH, NULL, LK_CLI_CREDENTIALS,
		N_("The directory does not let you sign in in this way.")},
	{SIGN_IN, LDAP_AUTH_METHOD_NOT_SUPPORTED, NULL, LK_CLI_CREDENTIALS,
		N_("The directory does not offer this way of signing in.")},
	{SIGN_IN, LDAP_AUTH_UNKNOWN, NULL, LK_CLI_CREDENTIALS,
		N_("The directory or this machine does not offer this way of signing in.")},
	{SIGN_IN, LDAP_LOCAL_ERROR, NULL, LK_CLI_CREDENTIALS,
		N_("Signing in did not work on this machine; perhaps a Kerberos ticket is missing.")},
	{SIGN_IN, LDAP_INVALID_DN_SYNTAX, NULL, LK_CLI_USAGE, N_("What follows -D is not a DN.")},
	{ANY, LDAP_STRONG_AUTH_REQUIRED, NULL, LK_CLI_CREDENTIALS, N_("The directory wants you to sign in; use -D or -Y.")},
	{CONNECT, LDAP_CONNECT_ERROR, NULL, LK_CLI_UNREACHABLE,
		N_("No protected connection to the directory could be made; perhaps its certificate is not trusted here.")},
	{CONNECT, ANY_ANSWER, NULL, LK_CLI_UNPROTECTED, N_("The directory offers no protected connection by StartTLS.")},
	{ANY, LDAP_CONFIDENTIALITY_REQUIRED, NULL, LK_CLI_UNPROTECTED,
		N_("The directory wants a protected connection for this. Use ldaps:// or -ZZ.")},

	{WRITES, LDAP_CONSTRAINT_VIOLATION, "Password fails quality checking policy", LK_CLI_PASSWORD_POLICY,
		N_("The new password is too short or too simple for the password policy. Nothing was changed.")},
	{WRITES, LDAP_CONSTRAINT_VIOLATION, "Password is in history of old passwords", LK_CLI_PASSWORD_POLICY,
		N_("The new password was in use before, and the password policy wants another. Nothing was changed.")},
	{WRITES, LDAP_CONSTRAINT_VIOLATION, "Password is not being changed from existing value", LK_CLI_PASSWORD_POLICY,
		N_("The new password is the one that the account has already. Nothing was changed.")},
	{RESET, LDAP_CONSTRAINT_VIOLATION, "this directory's password rules refuse every generated", LK_CLI_PASSWORD_POLICY,
		N_("The password policy refuses every generated password. Ask whoever runs the directory, or give a password "
		   "with "
		   "--stdin. Nothing was changed.")},
	{CHANGE, LDAP_CONSTRAINT_VIOLATION, "Password is too young to change", LK_CLI_PASSWORD_POLICY,
		N_("The password was changed a short while ago and cannot be changed again yet.")},
	{WRITES, LDAP_CONSTRAINT_VIOLATION, NULL, LK_CLI_PASSWORD_POLICY,
		N_("The password policy does not accept the new password. Nothing was changed.")},

	{CHANGE, LDAP_UNWILLING_TO_PERFORM, "unwilling to verify old password", LK_CLI_CREDENTIALS,
		N_("The password that you have now was not right. Nothing was changed.")},
	{COMPLETE, LDAP_UNWILLING_TO_PERFORM, "the password has expired", LK_CLI_REFUSED,
		N_("The password has expired and cannot be kept. Choose a new one: leave out --keep-password.")},
	{RESET, LDAP_UNWILLING_TO_PERFORM, "this account is self-service only", LK_CLI_REFUSED,
		N_("This user recovers by themself only: nobody else can reset the password, global administrators included.")},
	{ACTS, LDAP_UNWILLING_TO_PERFORM, "this account is self-service only", LK_CLI_REFUSED,
		N_("This user recovers by themself only: nobody else can unlock the account, or have its mails sent to another "
		   "address.")},
	{RESET, LDAP_UNWILLING_TO_PERFORM, "this account is excluded from resets", LK_CLI_REFUSED,
		N_("The policy excludes this account from resets and recoveries.")},
	{RESET, LDAP_UNWILLING_TO_PERFORM, "the password of this account is kept in another system", LK_CLI_REFUSED,
		N_("The password of this account is kept in another system, and has to be changed there.")},
	{RESET, LDAP_UNWILLING_TO_PERFORM, "this policy requires a reason", LK_CLI_REFUSED,
		N_("The policy wants a reason for each reset. Give one with --reason.")},
	{RESEND, LDAP_UNWILLING_TO_PERFORM, "the contents of this message have been erased", LK_CLI_REFUSED,
		N_("The contents of this mail have been erased. Reset the password once more.")},
	{RESEND, LDAP_UNWILLING_TO_PERFORM, "what this message says is no longer valid", LK_CLI_REFUSED,
		N_("What this mail says no longer holds. Reset the password once more.")},
	{RESEND, LDAP_UNWILLING_TO_PERFORM, "only a temporary password or a welcome", LK_CLI_REFUSED,
		N_("Only a temporary password or a welcome can be sent to another address.")},
	{RESEND, LDAP_UNWILLING_TO_PERFORM, "the lost password itself opens this mailbox", LK_CLI_REFUSED,
		N_("The lost password itself opens the mailbox of this address. Give another one with --to.")},
	{ACTS, LDAP_UNWILLING_TO_PERFORM, "blocking needs a rootdn", LK_CLI_FAILED,
		N_("Accounts of this directory cannot be blocked, because its database has no rootdn. Ask whoever runs the "
		   "directory.")},
	{RESET, LDAP_UNWILLING_TO_PERFORM, "no address is known", LK_CLI_REFUSED,
		N_("No address is known at which this user can be reached. Give one with --to.")},
	{RESET, LDAP_UNWILLING_TO_PERFORM, "the address to notify is a mailbox that the lost password", LK_CLI_REFUSED,
		N_("The lost password itself opens the mailbox of this address. Give another one with --to.")},
	{RESET, LDAP_UNWILLING_TO_PERFORM, "nobody is notified of their own change", LK_CLI_REFUSED,
		N_("This is your own account, and a reset is for other users. Change your password in the usual way.")},
	{RESET, LDAP_UNWILLING_TO_PERFORM, "sign-in to this account is blocked", LK_CLI_REFUSED,
		N_("An administrator has blocked this account. It has to be unlocked first.")},
	{RESET, LDAP_UNWILLING_TO_PERFORM, "a password with control characters", LK_CLI_USAGE,
		N_("A password with control characters cannot be written in a mail.")},
	{ENROLS, LDAP_UNWILLING_TO_PERFORM, "the policy of this account does not use this method", LK_CLI_REFUSED,
		N_("The policy of your account does not use this way of recovery.")},
	{ENROLS, LDAP_UNWILLING_TO_PERFORM, "no policy of recovery governs", LK_CLI_REFUSED,
		N_("No policy of recovery governs your account.")},
	{ENROL_ADDRESS, LDAP_UNWILLING_TO_PERFORM, "the policy of this account takes no recovery addresses", LK_CLI_REFUSED,
		N_("The policy of your account takes no recovery addresses from users.")},
	{ENROL_ADDRESS, LDAP_UNWILLING_TO_PERFORM, "this is a mailbox that the lost password", LK_CLI_REFUSED,
		N_("The lost password itself opens the mailbox of this address. Give an address elsewhere.")},
	{ENROL_ADDRESS, LDAP_ADMINLIMIT_EXCEEDED, NULL, LK_CLI_REFUSED,
		N_("Too many mails were sent to prove an address. Try again in an hour.")},
	{ENROL_ADDRESS, LDAP_TYPE_OR_VALUE_EXISTS, NULL, LK_CLI_REFUSED, N_("This address counts already.")},
	{ENROL_ADDRESS, LDAP_INVALID_SYNTAX, NULL, LK_CLI_USAGE, N_("This is not one plain mail address.")},
	{LK_CLI_STEP_ACCOUNT_REMOVE, LDAP_UNWILLING_TO_PERFORM, "this is the last address", LK_CLI_REFUSED,
		N_("This is your only recovery address. Add another one first: “latchkey enrol address ADDRESS”.")},
	{ENROL_TOTP, LDAP_UNWILLING_TO_PERFORM, "this server has no key for the secrets", LK_CLI_FAILED,
		N_("This directory is not set up for authenticator apps. Ask whoever runs it.")},
	{OPERATIONS, LDAP_UNWILLING_TO_PERFORM, "no database of this server uses Latchkey", LK_CLI_FAILED,
		N_("This directory does not run Latchkey.")},
	{ANY, LDAP_UNWILLING_TO_PERFORM, NULL, LK_CLI_REFUSED, N_("The directory refused this.")},

	{RESET, LDAP_INSUFFICIENT_ACCESS, "a password administrator does not reset", LK_CLI_REFUSED,
		N_("Only a global administrator may reset the password of a global administrator.")},
	{RESET, LDAP_INSUFFICIENT_ACCESS, "resetting the password of another user needs", LK_CLI_REFUSED,
		N_("You may not reset the password of this user. That is for password administrators and global "
		   "administrators.")},
	{RESET, LDAP_INSUFFICIENT_ACCESS, "only administrators may", LK_CLI_REFUSED,
		N_("You may not reset the password of this user. That is for password administrators and global "
		   "administrators.")},
	{ACTS, LDAP_INSUFFICIENT_ACCESS, "administrators do not do this to their own", LK_CLI_REFUSED,
		N_("This is your own account, and administrators do this to other accounts only.")},
	{ACTS, LDAP_INSUFFICIENT_ACCESS, "a password administrator does not do this to", LK_CLI_REFUSED,
		N_("Only a global administrator may do this to a global administrator.")},
	{ACTS, LDAP_INSUFFICIENT_ACCESS, "this needs the role of", LK_CLI_REFUSED,
		N_("You may not do this. It is for password administrators and global administrators.")},
	{ACTS, LDAP_INSUFFICIENT_ACCESS, "only administrators may", LK_CLI_REFUSED,
		N_("You may not do this. It is for password administrators and global administrators.")},
	{ENROLS, LDAP_INSUFFICIENT_ACCESS, "sign in as yourself", LK_CLI_REFUSED,
		N_("Sign in as yourself: nobody does this for another.")},
	{RESET | ACTS | ENROLS, LDAP_INSUFFICIENT_ACCESS, "change your own password first", LK_CLI_REFUSED,
		N_("Your own password has to be changed first.")},
	{RESET | ACTS, LDAP_INSUFFICIENT_ACCESS, "your own account is blocked", LK_CLI_REFUSED,
		N_("Your own account is blocked.")},
	{OPERATIONS, LDAP_INSUFFICIENT_ACCESS, "Operations are restricted to bind/unbind", LK_CLI_REFUSED,
		N_("Your own password has to be changed first.")},
	{ANY, LDAP_INSUFFICIENT_ACCESS, NULL, LK_CLI_REFUSED, N_("You may not do this.")},

	{RESET, LDAP_INVALID_SYNTAX, "the address to notify is not one plain", LK_CLI_USAGE,
		N_("What follows --to is not one plain mail address.")},
	{RESEND, LDAP_INVALID_SYNTAX, "the address is not one plain", LK_CLI_USAGE,
		N_("What follows --to is not one plain mail address.")},
	{RESET, LDAP_INVALID_SYNTAX, "Invalid DN", LK_CLI_USAGE,
		N_("The directory does not know this login name here; give the DN of the user.")},
	{RESET | STATUS, LDAP_INVALID_SYNTAX, NULL, LK_CLI_USAGE, N_("This is not the name of a user.")},
	{RESET | STATUS, LDAP_INVALID_DN_SYNTAX, NULL, LK_CLI_USAGE, N_("This is not a DN.")},
	{RESEND, LDAP_NO_SUCH_OBJECT, "there is no such message", LK_CLI_NO_SUCH_USER,
		N_("There is no such mail about this account. “latchkey status” shows those that there are.")},
	{RESET | ACTS, LDAP_NO_SUCH_OBJECT, "no single user of this name", LK_CLI_NO_SUCH_USER,
		N_("There is no user of this name here, or more than one; a DN says which one is meant.")},
	{ANY, LDAP_NO_SUCH_OBJECT, NULL, LK_CLI_NO_SUCH_USER, N_("There is no such user, or none whom you may see.")},
	{ANY, LDAP_MORE_RESULTS_TO_RETURN, NULL, LK_CLI_NO_SUCH_USER,
		N_("Several users answer to this name. Give the DN of the one you mean.")},

	{ACTS | ENROLS, LDAP_BUSY, "the entry was changed at the same time", LK_CLI_UNREACHABLE,
		N_("Somebody else changed the account at the same time. Nothing was done; try again.")},
	{ANY, LDAP_BUSY, "the policies of this directory cannot be read", LK_CLI_UNREACHABLE,
		N_("The directory cannot read its policies just now. Try again in a moment.")},
	{ANY, LDAP_BUSY, NULL, LK_CLI_UNREACHABLE, N_("The directory is busy. Try again in a moment.")},
	{ANY, LDAP_UNAVAILABLE, NULL, LK_CLI_UNREACHABLE, N_("The directory is not available just now. Try again later.")},
	{ANY, LDAP_REFERRAL, NULL, LK_CLI_UNREACHABLE,
		N_("This server holds a copy that cannot be changed. Ask the one that can, with -H.")},
	{RESET, LDAP_UNAVAILABLE_CRITICAL_EXTENSION, NULL, LK_CLI_FAILED,
		N_("This directory does not run Latchkey for this user. Nothing was changed.")},
	{OPERATIONS, LDAP_PROTOCOL_ERROR, NULL, LK_CLI_FAILED,
		N_("The directory did not understand the request; perhaps it does not run Latchkey.")},
	{OPERATIONS, LDAP_PARAM_ERROR, NULL, LK_CLI_USAGE, N_("Something given is empty or too long. Nothing was sent.")},
	{OPERATIONS, LDAP_ENCODING_ERROR, NULL, LK_CLI_USAGE,
		N_("Something given holds characters that cannot be sent. Nothing was sent.")},
	{WRITES, LDAP_DECODING_ERROR, NULL, LK_CLI_FAILED,
		N_("The answer of the directory cannot be understood. The password may have been changed.")},
	{ANY, LDAP_DECODING_ERROR, NULL, LK_CLI_FAILED, N_("The answer of the directory cannot be understood.")},
	{WRITES, LDAP_SERVER_DOWN, NULL, LK_CLI_UNREACHABLE,
		N_("The connection broke. The password may have been changed all the same.")},
	{WRITES, LDAP_TIMEOUT, NULL, LK_CLI_UNREACHABLE,
		N_("The directory did not answer in time. The password may have been changed all the same.")},
	{ACTS, LDAP_SERVER_DOWN, NULL, LK_CLI_UNREACHABLE,
		N_("The connection broke. What you asked for may have been done all the same; “latchkey status” shows it.")},
	{ACTS, LDAP_TIMEOUT, NULL, LK_CLI_UNREACHABLE,
		N_("The directory did not answer in time. What you asked for may have been done all the same; “latchkey "
		   "status” "
		   "shows it.")},
	{ANY, LDAP_SERVER_DOWN, NULL, LK_CLI_UNREACHABLE, N_("The directory cannot be reached.")},
	{ANY, LDAP_TIMEOUT, NULL, LK_CLI_UNREACHABLE, N_("The directory did not answer in time.")},
};

static bool row_fits(size_t i, enum lk_cli_step step, int rc, const char *diagnostic)
{
	if ((table[i].steps & step) == 0)
		return false;
	if (table[i].rc == ANY_ANSWER ? rc < 0 : table[i].rc != rc)
		return false;
	return table[i].diagnostic == NULL || (diagnostic != NULL && g_str_has_prefix(diagnostic, table[i].diagnostic));
}

struct lk_cli_meaning lk_cli_meaning_find(enum lk_cli_step step, int rc, const char *diagnostic)
{
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		if (row_fits(i, step, rc, diagnostic))
			return (struct lk_cli_meaning){table[i].exit_status, table[i].sentence, table[i].diagnostic != NULL};
	}
	return (struct lk_cli_meaning){.exit_status = LK_CLI_FAILED};
}
