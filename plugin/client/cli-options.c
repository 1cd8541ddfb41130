#include "cli-options.h"

#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>

#include "cli-help.h"
#include "cli-output.h"

/* GOption writes through the pointers of its tables, so what it reads is static. */
static struct lk_cli_options parsed;
static gboolean help_wanted, version_wanted;
static char **words;

static gboolean count_tls_cb(const char *name, const char *value, void *data, GError **error)
{
	(void)name, (void)value, (void)data, (void)error;
	parsed.start_tls++;
	return TRUE;
}

static gboolean read_extended_cb(const char *name, const char *value, void *data, GError **error)
{
	static const char prefix[] = "nettimeout=";
	gint64 seconds = 0;
	(void)name, (void)data;

	if (g_str_has_prefix(value, prefix) &&
		g_ascii_string_to_signed(value + strlen(prefix), 10, 1, G_MAXINT / 1000, &seconds, NULL)) {
		parsed.network_timeout = (int)seconds;
		return TRUE;
	}
	char *text = lk_cli_fill(
		_("“-o {value}” is not understood; what can be given is -o nettimeout=SECONDS."), "value", value, NULL);
	g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, text);
	g_free(text);
	return FALSE;
}

/* Every process of the machine can read the arguments of the others. */
static gboolean refuse_password_cb(const char *name, const char *value, void *data, GError **error)
{
	(void)name, (void)value, (void)data;
	g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
		_("-w is not offered, because everyone on this machine can read a program’s arguments. Use -W to be asked for "
		  "the password, or -y FILE."));
	return FALSE;
}

#define FLAG(letter, name, field, text)                                                                                \
	{                                                                                                                  \
		name, letter, 0, G_OPTION_ARG_NONE, &parsed.field, text, NULL                                                  \
	}
#define TEXT(letter, name, field, text, value)                                                                         \
	{                                                                                                                  \
		name, letter, 0, G_OPTION_ARG_STRING, &parsed.field, text, value                                               \
	}
#define PATH(letter, name, field, text, value)                                                                         \
	{                                                                                                                  \
		name, letter, 0, G_OPTION_ARG_FILENAME, &parsed.field, text, value                                             \
	}
#define SECRETS (LK_CLI_COMPLETE | LK_CLI_RESET | LK_CLI_ACCOUNT_PASSWORD)

