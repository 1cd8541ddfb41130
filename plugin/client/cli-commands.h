/* What each command does. All return an exit status. */
#pragma once

#include <ldap.h>

#include "cli-options.h"

int lk_cli_recover_request(const struct lk_cli_options *options, LDAP *ld);
int lk_cli_recover_complete(const struct lk_cli_options *options, LDAP *ld);
int lk_cli_enrol_address(const struct lk_cli_options *options, LDAP *ld);
int lk_cli_enrol_totp(const struct lk_cli_options *options, LDAP *ld);
int lk_cli_enrol_codes(const struct lk_cli_options *options, LDAP *ld);
int lk_cli_reset(const struct lk_cli_options *options, LDAP *ld);
int lk_cli_unlock(const struct lk_cli_options *options, LDAP *ld);
int lk_cli_block(const struct lk_cli_options *options, LDAP *ld);
int lk_cli_resend(const struct lk_cli_options *options, LDAP *ld);
int lk_cli_misuse(const struct lk_cli_options *options, LDAP *ld);
int lk_cli_account(const struct lk_cli_options *options, LDAP *ld);
int lk_cli_account_password(const struct lk_cli_options *options, LDAP *ld);
int lk_cli_account_remove(const struct lk_cli_options *options, LDAP *ld);
int lk_cli_account_language(const struct lk_cli_options *options, LDAP *ld);
int lk_cli_status(const struct lk_cli_options *options, LDAP *ld);
