#include "cli-commands.h"

#include <glib/gi18n.h>
#include <stdio.h>

#include "cli-errors.h"
#include "cli-help.h"
#include "cli-output.h"
#include "cli-reset-each.h"
#include "cli-secret.h"
#include "cli-session.h"
#include "latchkey.h"

static bool wants_typed(const struct lk_cli_options *options)
{
	return options->from_stdin || options->password_file != NULL;
}

static bool read_typed(const struct lk_cli_options *options, struct lk_cli_secret *ret_password)
{
	if (options->from_stdin)
		return lk_cli_secret_read_stdin(1, ret_password);
	return lk_cli_secret_read_file(options->password_file, ret_password);
}

static void print_json(const struct lk_cli_options *options, const struct lk_reset_result *result)
{
	JsonBuilder *builder = lk_cli_json_begin(true);

	lk_cli_json_text(builder, "user", options->user);
	lk_cli_json_text(builder, "password", result->password);
	lk_cli_json_text(builder, "message", result->id);
	lk_cli_json_when(builder, "expires", result->expires);
	json_builder_set_member_name(builder, "mustChange");
	if (options->no_mail)
		json_builder_add_null_value(builder);
	else
		json_builder_add_boolean_value(builder, result->must_change);
	json_builder_set_member_name(builder, "code");
	json_builder_add_boolean_value(builder, result->code);
	lk_cli_json_end(builder);
}

/* Alone on its line and without a copy of it, so that it can be selected and read aloud. */
static void print_password(const char *password)
{
	fputs("\n    ", stdout);
	fputs(password, stdout);
	fputs("\n\n", stdout);
}

static void say_code(const struct lk_cli_options *options, const struct lk_reset_result *result)
{
	char *when = lk_cli_time(result->expires);

	lk_cli_say(
		_("The old password of {user} no longer works. With a code that is mailed, the user chooses a new one, which "
		  "nobody else ever sees."),
		"user", options->user, NULL);
	lk_cli_say(_("The code works until {time}."), "time", when, NULL);
	g_free(when);
}

static void say_terms(const struct lk_reset_result *result)
{
	if (result->expires != 0) {
		char *when = lk_cli_time(result->expires);
		lk_cli_say(_("It works until {time}."), "time", when, NULL);
		g_free(when);
	}
	if (result->must_change)
		lk_cli_say(_("At the next sign-in the user has to choose a new one."), NULL);
}

static void say_password(const struct lk_cli_options *options, const struct lk_reset_result *result)
{
	if (result->password != NULL) {
		lk_cli_say(_("A new password was set for {user}. It is shown this once:"), "user", options->user, NULL);
		print_password(result->password);
	} else if (wants_typed(options)) {
		lk_cli_say(_("The password that you gave was set for {user}."), "user", options->user, NULL);
	} else {
		lk_cli_say(_("A new password was set for {user}, and reaches the user alone."), "user", options->user, NULL);
	}
	say_terms(result);
}

static void print_sentences(const struct lk_cli_options *options, const struct lk_reset_result *result)
{
	if (result->code)
		say_code(options, result);
	else
		say_password(options, result);
	if (result->id != NULL)
		lk_cli_say_command(
			_("A mail about it is queued. What becomes of it shows: {command}"), LK_CLI_STATUS, options->user);
}

static int report(const struct lk_cli_options *options, const struct lk_reset_result *result)
{
	if (options->json)
		print_json(options, result);
	else
		print_sentences(options, result);
	if (lk_cli_flush() || result->password == NULL)
		return LK_CLI_DONE;
	lk_cli_complain(_("The password was reset, but could not be printed. Reset it once more."), NULL);
	return LK_CLI_FAILED;
}

static int reset(const struct lk_cli_options *options, LDAP *ld, const char *new_password)
{
	const struct lk_reset_options request = {
		.new_password = new_password,
		.notify = !options->no_mail,
		.to = options->to,
		.locale = options->language,
		.must_change = !options->no_must_change,
		.conceal = options->conceal,
		.reason = options->reason,
		.ticket = options->ticket,
	};
	struct lk_reset_result *result = NULL;
	if (options->users != NULL)
		return lk_cli_reset_each(options, ld, &request);

	int rc = lk_client_reset(ld, options->user, &request, &result);
	int exit_status = rc == LDAP_SUCCESS ? report(options, result) : lk_cli_fail(options, LK_CLI_STEP_RESET, ld, rc);

	lk_client_reset_result_free(result);
	return exit_status;
}

int lk_cli_reset(const struct lk_cli_options *options, LDAP *ld)
{
	struct lk_cli_secret password;
	int exit_status = lk_cli_session_check_protected(options, ld);
	if (exit_status != LK_CLI_DONE)
		return exit_status;
	if (!wants_typed(options))
		return reset(options, ld, NULL);

	exit_status = LK_CLI_USAGE;
	if (read_typed(options, &password))
		exit_status = reset(options, ld, password.text);
	lk_cli_secret_clear(&password);
	return exit_status;
}
