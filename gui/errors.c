#include "errors.h"

#include <glib/gi18n.h>
#include <ldap.h>
#include <string.h>

#include "account-words.h"
#include "certificate.h"
#include "text.h"

#define CONNECT LK_STEP_CONNECT
#define SIGN_IN LK_STEP_SIGN_IN
#define RESET LK_STEP_RESET
#define CHANGE LK_STEP_CHANGE
#define RESEND LK_STEP_RESEND
#define UNLOCK LK_STEP_UNLOCK
#define WELCOME LK_STEP_WELCOME
#define ACTS (LK_STEP_UNLOCK | LK_STEP_BLOCK | RESEND)
#define RECOVER LK_STEP_RECOVER
#define ADDRESSES (LK_STEP_ADDRESS_ADD | LK_STEP_ADDRESS_PROVE)
#define ENROLS (ADDRESSES | LK_STEP_TOTP | LK_STEP_CODES | LK_STEP_MISUSE)
#define REMOVE LK_STEP_POLICY_REMOVE
#define POLICY (LK_STEP_POLICY | REMOVE)
#define PLAIN (LK_STEP_ADDRESS_REMOVE | LK_STEP_LANGUAGE)
#define PASSWORDS (RESET | CHANGE | RECOVER)
#define WRITES (PASSWORDS | ACTS | ENROLS | PLAIN | POLICY | WELCOME | LK_STEP_REQUEST)
#define OPERATIONS (LK_STEP_READ | WRITES)
#define ANY (OPERATIONS | CONNECT | SIGN_IN)

/* A row for an error of the directory's own that is not listed otherwise. */
#define ANY_ANSWER 0

G_DEFINE_QUARK(lk - error - quark, lk_error)

/* The first row that fits counts, so those with a part of a diagnostic stand before those without. The diagnostics are those of
 * slapo-latchkey and slapo-ppolicy, of MIT Kerberos, and of certificate.h; where one was reworded, the row without still counts. */
