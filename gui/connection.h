/* One connection to a directory, signed in. It belongs to the worker thread (worker.h), where all of this may block. It
 * knows libldap and no GObject but the GCancellable that ends a wait. */
#pragma once

#include <gio/gio.h>
#include <ldap.h>
#include <stdbool.h>

#include "profile.h"
#include "secret.h"

/* What the directory said of the password with which one signed in. */
struct lk_sign_in {
	bool must_change; /* nothing else is allowed before */
	int grace; /* sign-ins left with an expired password; -1: not expired */
	int expires_in; /* seconds; -1: no warning */
};

struct lk_connection {
	struct lk_profile *profile;
	bool anonymous; /* nobody signs in: what is asked is open to everybody, and only over a protected connection */
	char *user; /* as typed: a DN, uid or mail */
	struct lk_secret *password; /* kept for signing in again where the connection is lost; or NULL */
	char *dn; /* who is signed in; NULL before */
	char *base; /* what to search below */
	struct lk_sign_in said;
	LDAP *ld; /* NULL where there is no connection */
	unsigned generation; /* counts connections: what slapd keeps for one, such as a page's cookie, ends with it */
};

/* Takes over PASSWORD, which may be NULL. */
struct lk_connection *lk_connection_new(const struct lk_profile *profile, const char *user, struct lk_secret *password);

/* Takes NULL. */
void lk_connection_free(struct lk_connection *connection);

/* The step at which lk_connection_ready() failed decides what an error means. */
enum lk_connection_step {
	LK_CONNECTION_CONNECT,
	LK_CONNECTION_SIGN_IN,
};

/* Connects and signs in where that is not done. Returns an LDAP result code; after a failure *ret_step says what failed
 * and *ret_diagnostic (or NULL; free it with ldap_memfree()) what the directory said. LDAP_USER_CANCELLED: CANCELLABLE
 * (or NULL) was cancelled, and no password is sent any more. What libldap does by itself, connecting and TLS, ends
 * first: ten seconds for each server at most. */
int lk_connection_ready(struct lk_connection *connection, GCancellable *cancellable, enum lk_connection_step *ret_step,
	char **ret_diagnostic);

/* Lets go of the handle, so that the next lk_connection_ready() makes a new one. */
void lk_connection_drop(struct lk_connection *connection);

/* Lets go of a handle of which the server has let go, before anything is asked that must not be asked twice. */
void lk_connection_drop_stale(struct lk_connection *connection);

/* Whether RC means that the connection is gone. */
bool lk_connection_is_lost(int rc);

/* Waits for the whole answer to MSGID. LDAP_USER_CANCELLED: CANCELLABLE was cancelled, and the request abandoned,
 * within a millisecond. LDAP_TIMEOUT: no answer in LK_CONNECTION_PATIENCE, abandoned too. Free *ret_message with
 * ldap_msgfree(). */
int lk_connection_wait(LDAP *ld, int msgid, GCancellable *cancellable, LDAPMessage **ret_message);

#define LK_CONNECTION_PATIENCE 60 /* seconds */
