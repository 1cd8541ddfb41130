/* The mailer's connection to the directory. The one file that knows LDAP (through liblatchkey). */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "bounce-address.h"
#include "config.h"
#include "latchkey.h"
#include "outcome.h"

struct lk_directory;

/* CONFIG must outlive the directory. Nothing is connected yet. */
struct lk_directory *lk_directory_new(const struct lk_directory_config *config);
void lk_directory_free(struct lk_directory *directory); /* takes NULL */

/* Connects and signs in, unless that is done: to the first of its URIs where both succeed. Functions here that return
 * bool return false when the directory is away or refuses, drop the connection, and leave the reason for
 * lk_directory_reason(). */
bool lk_directory_connect(struct lk_directory *directory);

/* The same, to URI alone and anew; URI must outlive the connection. */
bool lk_directory_connect_to(struct lk_directory *directory, const char *uri);

/* Where the connection is, or was tried last. */
const char *lk_directory_uri(const struct lk_directory *directory);

/* For the log; never NULL. */
const char *lk_directory_reason(const struct lk_directory *directory);

/* Due messages, up to MOST; free them with lk_client_notifications_free(). */
bool lk_directory_take(
	struct lk_directory *directory, int most, int lease_seconds, struct lk_notification **ret_items, size_t *ret_count);

/* Reports OUTCOMES, and removes those that are written down, or whose message or entry is gone. What the directory
 * could not write now (*ret_left of them; false for all at once) stays to be reported again. */
bool lk_directory_settle(struct lk_directory *directory, struct lk_outcomes *outcomes, size_t *ret_left);

/* Reports what came of SENDING later, WORDS being the reason: an LDAP result code. The directory must be connected, and
 * is left as it is. */
int lk_directory_bounce(
	struct lk_directory *directory, const struct lk_sending *sending, bool has_failed, const char *words);

/* For a check of the configuration; the directory must be connected.
 *
 * Whether we are the mailer that the directory knows, without taking or changing anything: an LDAP result code. */
int lk_directory_try_to_settle(struct lk_directory *directory);

/* Who we are there, as cn=config names somebody; "" where that is not known. Freed with g_free(). */
char *lk_directory_identity(struct lk_directory *directory);

/* How the messages stand there. */
bool lk_directory_overview(struct lk_directory *directory, struct lk_overview *ret_overview);

struct lk_policy_view {
	char *dn;
	char *portal; /* NULL where there is none, or we may not read it; the same for the next */
	char *organization;
};

/* The policies of the directory that we may see: struct lk_policy_view, freed with the array. */
GPtrArray *lk_directory_policies(struct lk_directory *directory);
