/* A list of users as a table (csv.h). */
#pragma once

#include "user-list.h"

/* Makes the table of all rows of LIST, as they are now; those that are not held are read, some hundred at a time. */
void lk_users_table_async(
	LkSession *session, LkUserList *list, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GString *lk_users_table_finish(GAsyncResult *result, GError **error);
