/* The connection to the directory, as the options and ldap.conf(5) ask for it. */
#pragma once

#include <ldap.h>

#include "cli-options.h"

/* Connects to the first server that answers, starts TLS and signs in. Returns LK_CLI_DONE and sets *ret_ld (freed with
 * lk_cli_session_close()), or says what went wrong and returns an exit status. */
int lk_cli_session_open(const struct lk_cli_options *options, LDAP **ret_ld);

/* LK_CLI_DONE where secrets may travel on LD: it is local, encrypted, or --insecure-plain was given. */
int lk_cli_session_check_protected(const struct lk_cli_options *options, LDAP *ld);

/* Takes NULL. */
void lk_cli_session_close(LDAP *ld);
