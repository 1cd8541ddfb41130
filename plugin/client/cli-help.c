#include "cli-help.h"

#include <glib/gi18n.h>
#include <string.h>

#include "cli-output.h"

static const struct {
	enum lk_cli_command command;
	const char *words;
	const char *summary;
	const char *description;
} commands[] = {
	{LK_CLI_REQUEST, "recover request", N_("Ask for a code, when you cannot sign in"),
		N_("Asks the directory to mail a code to USER, who is named as when signing in, for example “kim” or\n"
		   "“kim@example.com”. The code goes to the recovery address on record. For safety the answer is the same\n"
		   "whether or not there is such a user. Then go on with “latchkey recover complete USER”.")},
	{LK_CLI_COMPLETE, "recover complete", N_("Use the code, and choose a new password"),
		N_("Asks for the code from the mail and for a new password, without showing what is typed. Without a "
		   "terminal,\n"
		   "give --stdin: the code is read from the first line, the new password from the second.\n"
		   "A printed recovery code can be typed in its place. --totp asks for a second proof, before the password.\n"
		   "With --keep-password the password stays as it is, and a lock from failed sign-ins is lifted.")},
	{LK_CLI_ENROL_ADDRESS, "enrol address", N_("Make an address yours for recovery, before you need it"),
		N_("Mails a code to ADDRESS, asks for it, and from then on the address counts for your recovery. Say who you "
		   "are\n"
		   "with -D or -Y. In two steps: --begin sends the mail, and --stdin or --code-file reads the code.")},
	{LK_CLI_ENROL_TOTP, "enrol totp", N_("Use an authenticator app for recovery"),
		N_("Shows a new secret, as text and as an address that apps can open, and asks for what the app shows then. "
		   "Say "
		   "who\n"
		   "you are with -D or -Y. In two steps: --begin shows the secret, and --stdin or --code-file reads the "
		   "value.")},
	{LK_CLI_ENROL_CODES, "enrol codes", N_("Get ten recovery codes to print"),
		N_("Shows ten recovery codes, each of which works once, in place of those that you had. They are shown this "
		   "once.\n"
		   "Say who you are with -D or -Y.")},
	{LK_CLI_MISUSE, "misuse", N_("Say that a mail about your account was not your doing"),
		N_("For when a mail tells of a code or of a change that you did not ask for. Codes that are on their way stop "
		   "working,\n"
		   "what was half enrolled is dropped, and your report is kept with the account for administrators to see.\n"
		   "Your password stays. Say who you are with -D or -Y.")},
	{LK_CLI_ACCOUNT_PASSWORD, "account password", N_("Change your password"),
		N_("Asks for the password that you have now, also where it is a temporary one, and for a new one. Say who you "
		   "are\n"
		   "with -D or -Y. Without a terminal, --stdin reads the old one from the first line and the new one from the "
		   "second.")},
	{LK_CLI_ACCOUNT_REMOVE, "account remove-address", N_("Take one of your recovery addresses away"),
		N_("From then on no code goes to ADDRESS. The last one stays. Say who you are with -D or -Y.")},
	{LK_CLI_ACCOUNT_LANGUAGE, "account language", N_("Choose the language of mails to you"),
		N_("TAG is for example ko-KR or en. Say who you are with -D or -Y.")},
	{LK_CLI_ACCOUNT, "account", N_("Show what you own: ways back in, and what was done with your account"),
		N_("Shows whether you can sign in, when your password expires, your recovery addresses, whether an "
		   "authenticator app\n"
		   "is set up, how many printed recovery codes are left, and what was done with your account lately.\n"
		   "“latchkey enrol” adds ways back in. Say who you are with -D or -Y.")},
	{LK_CLI_RESET, "reset", N_("Give another user a temporary password (for administrators)"),
		N_("Has a password generated for USER (a name, or a DN), shows it, and mails the user what to do. The user "
		   "chooses\n"
		   "a password of their own at the next sign-in. --stdin or --password-file set a password of yours instead.\n"
		   "Whether you may do this is for the directory to decide. Say who you are with -D or -Y.")},
	{LK_CLI_STATUS, "status", N_("Show the state of an account, and what became of its mails"),
		N_("Shows whether USER (a name, or a DN) can sign in, when the password expires, and the mails about the "
		   "account:\n"
		   "what they were, where they went, and what the mail server said; what was done with the account, and "
		   "whether "
		   "you\n"
		   "may reset it. Say who you are with -D or -Y.")},
	{LK_CLI_UNLOCK, "unlock", N_("Let a user sign in again who was locked or blocked (for administrators)"),
		N_("Lifts from USER (a name, or a DN) a block, and a lock from failed sign-ins. The password stays as it is.\n"
		   "--reason and --ticket are kept with the account. Say who you are with -D or -Y.")},
	{LK_CLI_BLOCK, "block", N_("Let a user sign in no more, until unlocked (for administrators)"),
		N_("Blocks every way in for USER (a name, or a DN), recovery included, and keeps the password. “latchkey "
		   "unlock” "
		   "lifts it.\n"
		   "--reason and --ticket are kept with the account. Say who you are with -D or -Y.")},
	{LK_CLI_RESEND, "resend", N_("Send a mail about an account once more (for administrators)"),
		N_("Sends the mail ID about USER (a name, or a DN) as it was; no password is reset by it. “latchkey status” "
		   "shows "
		   "the ID.\n"
		   "With --to a temporary password or a welcome goes to another address. Say who you are with -D or -Y.")},
	{LK_CLI_REPORT, "report", N_("Show what policies that observe would have refused (reads slapd’s log)"),
		N_("Reads slapd’s log from FILE, or from standard input, and shows who did what the rules of a policy forbid, "
		   "from\n"
		   "where, how often and to how many, so that you know what will break before the policy enforces. It asks no\n"
		   "directory. For example: journalctl -u slapd -o export | latchkey report --since 7d\n"
		   "Exit status: 0 nothing would have been refused, 1 something would.")},
};

