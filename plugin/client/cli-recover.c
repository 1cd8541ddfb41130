#include "cli-commands.h"

#include <glib/gi18n.h>
#include <string.h>

#include "cli-errors.h"
#include "cli-help.h"
#include "cli-output.h"
#include "cli-secret.h"
#include "cli-session.h"
#include "cli-typed.h"
#include "latchkey.h"

/* The reader's language as RFC 5646 writes it, "ko-KR" for ko_KR.UTF-8; NULL where none is set. */
static char *reader_language(void)
{
	const char *locale = g_get_language_names()[0];
	char *tag;

	if (locale == NULL || strcmp(locale, "C") == 0 || g_str_has_prefix(locale, "C.") || strcmp(locale, "POSIX") == 0)
		return NULL;
	tag = g_strndup(locale, strcspn(locale, ".@"));
	return g_strdelimit(tag, "_", '-');
}

static int say_requested(const struct lk_cli_options *options)
{
	if (options->json) {
		JsonBuilder *builder = lk_cli_json_begin(true);
		lk_cli_json_text(builder, "user", options->user);
		lk_cli_json_end(builder);
		return LK_CLI_DONE;
	}
	lk_cli_say(_("If this user exists and has a recovery address, a mail with a code is on its way. It takes a minute "
				 "or two."),
		NULL);
	lk_cli_say_command(_("Then go on with: {command}"), LK_CLI_COMPLETE, options->user);
	return LK_CLI_DONE;
}

int lk_cli_recover_request(const struct lk_cli_options *options, LDAP *ld)
{
	char *language = options->language == NULL ? reader_language() : g_strdup(options->language);
	int rc = lk_client_recovery_request(ld, options->user, language);

	g_free(language);
	return rc == LDAP_SUCCESS ? say_requested(options) : lk_cli_fail(options, LK_CLI_STEP_REQUEST, ld, rc);
}

struct answers {
	struct lk_cli_secret code, second, password;
};

static bool read_code(const struct lk_cli_options *options, struct lk_cli_secret *ret_code)
{
	if (options->from_stdin)
		return lk_cli_secret_read_stdin(1, ret_code);
	if (options->code_file != NULL)
		return lk_cli_secret_read_file(options->code_file, ret_code);
	return lk_cli_secret_ask_text(_("Code from the mail: "), ret_code);
}

static bool read_second(const struct lk_cli_options *options, struct lk_cli_secret *ret_second)
{
	if (options->from_stdin)
		return lk_cli_secret_read_stdin(2, ret_second);
	return lk_cli_secret_ask_text(_("What your authenticator app shows, or a printed code: "), ret_second);
}

static bool read_password(const struct lk_cli_options *options, struct lk_cli_secret *ret_password)
{
	if (options->keep_password)
		return true;
	if (options->from_stdin)
		return lk_cli_secret_read_stdin(options->totp ? 3 : 2, ret_password);
	if (options->password_file != NULL)
		return lk_cli_secret_read_file(options->password_file, ret_password);
	return lk_cli_secret_ask_twice(ret_password);
}

static int say_completed(const struct lk_cli_options *options)
{
	if (options->json) {
		JsonBuilder *builder = lk_cli_json_begin(true);
		lk_cli_json_text(builder, "user", options->user);
		lk_cli_json_flag(builder, "passwordChanged", !options->keep_password);
		lk_cli_json_end(builder);
	} else if (options->keep_password) {
		lk_cli_say(_("You can sign in again with the password you have."), NULL);
	} else {
		lk_cli_say(_("The password was changed. You can sign in with the new one."), NULL);
	}
	return LK_CLI_DONE;
}

static int complete(const struct lk_cli_options *options, LDAP *ld, const struct answers *answers)
{
	const struct lk_client_proof proofs[] = {
		{.method = lk_client_method_of(answers->code.text), .proof = answers->code.text},
		{.method = options->totp ? lk_client_method_of(answers->second.text) : LK_CLIENT_METHOD_TOTP,
			.proof = answers->second.text},
	};
	const char *password = options->keep_password ? NULL : answers->password.text;
	int rc = lk_client_recovery_complete(ld, options->user, proofs, options->totp ? 2 : 1, password);

	return rc == LDAP_SUCCESS ? say_completed(options) : lk_cli_fail(options, LK_CLI_STEP_COMPLETE, ld, rc);
}

/* Each is looked at before the next question. */
static int read_proofs(const struct lk_cli_options *options, struct answers *ret_answers)
{
	if (!read_code(options, &ret_answers->code))
		return LK_CLI_USAGE;
	if (!lk_cli_typed_take(LK_CLI_TYPED_CODE, &ret_answers->code))
		return LK_CLI_CREDENTIALS;
	if (!options->totp)
		return LK_CLI_DONE;
	if (!read_second(options, &ret_answers->second))
		return LK_CLI_USAGE;
	return lk_cli_typed_take(LK_CLI_TYPED_SECOND, &ret_answers->second) ? LK_CLI_DONE : LK_CLI_CREDENTIALS;
}

int lk_cli_recover_complete(const struct lk_cli_options *options, LDAP *ld)
{
	struct answers answers;
	int exit_status = lk_cli_session_check_protected(options, ld);
	if (exit_status != LK_CLI_DONE)
		return exit_status;

	exit_status = read_proofs(options, &answers);
	if (exit_status == LK_CLI_DONE)
		exit_status = read_password(options, &answers.password) ? complete(options, ld, &answers) : LK_CLI_USAGE;
	explicit_bzero(&answers, sizeof answers);
	return exit_status;
}
