/* Adding a user. The call is as in session.h. */
#pragma once

#include "session.h"

G_BEGIN_DECLS

/* Members may be NULL but for the first four. */
struct lk_newcomer {
	char *place; /* DN of the entry above */
	char *login;
	char *name; /* for display */
	char *family; /* inetOrgPerson wants it */
	char *given;
	char *mail;
	char *address; /* of recovery, to which the welcome goes */
	char *department;
	char *title;
	char *number;
	char *reason;
	char *ticket;
};

/* Takes NULL. */
void lk_newcomer_free(struct lk_newcomer *newcomer);

/* Takes over NEWCOMER. Is never done twice, as a reset. In the result, to be freed with lk_client_reset_result_free(), there is no
 * password: the user alone gets it. */
void lk_session_welcome_async(LkSession *session, struct lk_newcomer *newcomer, GCancellable *cancellable,
	GAsyncReadyCallback callback, gpointer user_data);
struct lk_reset_result *lk_session_welcome_finish(LkSession *session, GAsyncResult *result, GError **error);

G_END_DECLS
