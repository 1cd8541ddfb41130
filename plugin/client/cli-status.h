/* What `latchkey status` tells of an account itself, without its mails and its trail. */
#pragma once

#include <json-glib/json-glib.h>

#include "latchkey.h"

/* Who it is, whether they can sign in, and what is with the password; as sentences, or as members of an object. */
void lk_cli_status_say_account(const struct lk_account *account);
void lk_cli_status_add_account(JsonBuilder *builder, const struct lk_account *account);
