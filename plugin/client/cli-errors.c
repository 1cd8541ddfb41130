#include "cli-errors.h"

#include <glib/gi18n.h>

#include "cli-output.h"
#include "latchkey.h"

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

/* What libldap and the library found by themselves is not the directory's word. */
static void complain_details(int rc, const char *diagnostic)
{
	lk_cli_complain(rc > 0 ? _("The directory says: {text}") : _("Details: {text}"), "text", diagnostic, NULL);
}

int lk_cli_fail(const struct lk_cli_options *options, enum lk_cli_step step, LDAP *ld, int rc)
{
	char *diagnostic = lk_client_diagnostic(ld);
	struct lk_cli_meaning meaning = lk_cli_meaning_find(step, rc, diagnostic);
	char *sentence = meaning.sentence == NULL ? describe_unknown(rc) : g_strdup(_(meaning.sentence));

	lk_cli_complain("{text}", "text", sentence, NULL);
	if (diagnostic != NULL && !meaning.says_all)
		complain_details(rc, diagnostic);
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
