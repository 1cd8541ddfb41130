/* Reading and changing policies: of Latchkey's, and of slapo-ppolicy's for passwords. The calls are as in session.h. */
#pragma once

#include "policy-check.h"
#include "session.h"

G_BEGIN_DECLS

/* All that may be read below the base: a GPtrArray of struct lk_policy_card, freed with it, by kind and name. */
void lk_session_read_policies_async(
	LkSession *session, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *lk_session_read_policies_finish(LkSession *session, GAsyncResult *result, GError **error);

/* Looks up what a change of a policy to CARD, which is copied, needs to be so. Free the result with
 * lk_findings_free(). */
void lk_session_check_policy_async(LkSession *session, const struct lk_policy_card *card, GCancellable *cancellable,
	GAsyncReadyCallback callback, gpointer user_data);
struct lk_findings *lk_session_check_policy_finish(LkSession *session, GAsyncResult *result, GError **error);

/* Writes AFTER in place of BEFORE, in one Modify that does nothing where the entry says anything else than BEFORE
 * by now (LDAP_ASSERTION_FAILED); or adds it, where BEFORE has no DN and AFTER has the one of the new entry. Both
 * are copied. */
void lk_session_save_policy_async(LkSession *session, const struct lk_policy_card *before,
	const struct lk_policy_card *after, GAsyncReadyCallback callback, gpointer user_data);
gboolean lk_session_save_policy_finish(LkSession *session, GAsyncResult *result, GError **error);

/* Removes the entry of CARD, which is copied, unless it says anything else by now (LDAP_ASSERTION_FAILED). */
void lk_session_remove_policy_async(
	LkSession *session, const struct lk_policy_card *card, GAsyncReadyCallback callback, gpointer user_data);
gboolean lk_session_remove_policy_finish(LkSession *session, GAsyncResult *result, GError **error);

G_END_DECLS