static const char footer[] = N_(
	"There is no option that takes a password, because everyone on a machine can read a program’s arguments.\n"
	"Defaults for the directory come from ldap.conf(5).\n\n"
	"Exit status: 0 done, 1 refused by a rule, 2 wrong usage, 3 directory not reached, 4 wrong sign-in or wrong code,\n"
	"5 password refused by the password policy, 6 no such user, 7 connection not protected, 8 anything else;\n"
	"of several users, 9 some were done and some not, 10 none was done.\n"
	"latchkey(1) has the details.");

enum lk_cli_command lk_cli_command_find(const char *first, const char *second)
{
	for (size_t i = 0; first != NULL && i < G_N_ELEMENTS(commands); i++) {
		const char *rest = g_str_has_prefix(commands[i].words, first) ? commands[i].words + strlen(first) : "?";
		if (*rest == '\0' || (*rest == ' ' && g_strcmp0(rest + 1, second) == 0))
			return commands[i].command;
	}
	return 0;
}

const char *lk_cli_command_words(enum lk_cli_command command)
{
	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
		if (commands[i].command == command)
			return commands[i].words;
	}
	return "";
}

void lk_cli_say_command(const char *template, enum lk_cli_command command, const char *user)
{
	bool plain = user[strspn(user, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@._-=,")] == '\0';
	char *quoted = plain ? g_strdup(user) : g_shell_quote(user);
	char *text = g_strdup_printf("latchkey %s %s", lk_cli_command_words(command), quoted);

	lk_cli_say(template, "command", text, NULL);
	g_free(text);
	g_free(quoted);
}

static void print_overview(void)
{
	int width = 0;

	g_print("%s\n  latchkey %s\n\n%s\n", _("Usage:"), _("COMMAND [OPTION…] [USER]"),
		_("Helps people back into their accounts in an LDAP directory that runs Latchkey."));
	g_print("\n%s\n", _("Commands:"));
	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
		width = MAX(width, (int)strlen(commands[i].words));
	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
		g_print("  %-*s  %s\n", width, commands[i].words, _(commands[i].summary));
	g_print("\n%s\n\n%s\n", _("“latchkey COMMAND --help” explains a command and its options."), _(footer));
}

static const char *describe_arguments(unsigned command)
{
	if (command == LK_CLI_ENROL_ADDRESS)
		return _("[OPTION…] ADDRESS");
	if ((command & LK_CLI_OF_ONESELF) != 0)
		return _("[OPTION…]");
	if (command == LK_CLI_REPORT)
		return _("[OPTION…] [FILE…]");
	if (command == LK_CLI_RESET)
		return _("[OPTION…] USER…");
	return command == LK_CLI_RESEND ? _("[OPTION…] USER ID") : _("[OPTION…] USER");
}

/* GOption prints a usage line of its own first, which does not know the commands. */
static void print_options(GOptionContext *context)
{
	char *help = g_option_context_get_help(context, TRUE, NULL);
	const char *options = strstr(help, "\n\n");

	g_print("%s", options == NULL ? help : options + 1);
	g_free(help);
}

void lk_cli_help_print(GOptionContext *context, unsigned command)
{
	if (command == 0) {
		print_overview();
		return;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
		if (commands[i].command != command)
			continue;
		g_print("%s\n  latchkey %s %s\n\n%s.\n\n%s\n", _("Usage:"), commands[i].words, describe_arguments(command),
			_(commands[i].summary), _(commands[i].description));
	}
	print_options(context);
	if (command != LK_CLI_REPORT)
		g_print("%s\n", _(footer));
}
