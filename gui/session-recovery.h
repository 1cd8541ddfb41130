/* What can be asked of a directory by somebody who cannot sign in. The calls are as in session.h; none of them tells whether there is
 * such a user. */
#pragma once

#include "rules.h"
#include "session.h"

G_BEGIN_DECLS

/* A session of nobody, over a protected connection as PROFILE describes it. */
LkSession *lk_session_new_for_nobody(const struct lk_profile *profile);

/* Asks for a code for USER, in the reader's language. Success says that the directory has taken the wish, and no more. */
void lk_session_request_code_async(
	LkSession *session, const char *user, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean lk_session_request_code_finish(LkSession *session, GAsyncResult *result, GError **error);

struct lk_recovery {
	char *user;
	struct lk_secret *code;
	struct lk_secret *second; /* what the authenticator app shows or a printed code; NULL: no second proof */
	struct lk_secret *new_password; /* NULL: the password is kept */
};

/* Takes NULL. */
void lk_recovery_free(struct lk_recovery *recovery);

/* Takes over RECOVERY. Is never done twice, and not abandoned once it was sent. */
void lk_session_recover_async(LkSession *session, struct lk_recovery *recovery, GCancellable *cancellable,
	GAsyncReadyCallback callback, gpointer user_data);
gboolean lk_session_recover_finish(LkSession *session, GAsyncResult *result, GError **error);

/* What the session may read of the rules for its own account; of nobody's, those for a new password where all share one policy. Never
 * an error but of the connection. Free it with g_free(). */
void lk_session_read_rules_async(
	LkSession *session, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);

/* The same for the account DN, which who is signed in looks after. */
void lk_session_read_rules_for_async(
	LkSession *session, const char *dn, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);

struct lk_rules *lk_session_read_rules_finish(LkSession *session, GAsyncResult *result, GError **error);

G_END_DECLS