static const struct {
	unsigned commands;
	GOptionEntry entry;
} table[] = {
	{LK_CLI_COMPLETE | LK_CLI_ENROL_ADDRESS | LK_CLI_ENROL_TOTP,
		PATH(0, "code-file", code_file, N_("Read the code from the first line of this file"), N_("FILE"))},
	{LK_CLI_COMPLETE, FLAG(0, "totp", totp, N_("Ask for a second proof: what your authenticator app shows"))},
	{LK_CLI_ENROL_ADDRESS | LK_CLI_ENROL_TOTP,
		FLAG(0, "begin", begin, N_("Only begin; --stdin or --code-file ends it another time"))},
	{LK_CLI_COMPLETE, FLAG(0, "keep-password", keep_password, N_("Keep the password you have; only lift the lock"))},
	{LK_CLI_RESET, FLAG(0, "generate", generate, N_("Have a password generated (this is the default)"))},
	{SECRETS, PATH(0, "password-file", password_file, N_("Read the new password from the first line of this file"),
				  N_("FILE"))},
	{SECRETS | LK_CLI_ENROL_ADDRESS | LK_CLI_ENROL_TOTP,
		FLAG(0, "stdin", from_stdin,
			N_("Read the new password, after the code or the old one, from standard input, a line each"))},
	{LK_CLI_RESET | LK_CLI_RESEND, TEXT(0, "to", to, N_("Mail the user at this address"), N_("ADDRESS"))},
	{LK_CLI_RESET, PATH(0, "users-file", users_file,
					   N_("Reset all users in this file (- for standard input), a name a line"), N_("FILE"))},
	{LK_CLI_RESET, FLAG(0, "no-mail", no_mail, N_("Send no mail; the password is shown here alone"))},
	{LK_CLI_RESET,
		FLAG(0, "conceal", conceal, N_("Do not show the generated password here; it reaches the user alone"))},
	{LK_CLI_RESET, FLAG(0, "no-must-change", no_must_change, N_("Do not ask for a new password at the next sign-in"))},
	{LK_CLI_RESET | LK_CLI_UNLOCK | LK_CLI_BLOCK, TEXT(0, "reason", reason, N_("Why, for the record"), N_("TEXT"))},
	{LK_CLI_RESET | LK_CLI_UNLOCK | LK_CLI_BLOCK,
		TEXT(0, "ticket", ticket, N_("The number of the helpdesk’s ticket, for the record"), N_("TEXT"))},
	{LK_CLI_REQUEST | LK_CLI_RESET | LK_CLI_ENROL_ADDRESS,
		TEXT(0, "lang", language, N_("Language of the mail, for example ko-KR or en"), N_("TAG"))},
	{LK_CLI_STATUS, TEXT('b', "base", base, N_("Look for the user below this entry"), N_("DN"))},
	{LK_CLI_REPORT,
		TEXT(0, "since", since, N_("Leave out what is older, for example 7d, 36h or 2026-11-22"), N_("TIME"))},
	{LK_CLI_ALL, FLAG(0, "json", json, N_("Print one JSON object instead of sentences"))},
	{LK_CLI_SESSIONS,
		TEXT('H', "uri", uri, N_("The directory, for example ldaps://ldap.example.com or ldapi:///"), N_("URI"))},
	{LK_CLI_SESSIONS, TEXT('D', "bind-dn", bind_dn, N_("Sign in as this entry, with a password"), N_("DN"))},
	{LK_CLI_SESSIONS, FLAG('W', "prompt", prompt, N_("Ask for that password"))},
	{LK_CLI_SESSIONS,
		PATH('y', "bind-password-file", bind_password_file,
			N_("Take the whole contents of this file as that password, a line break at its end included"), N_("FILE"))},
	{LK_CLI_SESSIONS,
		{"bind-password", 'w', G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_CALLBACK, refuse_password_cb, NULL, NULL}},
	{LK_CLI_SESSIONS, FLAG('x', "simple", simple,
						  N_("Sign in with a password, or not at all, even where ldap.conf names a mechanism"))},
	{LK_CLI_SESSIONS, TEXT('Y', "mechanism", mechanism,
						  N_("Sign in with this SASL mechanism, for example EXTERNAL or GSSAPI"), N_("MECH"))},
	{LK_CLI_SESSIONS, {"start-tls", 'Z', G_OPTION_FLAG_NO_ARG, G_OPTION_ARG_CALLBACK, count_tls_cb,
						  N_("Protect the connection with StartTLS; given twice (-ZZ), go no further without"), NULL}},
	{LK_CLI_SESSIONS, {"option", 'o', 0, G_OPTION_ARG_CALLBACK, read_extended_cb,
						  N_("nettimeout=SECONDS: give up connecting after this time"), N_("OPTION")}},
	{LK_CLI_SESSIONS, FLAG(0, "insecure-plain", insecure_plain,
						  N_("Send passwords and codes even where anyone on the way can read them"))},
};

static const GOptionEntry fixed[] = {
	{"help", 'h', 0, G_OPTION_ARG_NONE, &help_wanted, N_("Show help, and with a command its own"), NULL},
	{"version", 0, 0, G_OPTION_ARG_NONE, &version_wanted, N_("Show the version"), NULL},
	{G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &words, NULL, NULL},
	G_OPTION_ENTRY_NULL,
};

/* A context with the options of COMMANDS. */
static GOptionContext *build_context(unsigned commands)
{
	GOptionContext *context = g_option_context_new(NULL);
	GOptionEntry entries[G_N_ELEMENTS(table) + 1] = {0};
	size_t count = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		if ((table[i].commands & commands) != 0)
			entries[count++] = table[i].entry;
	}
	g_option_context_set_help_enabled(context, FALSE);
	g_option_context_add_main_entries(context, entries, GETTEXT_PACKAGE);
	g_option_context_add_main_entries(context, fixed, GETTEXT_PACKAGE);
	return context;
}

