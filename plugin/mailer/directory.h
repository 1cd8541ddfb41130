/* The mailer's connection to the directory. The one file that knows LDAP (through liblatchkey). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "config.h"
#include "latchkey.h"
#include "outcome.h"

struct lk_directory;

/* CONFIG must outlive the directory. Nothing is connected yet. */
struct lk_directory *lk_directory_new(const struct lk_directory_config *config);
void lk_directory_free(struct lk_directory *directory); /* takes NULL */

/* Connects and signs in, unless that is done. Functions here that return bool return false when the directory is
 * away or refuses, drop the connection, and leave the reason for lk_directory_reason(). */
bool lk_directory_connect(struct lk_directory *directory);

/* For the log; never NULL. */
const char *lk_directory_reason(const struct lk_directory *directory);

/* Due messages, up to MOST; free them with lk_client_notifications_free(). */
bool lk_directory_take(
	struct lk_directory *directory, int most, int lease_seconds, struct lk_notification **ret_items, size_t *ret_count);

/* Reports OUTCOMES, and removes those that are written down, or whose message or entry is gone. What the directory
 * could not write now (*ret_left of them; false for all at once) stays to be reported again. */
bool lk_directory_settle(struct lk_directory *directory, struct lk_outcomes *outcomes, size_t *ret_left);
