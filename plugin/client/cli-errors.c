#include "cli-errors.h"

#include <glib/gi18n.h>

#include "cli-output.h"
#include "latchkey.h"

#define ANY (~0u)
#define OPERATIONS (ANY & ~(unsigned)LK_CLI_STEP_CONNECT & ~(unsigned)LK_CLI_STEP_SIGN_IN)

/* The first row that fits counts. */
static const struct {
	unsigned steps;
	int rc;
	int exit_status;
	const char *sentence;
} table[] = {
	{LK_CLI_STEP_SIGN_IN, LDAP_INVALID_CREDENTIALS, LK_CLI_CREDENTIALS,
		N_("The directory did not let you sign in: the name or the password is wrong.")},
	{LK_CLI_STEP_COMPLETE, LDAP_INVALID_CREDENTIALS, LK_CLI_CREDENTIALS,
		N_("The code was not accepted. Perhaps it is mistyped, too old, already used, or for another user. “latchkey "
		   "recover "
		   "request” asks for a new one.")},
	{ANY, LDAP_INVALID_CREDENTIALS, LK_CLI_CREDENTIALS, N_("The directory did not accept who you say you are.")},
	{LK_CLI_STEP_SIGN_IN, LDAP_INAPPROPRIATE_AUTH, LK_CLI_CREDENTIALS,
		N_("The directory does not let you sign in in this way.")},
	{LK_CLI_STEP_SIGN_IN, LDAP_AUTH_METHOD_NOT_SUPPORTED, LK_CLI_CREDENTIALS,
		N_("The directory does not offer this way of signing in.")},
	{LK_CLI_STEP_SIGN_IN, LDAP_AUTH_UNKNOWN, LK_CLI_CREDENTIALS,
		N_("The directory or this machine does not offer this way of signing in.")},
	{LK_CLI_STEP_SIGN_IN, LDAP_LOCAL_ERROR, LK_CLI_CREDENTIALS,
		N_("Signing in did not work on this machine; perhaps a Kerberos ticket is missing.")},
	{LK_CLI_STEP_SIGN_IN, LDAP_INVALID_DN_SYNTAX, LK_CLI_USAGE, N_("What follows -D is not a DN.")},
	{LK_CLI_STEP_STATUS | LK_CLI_STEP_RESET, LDAP_INVALID_DN_SYNTAX, LK_CLI_USAGE,
		N_("This is not the name of a user.")},
	{ANY, LDAP_STRONG_AUTH_REQUIRED, LK_CLI_CREDENTIALS, N_("The directory wants you to sign in; use -D or -Y.")},
	{ANY, LDAP_CONFIDENTIALITY_REQUIRED, LK_CLI_UNPROTECTED,
		N_("The directory wants a protected connection for this. Use ldaps:// or -ZZ.")},
	{LK_CLI_STEP_COMPLETE, LDAP_UNWILLING_TO_PERFORM, LK_CLI_REFUSED,
		N_("The directory refused this. If your password has expired, it cannot be kept: choose a new one.")},
	{LK_CLI_STEP_RESET, LDAP_UNWILLING_TO_PERFORM, LK_CLI_REFUSED,
		N_("The rules for this user forbid it. Where users recover by themselves only, nobody can reset a password on "
		   "their "
		   "behalf, global administrators included.")},
	{ANY, LDAP_UNWILLING_TO_PERFORM, LK_CLI_REFUSED, N_("The directory refused this.")},
	{LK_CLI_STEP_RESET, LDAP_INSUFFICIENT_ACCESS, LK_CLI_REFUSED,
		N_("You may not reset the password of this user. Administrators reset passwords of users, and only global "
		   "administrators those of global administrators.")},
	{ANY, LDAP_INSUFFICIENT_ACCESS, LK_CLI_REFUSED, N_("You may not do this.")},
	{LK_CLI_STEP_COMPLETE | LK_CLI_STEP_RESET, LDAP_CONSTRAINT_VIOLATION, LK_CLI_PASSWORD_POLICY,
		N_("The password policy does not accept the new password. Nothing was changed.")},
	{ANY, LDAP_BUSY, LK_CLI_UNREACHABLE, N_("The directory is busy. Try again in a moment.")},
	{ANY, LDAP_UNAVAILABLE, LK_CLI_UNREACHABLE, N_("The directory is not available just now. Try again later.")},
	{ANY, LDAP_REFERRAL, LK_CLI_UNREACHABLE,
		N_("This server holds a copy that cannot be changed. Ask the one that can, with -H.")},
	{ANY, LDAP_NO_SUCH_OBJECT, LK_CLI_NO_SUCH_USER, N_("There is no such user, or none whom you may see.")},
	{ANY, LDAP_MORE_RESULTS_TO_RETURN, LK_CLI_NO_SUCH_USER,
		N_("Several users answer to this name. Give the DN of the one you mean.")},
	{LK_CLI_STEP_RESET, LDAP_UNAVAILABLE_CRITICAL_EXTENSION, LK_CLI_FAILED,
		N_("This directory does not run Latchkey for this user. Nothing was changed.")},
	{OPERATIONS, LDAP_PROTOCOL_ERROR, LK_CLI_FAILED,
		N_("The directory did not understand the request; perhaps it does not run Latchkey.")},
	{OPERATIONS, LDAP_PARAM_ERROR, LK_CLI_USAGE, N_("Something given is empty or too long. Nothing was sent.")},
	{OPERATIONS, LDAP_ENCODING_ERROR, LK_CLI_USAGE,
		N_("Something given holds characters that cannot be sent. Nothing was sent.")},
	{LK_CLI_STEP_COMPLETE | LK_CLI_STEP_RESET, LDAP_DECODING_ERROR, LK_CLI_FAILED,
		N_("The answer of the directory cannot be understood. The password may have been changed.")},
	{ANY, LDAP_DECODING_ERROR, LK_CLI_FAILED, N_("The answer of the directory cannot be understood.")},
	{LK_CLI_STEP_COMPLETE | LK_CLI_STEP_RESET, LDAP_SERVER_DOWN, LK_CLI_UNREACHABLE,
		N_("The connection broke. The password may have been changed all the same.")},
	{LK_CLI_STEP_COMPLETE | LK_CLI_STEP_RESET, LDAP_TIMEOUT, LK_CLI_UNREACHABLE,
		N_("The directory did not answer in time. The password may have been changed all the same.")},
	{ANY, LDAP_SERVER_DOWN, LK_CLI_UNREACHABLE, N_("The directory cannot be reached.")},
	{ANY, LDAP_TIMEOUT, LK_CLI_UNREACHABLE, N_("The directory did not answer in time.")},
	{ANY, LDAP_CONNECT_ERROR, LK_CLI_UNREACHABLE,
		N_("No protected connection to the directory could be made; perhaps its certificate is not trusted here.")},
};

