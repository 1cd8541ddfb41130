/* Resets of several users at once. */
#pragma once

#include <ldap.h>

#include "cli-options.h"
#include "latchkey.h"

/* Resets each user of OPTIONS as REQUEST says, printing a line for each (the format is in the source, and in
 * latchkey(1)). Returns LK_CLI_DONE where all were reset, LK_CLI_SOME or LK_CLI_NONE. */
int lk_cli_reset_each(const struct lk_cli_options *options, LDAP *ld, const struct lk_reset_options *request);
