/* The directory, asked as nobody: through liblatchkey, over a connection of its own for each request, which ends with
 * it.
 *
 * Where the configuration says so, the connection itself shows who the pages are (SASL EXTERNAL: the process behind a
 * local socket, or a certificate), and then names their client in the Session Tracking control. Where that does not
 * work the pages go on as nobody, and all their clients share what one client may do. */
#pragma once

#include <stddef.h>

#include "config.h"
#include "latchkey.h"
#include "outcome.h"

struct lk_web_visit {
	const struct lk_web_config *config;
	const char *client; /* the address, or NULL where nobody says */
	enum lk_web_language language;
};

/* Each returns the sentence for what went wrong, LK_WEB_NO_TEXT where nothing did. USER is as typed. */

enum lk_web_text lk_web_directory_request(const struct lk_web_visit *visit, const char *user);

/* NEW_PASSWORD of NULL keeps the one that there is. */
enum lk_web_text lk_web_directory_complete(const struct lk_web_visit *visit, const char *user,
	const struct lk_client_proof *proofs, size_t count, const char *new_password);

/* Signs in as USER to do so. Whoever they are and whether they exist, a failure to sign in is answered a fixed time
 * after it was begun. */
enum lk_web_text lk_web_directory_change(
	const struct lk_web_visit *visit, const char *user, const char *old_password, const char *new_password);

/* For the check: connects, and signs in where that is configured. *ret_ld is freed with ldap_unbind_ext(); where the
 * result is no success it is NULL or still good for lk_client_diagnostic(). *ret_identified: the connection has shown
 * who we are. */
int lk_web_directory_open(const struct lk_web_config *config, LDAP **ret_ld, bool *ret_identified);