static const struct {
	unsigned steps;
	int rc;
	const char *diagnostic;
	const char *sentence;
} table[] = {
	{SIGN_IN, LDAP_INVALID_CREDENTIALS, NULL,
		N_("The directory did not let you sign in: the name or the password is wrong, or the account is locked.")},
	{RECOVER, LDAP_INVALID_CREDENTIALS, NULL,
		N_("This was not accepted. Perhaps the code is mistyped, too old, used already, or for another user, or a "
		   "second proof is needed. Compare it with the newest mail, or ask for another code.")},
	{ADDRESSES, LDAP_INVALID_CREDENTIALS, NULL,
		N_("The code was not accepted. Perhaps it is mistyped, too old, or already used.")},
	{LK_STEP_TOTP, LDAP_INVALID_CREDENTIALS, NULL,
		N_("This is not what the app shows for the new secret, or the secret was made too long ago. Begin again.")},
	{SIGN_IN, LDAP_INAPPROPRIATE_AUTH, NULL, N_("The directory does not let you sign in in this way.")},
	{SIGN_IN, LDAP_AUTH_METHOD_NOT_SUPPORTED, NULL, N_("The directory does not offer this way of signing in.")},
	{SIGN_IN, LDAP_AUTH_UNKNOWN, "mechanism too weak",
		N_("This way of signing in would leave the connection to the directory unprotected. Use ldaps://, or "
		   "StartTLS.")},
	{SIGN_IN, LDAP_AUTH_UNKNOWN, NULL, N_("The directory or this machine does not offer this way of signing in.")},
	{SIGN_IN, LDAP_LOCAL_ERROR, "expired",
		N_("Your Kerberos ticket has expired. Get a new one, by signing in to the desktop again or with kinit, and try "
		   "again.")},
	{SIGN_IN, LDAP_LOCAL_ERROR, "No Kerberos credentials",
		N_("You have no Kerberos ticket. Get one, by signing in to the desktop again or with kinit, and try again.")},
	{SIGN_IN, LDAP_LOCAL_ERROR, "not found in Kerberos database",
		N_("Kerberos does not know a directory at this address. Give the address by which your organization calls "
		   "it.")},
	{SIGN_IN, LDAP_LOCAL_ERROR, "Cannot contact any KDC",
		N_("The Kerberos server cannot be reached, which has to vouch for you to the directory.")},
	{SIGN_IN, LDAP_LOCAL_ERROR, "Clock skew",
		N_("The clock of this computer is not that of the Kerberos server. Set it right, and try again.")},
	{SIGN_IN, LDAP_LOCAL_ERROR, NULL,
		N_("Signing in did not work on this machine; perhaps a Kerberos ticket is missing.")},
	{SIGN_IN, LDAP_INVALID_DN_SYNTAX, NULL, N_("This is not the name of a user.")},
	{SIGN_IN, LDAP_MORE_RESULTS_TO_RETURN, NULL, N_("Several users answer to this name. Give your DN instead.")},
	{SIGN_IN, LDAP_CONFIDENTIALITY_REQUIRED, NULL,
		N_("The connection to the directory is not protected, so no password was sent over it. Use ldaps://, or "
		   "StartTLS.")},
	{CONNECT, LDAP_CONNECT_ERROR, LK_CERTIFICATE_EXPIRED,
		N_("The certificate of the directory has expired, so nothing was sent to it. Whoever runs the directory has to "
		   "renew it.")},
	{CONNECT, LDAP_CONNECT_ERROR, LK_CERTIFICATE_EARLY,
		N_("The certificate of the directory is not valid yet, so nothing was sent to it. Perhaps the clock of this "
		   "computer is wrong.")},
	{CONNECT, LDAP_CONNECT_ERROR, LK_CERTIFICATE_OTHER_NAME,
		N_("The server shows the certificate of another one, so nothing was sent to it. Compare its address under "
		   "“Directories…”.")},
	{CONNECT, LDAP_CONNECT_ERROR, LK_CERTIFICATE_UNTRUSTED,
		N_("The certificate of the directory comes from nobody whom this computer trusts, so nothing was sent to it. "
		   "The file of the certificates that your organization trusts can be given under “Directories…”.")},
	{CONNECT, LDAP_CONNECT_ERROR, NULL,
		N_("No protected connection to the directory could be made; perhaps its certificate is not trusted here.")},
	{CONNECT, ANY_ANSWER, NULL, N_("The directory offers no protected connection by StartTLS.")},
	{ANY, LDAP_CONFIDENTIALITY_REQUIRED, NULL, N_("The directory wants a protected connection for this.")},
	{ANY, LDAP_INVALID_CREDENTIALS, NULL, N_("The directory did not accept who you say you are.")},

	{CHANGE, LDAP_UNWILLING_TO_PERFORM, "unwilling to verify old password", N_("Your old password is not this one.")},
	{PASSWORDS, LDAP_CONSTRAINT_VIOLATION, "Password fails quality checking policy",
		N_("The new password is too short or too simple for the password policy. Nothing was changed.")},
	{PASSWORDS, LDAP_CONSTRAINT_VIOLATION, "Password is in history of old passwords",
		N_("The new password was in use before, and the password policy wants another. Nothing was changed.")},
	{PASSWORDS, LDAP_CONSTRAINT_VIOLATION, "Password is not being changed from existing value",
		N_("The new password is the one that the account has already. Nothing was changed.")},
	{RESET, LDAP_CONSTRAINT_VIOLATION, "this directory's password rules refuse every generated",
		N_("The password policy refuses every generated password. Type one yourself, or ask whoever runs the "
		   "directory. "
		   "Nothing was changed.")},
	{CHANGE, LDAP_CONSTRAINT_VIOLATION, "Password is too young to change",
		N_("The password was changed a short while ago and cannot be changed again yet.")},
	{PASSWORDS, LDAP_CONSTRAINT_VIOLATION, NULL,
		N_("The password policy does not accept the new password. Nothing was changed.")},

	{RECOVER, LDAP_UNWILLING_TO_PERFORM, "the password has expired",
		N_("Your password has expired and cannot be kept. Create a new one with the same code.")},
	{RECOVER, LDAP_UNWILLING_TO_PERFORM, "there is no password to keep",
		N_("There is no password to keep. Create a new one with the same code.")},
	{ENROLS, LDAP_UNWILLING_TO_PERFORM, "the policy of this account does not use this method",
		N_("The policy of your account does not use this way of recovery.")},
	{ENROLS, LDAP_UNWILLING_TO_PERFORM, "no policy of recovery governs",
		N_("No policy of recovery governs your account.")},
	{ADDRESSES, LDAP_UNWILLING_TO_PERFORM, "the policy of this account takes no recovery addresses",
		N_("The policy of your account takes no recovery addresses from users.")},
	{ADDRESSES, LDAP_UNWILLING_TO_PERFORM, "this is a mailbox that the lost password",
		N_("The lost password itself opens the mailbox of this address. Give an address elsewhere.")},
	{ADDRESSES, LDAP_ADMINLIMIT_EXCEEDED, NULL,
		N_("Too many mails were sent to prove an address. Try again in an hour.")},
	{ADDRESSES, LDAP_TYPE_OR_VALUE_EXISTS, NULL, N_("This address counts already.")},
	{LK_STEP_TOTP, LDAP_UNWILLING_TO_PERFORM, "this server has no key for the secrets",
		N_("This directory is not set up for authenticator apps. Ask whoever runs it.")},
	{LK_STEP_ADDRESS_REMOVE, LDAP_UNWILLING_TO_PERFORM, "this is the last address",
		N_("This is your only recovery address. Add another one first.")},
	{LK_STEP_ADDRESS_REMOVE, LDAP_NO_SUCH_ATTRIBUTE, NULL, N_("This address is not on record any more.")},
	{RESET, LDAP_UNWILLING_TO_PERFORM, "this account is self-service only",
		N_("This user recovers by themself only: nobody else can reset the password, global administrators included.")},
	{ACTS, LDAP_UNWILLING_TO_PERFORM, "this account is self-service only",
		N_("This user recovers by themself only: nobody else can unlock the account, or have its mails sent to another "
		   "address.")},
	{RESET, LDAP_UNWILLING_TO_PERFORM, "this account is excluded from resets",
		N_("The policy excludes this account from resets and recoveries.")},
	{RESET, LDAP_UNWILLING_TO_PERFORM, "the password of this account is kept in another system",
		N_("The password of this account is kept in another system, and has to be changed there.")},
	{RESET | WELCOME, LDAP_UNWILLING_TO_PERFORM, "this policy requires a reason",
		N_("The policy wants a reason for each reset. Nothing was changed.")},
	{RESEND, LDAP_UNWILLING_TO_PERFORM, "the contents of this message have been erased",
		N_("The contents of this mail have been erased. Reset the password once more.")},
	{RESEND, LDAP_UNWILLING_TO_PERFORM, "what this message says is no longer valid",
		N_("What this mail says no longer holds. Reset the password once more.")},
	{RESEND, LDAP_UNWILLING_TO_PERFORM, "only a temporary password or a welcome",
		N_("Only a temporary password or a welcome can be sent to another address.")},
	{RESET | RESEND, LDAP_UNWILLING_TO_PERFORM, "the lost password itself opens this mailbox",
		N_("The lost password itself opens the mailbox of this address. Give another one.")},
	{RESET | WELCOME, LDAP_UNWILLING_TO_PERFORM, "the address to notify is a mailbox that the lost password",
		N_("The lost password itself opens the mailbox of this address. Give another one.")},
	{WELCOME, LDAP_UNWILLING_TO_PERFORM, "no address is known",
		N_("Give a recovery address at which the user can be reached. A mailbox that the password itself opens does "
		   "not "
		   "count.")},
	{RESET, LDAP_UNWILLING_TO_PERFORM, "no address is known",
		N_("No address is known at which this user can be reached. Give one.")},
	{RESET, LDAP_UNWILLING_TO_PERFORM, "nobody is notified of their own change",
		N_("This is your own account, and a reset is for other users. Change your password under “My account”.")},
	{RESET, LDAP_UNWILLING_TO_PERFORM, "sign-in to this account is blocked",
		N_("An administrator has blocked this account. It has to be unlocked first.")},
	{RESET, LDAP_UNWILLING_TO_PERFORM, "a password with control characters",
		N_("A password with control characters cannot be written in a mail.")},
	{ACTS, LDAP_UNWILLING_TO_PERFORM, "blocking needs a rootdn",
		N_("Accounts of this directory cannot be blocked, because its database has no rootdn. Ask whoever runs the "
		   "directory.")},
	{POLICY, LDAP_UNWILLING_TO_PERFORM, "a database of this scope has no latchkey overlay",
		N_("One of the subtrees is in a database that Latchkey does not guard, so the rules would not hold there. "
		   "Nothing was "
		   "saved.")},
	{REMOVE, LDAP_ASSERTION_FAILED, NULL,
		N_("Somebody else has changed this policy meanwhile. It was not removed: close this, and look at it again.")},
	{REMOVE, LDAP_NOT_ALLOWED_ON_NONLEAF, NULL, N_("There are other entries below this policy. It was not removed.")},
	{POLICY, LDAP_ASSERTION_FAILED, NULL,
		N_("Somebody else has changed this policy meanwhile. Nothing was saved: close this, and look at it again.")},
	{POLICY, LDAP_ALREADY_EXISTS, NULL, N_("There is a policy of this name already. Nothing was saved.")},
	{POLICY, LDAP_NO_SUCH_OBJECT, NULL, N_("This policy is not there any more.")},
	{POLICY, LDAP_INSUFFICIENT_ACCESS, NULL,
		N_("You may not change this. Policies are for their global administrators, as far as the access controls of "
		   "the "
		   "directory let them.")},
	{WELCOME, LDAP_UNWILLING_TO_PERFORM, "a welcome with a code goes to a recovery address",
		N_("Here a code is mailed, and it goes to a recovery address of the new user alone. Give one.")},
	{WELCOME, LDAP_UNWILLING_TO_PERFORM, "under this policy a mailed code counts for nothing",
		N_("The policy of this place counts no mailed code, so that nobody can be welcomed there.")},
	{WELCOME, LDAP_UNWILLING_TO_PERFORM, "another account had this name until lately",
		N_("Another account had this user name until lately. Wait until the cool-down of the policy is over, or give "
		   "another "
		   "name.")},
	{ANY, LDAP_UNWILLING_TO_PERFORM, NULL, N_("The directory refused this.")},

	{RESET, LDAP_INSUFFICIENT_ACCESS, "a password administrator does not reset",
		N_("Only a global administrator may reset the password of a global administrator.")},
	{RESET, LDAP_INSUFFICIENT_ACCESS, NULL,
		N_("You may not reset the password of this user. That is for password administrators and global "
		   "administrators.")},
	{ACTS, LDAP_INSUFFICIENT_ACCESS, "administrators do not do this to their own",
		N_("This is your own account, and administrators do this to other accounts only.")},
	{ACTS, LDAP_INSUFFICIENT_ACCESS, "a password administrator does not do this to",
		N_("Only a global administrator may do this to a global administrator.")},
	{ACTS, LDAP_INSUFFICIENT_ACCESS, NULL,
		N_("You may not do this. It is for password administrators and global administrators.")},
	{WELCOME, LDAP_INSUFFICIENT_ACCESS, NULL, N_("You may not add users there.")},
	{PLAIN, LDAP_INSUFFICIENT_ACCESS, NULL,
		N_("This directory does not let you change this yourself. Ask your administrator.")},
	{ANY, LDAP_INSUFFICIENT_ACCESS, NULL, N_("You may not do this.")},

	{RESET | RESEND | ADDRESSES, LDAP_INVALID_SYNTAX, NULL, N_("This is not one plain mail address.")},
	{RESEND, LDAP_NO_SUCH_OBJECT, "there is no such message", N_("There is no such mail about this account any more.")},
	{WELCOME, LDAP_ALREADY_EXISTS, NULL, N_("There is a user of this user name at this place already.")},
	{WELCOME, LDAP_NO_SUCH_OBJECT, NULL, N_("There is no such place in the directory.")},
	{WELCOME, LDAP_INVALID_DN_SYNTAX, NULL,
		N_("The place is not the DN of an entry; ou=people,dc=example,dc=com would be one.")},
	{WELCOME, LDAP_INVALID_SYNTAX, NULL,
		N_("Something given is not what the directory takes; look at the mail addresses.")},
	{WELCOME, LDAP_CONSTRAINT_VIOLATION, NULL, N_("The directory does not accept what was given.")},
	{WELCOME, LDAP_OBJECT_CLASS_VIOLATION, NULL, N_("The directory does not accept what was given.")},
	{WELCOME, LDAP_UNAVAILABLE_CRITICAL_EXTENSION, NULL,
		N_("No policy governs this place, so that nobody can be welcomed there.")},
	{ANY, LDAP_NO_SUCH_OBJECT, NULL, N_("There is no such user, or none whom you may see.")},
	{ACTS, LDAP_BUSY, "the entry was changed at the same time",
		N_("Somebody else changed the account at the same time. Nothing was done; try again.")},
	{ANY, LDAP_BUSY, NULL, N_("The directory is busy. Try again in a moment.")},
	{OPERATIONS, LDAP_UNAVAILABLE, NULL, N_("The directory is not available just now. Try again later.")},
	{SIGN_IN | LK_STEP_READ, LDAP_REFERRAL, NULL,
		N_("What you look for is on another server than this one. Compare what is searched below under "
		   "“Directories…”.")},
	{ANY, LDAP_REFERRAL, NULL, N_("This server holds a copy that cannot be changed. Choose the one that can.")},
	{LK_STEP_READ, LDAP_TIMELIMIT_EXCEEDED, NULL,
		N_("The search took longer than the directory allows. Type more of the name.")},
	{LK_STEP_READ, LDAP_SIZELIMIT_EXCEEDED, NULL,
		N_("The directory shows no more users than these. Search for the others.")},
	{LK_STEP_READ, LDAP_ADMINLIMIT_EXCEEDED, NULL,
		N_("The directory does not let you read that many entries. Search for a user, or ask whoever runs it.")},
	{RESET, LDAP_UNAVAILABLE_CRITICAL_EXTENSION, NULL,
		N_("This directory does not run Latchkey for this user. Nothing was changed.")},
	{WRITES, LDAP_PROTOCOL_ERROR, NULL,
		N_("The directory did not understand the request; perhaps it does not run Latchkey.")},
	{OPERATIONS, LDAP_PARAM_ERROR, NULL, N_("Something given is empty or too long. Nothing was sent.")},
	{OPERATIONS, LDAP_ENCODING_ERROR, NULL,
		N_("Something given holds characters that cannot be sent. Nothing was sent.")},
	{PASSWORDS, LDAP_DECODING_ERROR, NULL,
		N_("The answer of the directory cannot be understood. The password may have been changed.")},
	{PASSWORDS, LDAP_SERVER_DOWN, NULL, N_("The connection broke. The password may have been changed all the same.")},
	{PASSWORDS, LDAP_TIMEOUT, NULL,
		N_("The directory did not answer in time. The password may have been changed all the same.")},
	{ACTS | ENROLS | PLAIN | POLICY, LDAP_SERVER_DOWN, NULL,
		N_("The connection broke. What you asked for may have been done all the same.")},
	{ACTS | ENROLS | PLAIN | POLICY, LDAP_TIMEOUT, NULL,
		N_("The directory did not answer in time. What you asked for may have been done all the same.")},
	{WELCOME, LDAP_SERVER_DOWN, NULL, N_("The connection broke. The user may have been added all the same.")},
	{WELCOME, LDAP_TIMEOUT, NULL,
		N_("The directory did not answer in time. The user may have been added all the same.")},
	{ANY, LDAP_SERVER_DOWN, NULL, N_("The directory cannot be reached.")},
	{ANY, LDAP_TIMEOUT, NULL, N_("The directory did not answer in time.")},
	{ANY, LDAP_DECODING_ERROR, NULL, N_("The answer of the directory cannot be understood.")},
};

