/* How a signed-in user gets ways back in: a proven address, an authenticator app, printed codes. */
#include "cli-commands.h"

#include <glib/gi18n.h>
#include <string.h>

#include "cli-errors.h"
#include "cli-output.h"
#include "cli-secret.h"
#include "cli-session.h"
#include "cli-typed.h"
#include "latchkey.h"

/* Both steps need somebody who looks between them, so one object for both would come too late. */
static bool steps_fit_json(const struct lk_cli_options *options)
{
	if (!options->json || options->begin || options->from_stdin || options->code_file != NULL)
		return true;
	lk_cli_complain(
		_("With --json, give --begin for the first step, and --stdin or --code-file for the second."), NULL);
	return false;
}

static bool is_second_step(const struct lk_cli_options *options)
{
	return options->from_stdin || options->code_file != NULL;
}

static bool read_proof(const struct lk_cli_options *options, const char *prompt, struct lk_cli_secret *ret_proof)
{
	if (options->from_stdin)
		return lk_cli_secret_read_stdin(1, ret_proof);
	if (options->code_file != NULL)
		return lk_cli_secret_read_file(options->code_file, ret_proof);
	return lk_cli_secret_ask_text(prompt, ret_proof);
}

static void print_done(const struct lk_cli_options *options, const char *sentence, const char *address)
{
	if (!options->json) {
		lk_cli_say(sentence, "address", address == NULL ? "" : address, NULL);
		return;
	}
	JsonBuilder *builder = lk_cli_json_begin(true);
	if (address != NULL)
		lk_cli_json_text(builder, "address", address);
	lk_cli_json_end(builder);
}

/* Reads what proves the method, which is as WANTED, and shows it to the directory with PROVE_IT. */
static int prove(const struct lk_cli_options *options, LDAP *ld, const char *prompt, enum lk_cli_typed wanted,
	int (*prove_it)(LDAP *ld, const char *typed))
{
	struct lk_cli_secret proof;
	int rc;

	if (!read_proof(options, prompt, &proof))
		return LK_CLI_USAGE;
	bool is_one = lk_cli_typed_take(wanted, &proof);
	rc = is_one ? prove_it(ld, proof.text) : LDAP_INVALID_CREDENTIALS;
	lk_cli_secret_clear(&proof);
	if (!is_one)
		return LK_CLI_CREDENTIALS;
	return rc == LDAP_SUCCESS ? LK_CLI_DONE : lk_cli_fail(options, (enum lk_cli_step)options->command, ld, rc);
}

/* --- addresses ------------------------------------------------------------------------------------------------------ */

static int begin_address(const struct lk_cli_options *options, LDAP *ld)
{
	int rc = lk_client_address_add(ld, options->address, options->language);

	if (rc != LDAP_SUCCESS)
		return lk_cli_fail(options, LK_CLI_STEP_ENROL_ADDRESS, ld, rc);
	print_done(options, _("A code is on its way to {address}."), options->address);
	return LK_CLI_DONE;
}

int lk_cli_enrol_address(const struct lk_cli_options *options, LDAP *ld)
{
	int exit_status = lk_cli_session_check_protected(options, ld);

	if (exit_status == LK_CLI_DONE && !steps_fit_json(options))
		exit_status = LK_CLI_USAGE;
	if (exit_status == LK_CLI_DONE && !is_second_step(options))
		exit_status = begin_address(options, ld);
	if (exit_status != LK_CLI_DONE || options->begin)
		return exit_status;
	exit_status = prove(options, ld, _("Code that was sent there: "), LK_CLI_TYPED_CODE, lk_client_address_prove);
	if (exit_status == LK_CLI_DONE)
		print_done(options, _("This is a recovery address of yours now: {address}"), options->address);
	return exit_status;
}

/* --- the authenticator app ------------------------------------------------------------------------------------------ */

static void print_totp(const struct lk_cli_options *options, const struct lk_client_totp *totp)
{
	if (!options->json) {
		lk_cli_say(
			_("Type this secret into your authenticator app, or open the address in it. They are shown once."), NULL);
		lk_cli_say("  {secret}", "secret", totp->secret, NULL);
		lk_cli_say("  {uri}", "uri", totp->uri, NULL);
		lk_cli_flush();
		return;
	}
	JsonBuilder *builder = lk_cli_json_begin(true);
	lk_cli_json_text(builder, "secret", totp->secret);
	lk_cli_json_text(builder, "uri", totp->uri);
	lk_cli_json_text(builder, "issuer", totp->issuer);
	lk_cli_json_text(builder, "account", totp->account);
	lk_cli_json_end(builder);
}

static int begin_totp(const struct lk_cli_options *options, LDAP *ld)
{
	struct lk_client_totp *totp;
	int rc = lk_client_totp_begin(ld, &totp);

	if (rc != LDAP_SUCCESS)
		return lk_cli_fail(options, LK_CLI_STEP_ENROL_TOTP, ld, rc);
	print_totp(options, totp);
	lk_client_totp_free(totp);
	return LK_CLI_DONE;
}

int lk_cli_enrol_totp(const struct lk_cli_options *options, LDAP *ld)
{
	int exit_status = lk_cli_session_check_protected(options, ld);

	if (exit_status == LK_CLI_DONE && !steps_fit_json(options))
		exit_status = LK_CLI_USAGE;
	if (exit_status == LK_CLI_DONE && !is_second_step(options))
		exit_status = begin_totp(options, ld);
	if (exit_status != LK_CLI_DONE || options->begin)
		return exit_status;
	exit_status = prove(options, ld, _("What the app shows now: "), LK_CLI_TYPED_TOTP, lk_client_totp_finish);
	if (exit_status == LK_CLI_DONE)
		print_done(options, _("The app counts for recovery from now on."), NULL);
	return exit_status;
}

/* --- printed codes -------------------------------------------------------------------------------------------------- */

static void print_codes_json(char **codes)
{
	JsonBuilder *builder = lk_cli_json_begin(true);

	json_builder_set_member_name(builder, "codes");
	json_builder_begin_array(builder);
	for (char **code = codes; *code != NULL; code++)
		json_builder_add_string_value(builder, *code);
	json_builder_end_array(builder);
	lk_cli_json_end(builder);
}

static void print_codes(char **codes)
{
	lk_cli_say(
		_("These are your recovery codes. Each works once. Print them and keep them safe: they are shown once."), NULL);
	for (char **code = codes; *code != NULL; code++)
		lk_cli_say("  {code}", "code", *code, NULL);
	lk_cli_say(_("Codes that you printed before do not work any more."), NULL);
}

int lk_cli_enrol_codes(const struct lk_cli_options *options, LDAP *ld)
{
	char **codes;
	int exit_status = lk_cli_session_check_protected(options, ld);
	if (exit_status != LK_CLI_DONE)
		return exit_status;

	int rc = lk_client_codes_new(ld, &codes);
	if (rc != LDAP_SUCCESS)
		return lk_cli_fail(options, LK_CLI_STEP_ENROL_CODES, ld, rc);
	if (options->json)
		print_codes_json(codes);
	else
		print_codes(codes);
	lk_client_codes_free(codes);
	return LK_CLI_DONE;
}
