/* What a result code means to the reader, who does not know LDAP. */
#pragma once

#include <stdbool.h>

#include "cli-options.h"

/* What was being done when an error came; the same code says different things. */
enum lk_cli_step {
	LK_CLI_STEP_CONNECT = 1 << 29,
	LK_CLI_STEP_SIGN_IN = 1 << 30,
	LK_CLI_STEP_REQUEST = LK_CLI_REQUEST,
	LK_CLI_STEP_COMPLETE = LK_CLI_COMPLETE,
	LK_CLI_STEP_RESET = LK_CLI_RESET,
	LK_CLI_STEP_STATUS = LK_CLI_STATUS,
	LK_CLI_STEP_UNLOCK = LK_CLI_UNLOCK,
	LK_CLI_STEP_BLOCK = LK_CLI_BLOCK,
	LK_CLI_STEP_RESEND = LK_CLI_RESEND,
	LK_CLI_STEP_ENROL_ADDRESS = LK_CLI_ENROL_ADDRESS,
	LK_CLI_STEP_ENROL_TOTP = LK_CLI_ENROL_TOTP,
	LK_CLI_STEP_ENROL_CODES = LK_CLI_ENROL_CODES,
	LK_CLI_STEP_MISUSE = LK_CLI_MISUSE,
	LK_CLI_STEP_ACCOUNT = LK_CLI_ACCOUNT,
	LK_CLI_STEP_ACCOUNT_PASSWORD = LK_CLI_ACCOUNT_PASSWORD,
	LK_CLI_STEP_ACCOUNT_REMOVE = LK_CLI_ACCOUNT_REMOVE,
	LK_CLI_STEP_ACCOUNT_LANGUAGE = LK_CLI_ACCOUNT_LANGUAGE,
};

struct lk_cli_meaning {
	int exit_status;
	const char *sentence; /* English, to be translated; NULL where nothing is known about the code */
	bool says_all; /* the sentence repeats what the directory said, so its own words are not needed */
};

/* What the result code RC means at STEP. DIAGNOSTIC is what the directory said, or NULL: where one code stands for
 * several things, its words tell them apart. */
struct lk_cli_meaning lk_cli_meaning_find(enum lk_cli_step step, int rc, const char *diagnostic);
