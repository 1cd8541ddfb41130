#include "cli-commands.h"

#include <glib/gi18n.h>
#include <string.h>

#include "cli-errors.h"
#include "cli-help.h"
#include "cli-output.h"
#include "latchkey.h"

static void print_user_json(const struct lk_cli_options *options)
{
	JsonBuilder *builder = lk_cli_json_begin(true);

	lk_cli_json_text(builder, "user", options->user);
	lk_cli_json_end(builder);
}

int lk_cli_unlock(const struct lk_cli_options *options, LDAP *ld)
{
	int rc = lk_client_unlock(ld, options->user, options->reason, options->ticket);
	if (rc != LDAP_SUCCESS)
		return lk_cli_fail(options, LK_CLI_STEP_UNLOCK, ld, rc);

	if (options->json)
		print_user_json(options);
	else
		lk_cli_say(_("The account was unlocked: {user}."), "user", options->user, NULL);
	return LK_CLI_DONE;
}

int lk_cli_block(const struct lk_cli_options *options, LDAP *ld)
{
	int rc = lk_client_block(ld, options->user, options->reason, options->ticket);
	if (rc != LDAP_SUCCESS)
		return lk_cli_fail(options, LK_CLI_STEP_BLOCK, ld, rc);

	if (options->json) {
		print_user_json(options);
		return LK_CLI_DONE;
	}
	lk_cli_say(_("Sign-in was blocked: {user}. The password is kept."), "user", options->user, NULL);
	lk_cli_say_command(_("This lets the user sign in again: {command}"), LK_CLI_UNLOCK, options->user);
	return LK_CLI_DONE;
}

static bool is_identifier(const char *id)
{
	return strlen(id) == 32 && id[strspn(id, "0123456789abcdef")] == '\0';
}

static void print_resend_json(const struct lk_cli_options *options)
{
	JsonBuilder *builder = lk_cli_json_begin(true);

	lk_cli_json_text(builder, "user", options->user);
	lk_cli_json_text(builder, "message", options->id);
	lk_cli_json_text(builder, "to", options->to);
	lk_cli_json_end(builder);
}

int lk_cli_resend(const struct lk_cli_options *options, LDAP *ld)
{
	if (!is_identifier(options->id))
		return lk_cli_refuse(
			options, LK_CLI_USAGE, _("This is not the identifier of a mail. “latchkey status” shows it."));

	int rc = lk_client_resend(ld, options->user, options->id, options->to);
	if (rc != LDAP_SUCCESS)
		return lk_cli_fail(options, LK_CLI_STEP_RESEND, ld, rc);
	if (options->json)
		print_resend_json(options);
	else
		lk_cli_say_command(
			_("The mail is queued again. What becomes of it shows: {command}"), LK_CLI_STATUS, options->user);
	return LK_CLI_DONE;
}
