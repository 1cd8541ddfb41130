/* Finding the users that a list names. The call is as in session.h. */
#pragma once

#include "session.h"

G_BEGIN_DECLS

struct lk_found {
	char *given; /* the name in the list */
	int rc; /* LDAP_SUCCESS; LDAP_NO_SUCH_OBJECT; LDAP_MORE_RESULTS_TO_RETURN; or what the directory said */
	struct lk_person *person; /* with the details; NULL unless LDAP_SUCCESS. Who takes it over leaves NULL */
	bool wants_reason; /* the policy, for each reset */
};

/* Looks for each of NAMES (ended by NULL): a user name, mail address, employee number or DN. */
void lk_session_find_async(LkSession *session, const char *const *names, GCancellable *cancellable,
	GAsyncReadyCallback callback, gpointer user_data);

/* An array of struct lk_found, one a name and in their order; free it with g_ptr_array_unref(). */
GPtrArray *lk_session_find_finish(LkSession *session, GAsyncResult *result, GError **error);

G_END_DECLS
