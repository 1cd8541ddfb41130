#include <glib/gi18n.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

#include "cli-commands.h"
#include "cli-options.h"
#include "cli-output.h"
#include "cli-report.h"
#include "cli-session.h"

/* Servers often lack the reader's locale, and then everything would be English and Hangul unreadable. C.UTF-8 is always
 * there, and gettext follows LANGUAGE under it. */
static void fall_back_to_utf8(void)
{
	const char *const *names = g_get_language_names();

	setlocale(LC_CTYPE, "C.UTF-8");
	if (strcmp(names[0], "C") == 0 || strcmp(names[0], "POSIX") == 0)
		return;
	setlocale(LC_MESSAGES, "C.UTF-8");
	if (g_getenv("LANGUAGE") == NULL)
		g_setenv("LANGUAGE", names[0], FALSE);
}

static void set_up_language(void)
{
	const char *catalogues = g_getenv("LATCHKEY_CATALOGS");

	if (setlocale(LC_ALL, "") == NULL || strcmp(nl_langinfo(CODESET), "ANSI_X3.4-1968") == 0)
		fall_back_to_utf8();
	bindtextdomain(GETTEXT_PACKAGE, catalogues == NULL ? LK_LOCALEDIR : catalogues);
	bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
	textdomain(GETTEXT_PACKAGE);
}

static int run(const struct lk_cli_options *options)
{
	static const struct {
		enum lk_cli_command command;
		int (*run)(const struct lk_cli_options *options, LDAP *ld);
	} commands[] = {
		{LK_CLI_REQUEST, lk_cli_recover_request},
		{LK_CLI_COMPLETE, lk_cli_recover_complete},
		{LK_CLI_ENROL_ADDRESS, lk_cli_enrol_address},
		{LK_CLI_ENROL_TOTP, lk_cli_enrol_totp},
		{LK_CLI_ENROL_CODES, lk_cli_enrol_codes},
		{LK_CLI_MISUSE, lk_cli_misuse},
		{LK_CLI_ACCOUNT, lk_cli_account},
		{LK_CLI_ACCOUNT_PASSWORD, lk_cli_account_password},
		{LK_CLI_ACCOUNT_REMOVE, lk_cli_account_remove},
		{LK_CLI_ACCOUNT_LANGUAGE, lk_cli_account_language},
		{LK_CLI_RESET, lk_cli_reset},
		{LK_CLI_STATUS, lk_cli_status},
		{LK_CLI_UNLOCK, lk_cli_unlock},
		{LK_CLI_BLOCK, lk_cli_block},
		{LK_CLI_RESEND, lk_cli_resend},
	};
	LDAP *ld = NULL;

	if (options->command == LK_CLI_REPORT)
		return lk_cli_report(options);

	int exit_status = lk_cli_session_open(options, &ld);

	for (size_t i = 0; exit_status == LK_CLI_DONE && i < G_N_ELEMENTS(commands); i++) {
		if (commands[i].command == options->command)
			exit_status = commands[i].run(options, ld);
	}
	lk_cli_session_close(ld);
	return exit_status;
}

int main(int argc, char **argv)
{
	static const int exits[] = {
		[LK_CLI_PARSED] = LK_CLI_DONE, [LK_CLI_PARSED_HELP] = LK_CLI_DONE, [LK_CLI_PARSED_WRONG] = LK_CLI_USAGE};
	struct lk_cli_options options = {0};

	/* Passwords pass through this memory: no core file of it, and no debugger of the same user. */
	prctl(PR_SET_DUMPABLE, 0);
	/* libldap writes to connections that may be gone. */
	signal(SIGPIPE, SIG_IGN);
	set_up_language();
	enum lk_cli_parsed parsed = lk_cli_options_parse(argc, argv, &options);
	int exit_status = parsed == LK_CLI_PARSED ? run(&options) : exits[parsed];
	lk_cli_options_clear(&options);
	if (!lk_cli_flush() && exit_status == LK_CLI_DONE)
		exit_status = LK_CLI_FAILED;
	return exit_status;
}
