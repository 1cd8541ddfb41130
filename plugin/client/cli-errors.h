/* How errors are told to people and to programs. */
#pragma once

#include <ldap.h>

#include "cli-meanings.h"
#include "cli-options.h"

/* Says what RC means at STEP, with the directory's own words behind it (from LD, which may be NULL), on standard
 * error, and with --json as an object on standard output. Returns the exit status. */
int lk_cli_fail(const struct lk_cli_options *options, enum lk_cli_step step, LDAP *ld, int rc);

/* The same for what the command found out by itself. SENTENCE is translated already. */
int lk_cli_refuse(const struct lk_cli_options *options, int exit_status, const char *sentence);