static bool is_given(const GOptionEntry *entry)
{
	switch (entry->arg) {
	case G_OPTION_ARG_NONE:
		return *(const gboolean *)entry->arg_data;
	case G_OPTION_ARG_STRING:
	case G_OPTION_ARG_FILENAME:
		return *(char *const *)entry->arg_data != NULL;
	default:
		return false;
	}
}

static bool options_fit_command(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		if ((table[i].commands & parsed.command) != 0 || !is_given(&table[i].entry))
			continue;
		lk_cli_complain(_("The option --{option} does not belong to “latchkey {command}”."), "option",
			table[i].entry.long_name, "command", lk_cli_command_words(parsed.command), NULL);
		return false;
	}
	return true;
}

/* Takes the command's words from the front of WORDS. *ret_rest is where the others begin. */
static bool read_command(char ***ret_rest)
{
	const char *first = words == NULL ? NULL : words[0];
	const char *second = first == NULL ? NULL : words[1];

	parsed.command = lk_cli_command_find(first, second);
	if (parsed.command == 0)
		return false;
	*ret_rest = words + (strchr(lk_cli_command_words(parsed.command), ' ') == NULL ? 1 : 2);
	return true;
}

static void complain_command(void)
{
	if (words == NULL)
		lk_cli_complain(_("Say what to do. “latchkey --help” lists the commands."), NULL);
	else if (strcmp(words[0], "recover") == 0)
		lk_cli_complain(_("Say which step: “{first}”, or “{second}”."), "first", "latchkey recover request", "second",
			"latchkey recover complete", NULL);
	else if (strcmp(words[0], "enrol") == 0)
		lk_cli_complain(_("Say what to enrol: “{first}”, “{second}” or “{third}”."), "first", "latchkey enrol address",
			"second", "latchkey enrol totp", "third", "latchkey enrol codes", NULL);
	else
		lk_cli_complain(
			_("There is no command “{word}”. “latchkey --help” lists the commands."), "word", words[0], NULL);
}

static bool read_user_and_mail(char **rest)
{
	if (rest[1] == NULL || rest[2] != NULL) {
		lk_cli_complain(
			_("Say which user and which mail: “latchkey resend USER ID”. “latchkey status” shows the ID."), NULL);
		return false;
	}
	parsed.user = g_strdup(rest[0]);
	parsed.id = g_strdup(rest[1]);
	return true;
}

/* Commands of oneself that take a word beside, and what is said where it is missing. */
static const char *complaint_about_word(void)
{
	switch (parsed.command) {
	case LK_CLI_ENROL_ADDRESS:
		return _("Say which address: “latchkey enrol address ADDRESS”.");
	case LK_CLI_ACCOUNT_REMOVE:
		return _("Say which address: “latchkey account remove-address ADDRESS”.");
	case LK_CLI_ACCOUNT_LANGUAGE:
		return _("Say which language, for example: “latchkey account language ko-KR”.");
	default:
		return NULL;
	}
}

