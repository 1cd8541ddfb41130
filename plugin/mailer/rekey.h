/* `latchkey-mailer rekey`: what keeps an old key from being thrown away. */
#pragma once

#include "keys.h"

/* Reads a directory as LDIF (slapcat(8)) from standard input, and lists on standard output the messages that are sealed
 * to another than the first key of KEYS and may still be sent or sent again; FILES are the names of their files.
 * Returns the exit status: 0 where there is none, 1 where there are some, 2 where the input is no LDIF. */
int lk_rekey(const struct lk_keys *keys, const char *const *files);