struct meaning {
	int exit_status;
	const char *sentence; /* not translated; NULL where there is none of ours */
};

static struct meaning find_meaning(enum lk_cli_step step, int rc)
{
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		if (table[i].rc == rc && (table[i].steps & step) != 0)
			return (struct meaning){table[i].exit_status, table[i].sentence};
	}
	return (struct meaning){LK_CLI_FAILED, NULL};
}

static void print_json(int exit_status, int rc, const char *sentence, const char *diagnostic)
{
	JsonBuilder *builder = lk_cli_json_begin(false);

	lk_cli_json_number(builder, "exit", exit_status);
	json_builder_set_member_name(builder, "resultCode");
	if (rc == LDAP_SUCCESS)
		json_builder_add_null_value(builder);
	else
		json_builder_add_int_value(builder, rc);
	lk_cli_json_text(builder, "text", sentence);
	lk_cli_json_text(builder, "diagnostic", diagnostic);
	lk_cli_json_end(builder);
}

static char *describe_unknown(int rc)
{
	char *number = g_strdup_printf("%d", rc);
	char *text = lk_cli_fill(
		_("The directory answered with error {number} ({name})."), "number", number, "name", ldap_err2string(rc), NULL);

	g_free(number);
	return text;
}

int lk_cli_fail(const struct lk_cli_options *options, enum lk_cli_step step, LDAP *ld, int rc)
{
	struct meaning meaning = find_meaning(step, rc);
	char *sentence = meaning.sentence == NULL ? describe_unknown(rc) : g_strdup(_(meaning.sentence));
	char *diagnostic = lk_client_diagnostic(ld);

	lk_cli_complain("{text}", "text", sentence, NULL);
	if (diagnostic != NULL)
		lk_cli_complain(_("The directory says: {text}"), "text", diagnostic, NULL);
	if (options->json)
		print_json(meaning.exit_status, rc, sentence, diagnostic);
	g_free(sentence);
	ldap_memfree(diagnostic);
	return meaning.exit_status;
}

int lk_cli_refuse(const struct lk_cli_options *options, int exit_status, const char *sentence)
{
	lk_cli_complain("{text}", "text", sentence, NULL);
	if (options->json)
		print_json(exit_status, LDAP_SUCCESS, sentence, NULL);
	return exit_status;
}
