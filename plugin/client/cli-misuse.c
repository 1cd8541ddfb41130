/* "That was not me." */
#include "cli-commands.h"

#include <glib/gi18n.h>

#include "cli-errors.h"
#include "cli-help.h"
#include "cli-output.h"
#include "latchkey.h"

int lk_cli_misuse(const struct lk_cli_options *options, LDAP *ld)
{
	int rc = lk_client_report_misuse(ld);

	if (rc != LDAP_SUCCESS)
		return lk_cli_fail(options, LK_CLI_STEP_MISUSE, ld, rc);
	if (options->json) {
		lk_cli_json_end(lk_cli_json_begin(true));
		return LK_CLI_DONE;
	}
	lk_cli_say(_("It is on record that this was not you, and the administrators are told. Codes that were on their way "
				 "do not work any more."),
		NULL);
	lk_cli_say(_("If somebody else may know your password, change it now: “latchkey account password”."), NULL);
	return LK_CLI_DONE;
}
