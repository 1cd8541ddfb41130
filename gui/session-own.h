/* What users do for their own account, signed in. The calls are as in session.h. */
#pragma once

#include "latchkey.h"
#include "session.h"

G_BEGIN_DECLS

/* One of LK_STEP_ADDRESS_ADD (TEXT is the address; a code is mailed there), LK_STEP_ADDRESS_PROVE (the code),
 * LK_STEP_ADDRESS_REMOVE (the address as the directory has it), LK_STEP_TOTP (what the app shows), LK_STEP_MISUSE (TEXT is NULL) and
 * LK_STEP_LANGUAGE (a tag of RFC 5646; "" leaves it to the organization). TEXT is copied, and erased after use. Nothing is done
 * twice. */
void lk_session_own_async(LkSession *session, enum lk_step step, const char *text, GCancellable *cancellable,
	GAsyncReadyCallback callback, gpointer user_data);
gboolean lk_session_own_finish(LkSession *session, GAsyncResult *result, GError **error);

/* A secret for an authenticator app, which counts once LK_STEP_TOTP has shown its first value. Free it with
 * lk_client_totp_free(). */
void lk_session_begin_totp_async(
	LkSession *session, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
struct lk_client_totp *lk_session_begin_totp_finish(LkSession *session, GAsyncResult *result, GError **error);

/* Printed codes in place of those before, ended by NULL. Free them with lk_client_codes_free(). */
void lk_session_make_codes_async(
	LkSession *session, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
char **lk_session_make_codes_finish(LkSession *session, GAsyncResult *result, GError **error);

G_END_DECLS
