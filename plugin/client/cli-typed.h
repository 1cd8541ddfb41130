/* What people type or paste for a code, looked at before it is sent: what can be none is said in a sentence that
 * helps. */
#pragma once

#include <stdbool.h>

#include "cli-secret.h"

enum lk_cli_typed {
	LK_CLI_TYPED_CODE, /* that came by mail, or a printed one */
	LK_CLI_TYPED_SECOND, /* what an authenticator app shows, or any code */
	LK_CLI_TYPED_TOTP, /* what an authenticator app shows, and nothing else */
};

/* Puts the code that SECRET holds somewhere in its place, as the directory writes it. False, and a complaint was
 * printed, where there is none of the kind that is WANTED. */
bool lk_cli_typed_take(enum lk_cli_typed wanted, struct lk_cli_secret *secret);