static bool is_language(const char *tag)
{
	return strlen(tag) <= 35 &&
		   tag[strspn(tag, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")] == '\0';
}

/* Users enrol for themselves, so nobody is named. */
static bool read_enrolment(char **rest)
{
	bool named = rest[0] != NULL && *rest[0] != '\0';

	const char *complaint = complaint_about_word();

	if (complaint != NULL &&
		(!named || rest[1] != NULL || (parsed.command == LK_CLI_ACCOUNT_LANGUAGE && !is_language(rest[0])))) {
		lk_cli_complain("{text}", "text", complaint, NULL);
		return false;
	}
	if (complaint == NULL && rest[0] != NULL) {
		lk_cli_complain(_("“latchkey {command}” is for whoever signs in, and takes no name."), "command",
			lk_cli_command_words(parsed.command), NULL);
		return false;
	}
	parsed.address = g_strdup(rest[0]);
	return true;
}

/* Several users, or a file of them: what is given for one is not given for all. */
static bool read_users(char **rest)
{
	if (parsed.from_stdin || parsed.password_file != NULL || parsed.to != NULL) {
		lk_cli_complain(_("A list of users excludes {first}, {second} and {third}."), "first", "--stdin", "second",
			"--password-file", "third", "--to", NULL);
		return false;
	}
	parsed.users = g_strdupv(rest);
	return true;
}

static bool read_user(char **rest)
{
	const char *command = lk_cli_command_words(parsed.command);

	if (parsed.command == LK_CLI_REPORT) {
		parsed.files = g_strdupv(rest);
		return true;
	}
	if ((parsed.command & LK_CLI_OF_ONESELF) != 0)
		return read_enrolment(rest);
	if (parsed.command == LK_CLI_RESET && (parsed.users_file != NULL || (rest[0] != NULL && rest[1] != NULL)))
		return read_users(rest);
	if (rest[0] == NULL || *rest[0] == '\0')
		lk_cli_complain(_("Say which user: “latchkey {command} USER”."), "command", command, NULL);
	else if (parsed.command == LK_CLI_RESEND)
		return read_user_and_mail(rest);
	else if (rest[1] != NULL)
		lk_cli_complain(_("Name one user and nothing more. A code or a password is never an argument."), NULL);
	else {
		parsed.user = g_strdup(rest[0]);
		return true;
	}
	return false;
}

static bool name_is_given(const char *long_name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		if (strcmp(table[i].entry.long_name, long_name) == 0)
			return is_given(&table[i].entry);
	}
	return false;
}

static bool options_agree(void)
{
	static const char *const clashes[][2] = {
		{"no-mail", "to"},
		{"no-mail", "lang"},
		{"no-mail", "conceal"},
		{"conceal", "stdin"},
		{"conceal", "password-file"},
		{"generate", "stdin"},
		{"generate", "password-file"},
		{"stdin", "password-file"},
		{"stdin", "code-file"},
		{"begin", "stdin"},
		{"begin", "code-file"},
		{"keep-password", "password-file"},
		{"prompt", "bind-password-file"},
		{"mechanism", "simple"},
		{"mechanism", "bind-dn"},
		{"mechanism", "prompt"},
		{"mechanism", "bind-password-file"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(clashes); i++) {
		if (!name_is_given(clashes[i][0]) || !name_is_given(clashes[i][1]))
			continue;
		lk_cli_complain(
			_("--{one} and --{other} exclude each other."), "one", clashes[i][0], "other", clashes[i][1], NULL);
		return false;
	}
	return true;
}

static enum lk_cli_parsed print_help(void)
{
	char **rest;
	bool for_command = read_command(&rest);
	GOptionContext *context = build_context(for_command ? parsed.command : LK_CLI_ALL);

	lk_cli_help_print(context, for_command ? parsed.command : 0);
	g_option_context_free(context);
	return LK_CLI_PARSED_HELP;
}

static enum lk_cli_parsed judge(void)
{
	char **rest;

	if (version_wanted) {
		g_print("latchkey %s\n", LK_VERSION);
		return LK_CLI_PARSED_HELP;
	}
	if (help_wanted)
		return print_help();
	if (!read_command(&rest)) {
		complain_command();
		return LK_CLI_PARSED_WRONG;
	}
	return read_user(rest) && options_fit_command() && options_agree() ? LK_CLI_PARSED : LK_CLI_PARSED_WRONG;
}

enum lk_cli_parsed lk_cli_options_parse(int argc, char **argv, struct lk_cli_options *ret_options)
{
	GOptionContext *context = build_context(LK_CLI_ALL);
	GError *error = NULL;
	enum lk_cli_parsed result = LK_CLI_PARSED_WRONG;

	if (g_option_context_parse(context, &argc, &argv, &error))
		result = judge();
	else
		lk_cli_complain("{text}", "text", error->message, NULL);
	g_clear_error(&error);
	g_option_context_free(context);
	g_clear_pointer(&words, g_strfreev);
	*ret_options = parsed;
	return result;
}

void lk_cli_options_clear(struct lk_cli_options *options)
{
	char *strings[] = {options->user, options->address, options->id, options->uri, options->bind_dn,
		options->bind_password_file, options->mechanism, options->base, options->language, options->code_file,
		options->password_file, options->to, options->reason, options->ticket, options->since, options->users_file};

	for (size_t i = 0; i < G_N_ELEMENTS(strings); i++)
		g_free(strings[i]);
	g_strfreev(options->files);
	g_strfreev(options->users);
	*options = (struct lk_cli_options){0};
}
