/* The command line. */
#pragma once

#include <glib.h>
#include <stdbool.h>

enum lk_cli_command {
	LK_CLI_REQUEST = 1 << 0, /* recover request */
	LK_CLI_COMPLETE = 1 << 1, /* recover complete */
	LK_CLI_RESET = 1 << 2,
	LK_CLI_STATUS = 1 << 3,
	LK_CLI_UNLOCK = 1 << 4,
	LK_CLI_BLOCK = 1 << 5,
	LK_CLI_RESEND = 1 << 6,
	LK_CLI_ENROL_ADDRESS = 1 << 7, /* enrol address */
	LK_CLI_ENROL_TOTP = 1 << 8, /* enrol totp */
	LK_CLI_ENROL_CODES = 1 << 9, /* enrol codes */
	LK_CLI_ENROL = LK_CLI_ENROL_ADDRESS | LK_CLI_ENROL_TOTP | LK_CLI_ENROL_CODES,
	LK_CLI_ADMINISTRATION = LK_CLI_RESET | LK_CLI_UNLOCK | LK_CLI_BLOCK | LK_CLI_RESEND,
	LK_CLI_MISUSE = 1 << 10,
	LK_CLI_REPORT = 1 << 11,
	LK_CLI_ACCOUNT = 1 << 12,
	LK_CLI_ACCOUNT_PASSWORD = 1 << 13, /* account password */
	LK_CLI_ACCOUNT_REMOVE = 1 << 14, /* account remove-address */
	LK_CLI_ACCOUNT_LANGUAGE = 1 << 15, /* account language */
	LK_CLI_ACCOUNTS = LK_CLI_ACCOUNT | LK_CLI_ACCOUNT_PASSWORD | LK_CLI_ACCOUNT_REMOVE | LK_CLI_ACCOUNT_LANGUAGE,
	LK_CLI_OF_ONESELF = LK_CLI_ENROL | LK_CLI_MISUSE | LK_CLI_ACCOUNTS, /* they act on whoever signs in */
	/* What asks a directory. */
	LK_CLI_SESSIONS = LK_CLI_REQUEST | LK_CLI_COMPLETE | LK_CLI_STATUS | LK_CLI_ADMINISTRATION | LK_CLI_OF_ONESELF,
	LK_CLI_ALL = LK_CLI_SESSIONS | LK_CLI_REPORT,
};

/* Strings are NULL where the option was not given. */
struct lk_cli_options {
	enum lk_cli_command command;
	char *user; /* NULL for those that act on whoever signs in, and for report */
	char *address; /* of enrol address and account remove-address; or the tag of account language */
	char *id; /* of a mail; resend alone has it */
	char **files; /* ended by NULL; report alone has them */
	char **users; /* in place of USER where several are named: ended by NULL; reset alone has them */
	char *users_file; /* the same, a name a line; "-": standard input */

	char *uri, *bind_dn, *bind_password_file, *mechanism, *base;
	gboolean prompt, simple, insecure_plain;
	int start_tls; /* how often -Z was given */
	int network_timeout; /* seconds; 0: not given */

	gboolean json;
	char *language;

	char *code_file, *password_file;
	gboolean from_stdin, keep_password;
	gboolean totp; /* a second proof */
	gboolean begin; /* the first of two steps alone */

	char *to, *reason, *ticket;
	char *since;
	gboolean generate, no_must_change, conceal, no_mail;
};

/* Exit statuses; the man page has the table. */
enum lk_cli_exit {
	LK_CLI_DONE = 0,
	LK_CLI_REFUSED = 1,
	LK_CLI_USAGE = 2,
	LK_CLI_UNREACHABLE = 3,
	LK_CLI_CREDENTIALS = 4,
	LK_CLI_PASSWORD_POLICY = 5,
	LK_CLI_NO_SUCH_USER = 6,
	LK_CLI_UNPROTECTED = 7,
	LK_CLI_FAILED = 8,
	LK_CLI_SOME = 9, /* of several users, not all */
	LK_CLI_NONE = 10, /* not one of them */
};

enum lk_cli_parsed { LK_CLI_PARSED, LK_CLI_PARSED_HELP, LK_CLI_PARSED_WRONG };

/* Reads ARGV. After LK_CLI_PARSED_HELP what was asked for has been printed, after LK_CLI_PARSED_WRONG the reason. The
 * strings of *ret_options live until lk_cli_options_clear(). */
enum lk_cli_parsed lk_cli_options_parse(int argc, char **argv, struct lk_cli_options *ret_options);

void lk_cli_options_clear(struct lk_cli_options *options);
