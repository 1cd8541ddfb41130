/* From result codes to whole sentences and exit statuses. */
#pragma once

#include <ldap.h>

#include "cli-options.h"

/* What was being done when an error came; the same code says different things. */
enum lk_cli_step {
	LK_CLI_STEP_CONNECT = 1 << 4,
	LK_CLI_STEP_SIGN_IN = 1 << 5,
	LK_CLI_STEP_REQUEST = LK_CLI_REQUEST,
	LK_CLI_STEP_COMPLETE = LK_CLI_COMPLETE,
	LK_CLI_STEP_RESET = LK_CLI_RESET,
	LK_CLI_STEP_STATUS = LK_CLI_STATUS,
};

/* Says what RC means at STEP, with the directory's own words behind it (from LD, which may be NULL), on standard
 * error, and with --json as an object on standard output. Returns the exit status. */
int lk_cli_fail(const struct lk_cli_options *options, enum lk_cli_step step, LDAP *ld, int rc);

/* The same for what the command found out by itself. SENTENCE is translated already. */
int lk_cli_refuse(const struct lk_cli_options *options, int exit_status, const char *sentence);
