/* Reading the people of rows that are there already. */
#pragma once

#include "session.h"
#include "user.h"

/* Reads the persons of USERS (of LkUser, kept meanwhile) into them, some at a time: of those that nothing was read of yet or, with
 * AGAIN, of all. Whose entry is not found is gone then, and whose UUID is not known stays as it is. */
void lk_users_read_async(LkSession *session, GPtrArray *users, gboolean again, GCancellable *cancellable,
	GAsyncReadyCallback callback, gpointer user_data);
gboolean lk_users_read_finish(GAsyncResult *result, GError **error);