static const char *find_sentence(enum lk_step step, int rc, const char *diagnostic)
{
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		if ((table[i].steps & step) == 0)
			continue;
		if (table[i].rc == ANY_ANSWER ? rc < 0 : table[i].rc != rc)
			continue;
		if (table[i].diagnostic == NULL || (diagnostic != NULL && strstr(diagnostic, table[i].diagnostic) != NULL))
			return _(table[i].sentence);
	}
	return NULL;
}

static char *describe_unknown(int rc, const char *diagnostic)
{
	char number[16];

	g_snprintf(number, sizeof number, "%d", rc);
	if (diagnostic == NULL)
		return lk_text_fill(_("The directory answered with error {number} ({name})."), "number", number, "name",
			ldap_err2string(rc), NULL);
	return lk_text_fill(
		_("The directory answered with error {number}. It says: {text}"), "number", number, "text", diagnostic, NULL);
}

GError *lk_error_new(enum lk_step step, int rc, const char *diagnostic)
{
	const char *sentence = find_sentence(step, rc, diagnostic);
	char *text = sentence == NULL ? describe_unknown(rc, diagnostic) : g_strdup(sentence);
	GError *error = g_error_new_literal(LK_ERROR, rc, text);

	g_free(text);
	return error;
}

char *lk_error_verdict(const char *verdict)
{
	const char *sentence;

	if (verdict == NULL)
		return g_strdup(_("No policy governs this account, so that it cannot be reset here."));
	if (strcmp(verdict, "allowed") == 0)
		return NULL;
	sentence = lk_words_verdict(verdict);
	if (sentence != NULL)
		return g_strdup(sentence);
	return lk_text_fill(_("You may not reset the password of this user. The rule: {rule}"), "rule", verdict, NULL);
}
