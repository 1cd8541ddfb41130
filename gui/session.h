/* Who is signed in to which directory, and what can be asked of it. It owns the connection, on a worker thread; all calls are
 * asynchronous, end in the main context where they began, and are abandoned on the wire when their GCancellable is cancelled. It
 * knows no widgets. An error is one of LK_ERROR with a sentence for the reader, or G_IO_ERROR_CANCELLED. */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>

#include "connection.h"
#include "person.h"
#include "worker.h"

G_BEGIN_DECLS

#define LK_TYPE_SESSION (lk_session_get_type())
G_DECLARE_FINAL_TYPE(LkSession, lk_session, LK, SESSION, GObject)

/* What somebody may do, by the groups that the policies name; the directory decides again about each request. */
enum lk_roles {
	LK_ROLES_GLOBAL = 1 << 0,
	LK_ROLES_PASSWORD = 1 << 1,
	LK_ROLES_AUDITOR = 1 << 2,
};

/* For one sign-in of USER (a DN, uid or mail; "" where the profile needs none). Takes over PASSWORD, or NULL. */
LkSession *lk_session_new(const struct lk_profile *profile, const char *user, struct lk_secret *password);

/* Connects, signs in and finds the roles. Afterwards the getters below say who one is. */
void lk_session_sign_in_async(
	LkSession *session, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean lk_session_sign_in_finish(LkSession *session, GAsyncResult *result, GError **error);

const struct lk_profile *lk_session_get_profile(LkSession *session);
const char *lk_session_get_dn(LkSession *session); /* NULL before the sign-in */
const char *lk_session_get_base(LkSession *session);
unsigned lk_session_get_roles(LkSession *session); /* of enum lk_roles */

/* What the directory said of the password at the sign-in. */
const struct lk_sign_in *lk_session_get_said(LkSession *session);

/* ---- Reading (session-accounts.c) ---- */

struct lk_list_request {
	char *base; /* NULL: the whole directory */
	char *filter;
	const char *const *attributes; /* constant, ended by NULL; NULL: those of a list (person.h) */
	bool only_uuids; /* nobody is read, but counted: the page has UUIDS, and no people */
	struct berval cookie; /* of the page before; bv_val NULL for the first */
	unsigned generation; /* of the connection that gave the cookie */
	guint skip; /* so many entries are passed over before the first page */
	int size; /* entries of a page; 0: no pages, all at once */
	int limit; /* entries at most, where there are no pages */
};

struct lk_list_page {
	GPtrArray *people; /* of struct lk_person, freed with it; who takes one over leaves NULL */
	GByteArray
		*uuids; /* LK_UUID_SIZE octets each, all zero for an entry that does not tell its own; NULL unless asked for */
	struct berval cookie; /* bv_len 0: this was the last page */
	bool cut; /* the directory gave no more because of a limit of its own */
	unsigned generation;
};

/* REQUEST is copied. LDAP_PROTOCOL_ERROR: the connection to which the cookie belonged is gone, so begin anew. */
void lk_session_list_async(LkSession *session, const struct lk_list_request *request, GCancellable *cancellable,
	GAsyncReadyCallback callback, gpointer user_data);
struct lk_list_page *lk_session_list_finish(LkSession *session, GAsyncResult *result, GError **error);
void lk_list_page_free(struct lk_list_page *page);

/* The account DN with its details and the verdict on a reset; free it with lk_person_free(). */
void lk_session_read_async(
	LkSession *session, const char *dn, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
struct lk_person *lk_session_read_finish(LkSession *session, GAsyncResult *result, GError **error);

/* ---- Acting (session-acts.c) ---- */

struct lk_reset_request {
	char *user; /* DN */
	struct lk_secret *password; /* NULL: the directory makes one */
	bool notify;
	char *to; /* NULL: the address on record */
	bool must_change;
	bool conceal;
	char *reason; /* or NULL */
	char *ticket; /* or NULL */
};

/* Takes NULL. */
void lk_reset_request_free(struct lk_reset_request *request);

/* Takes over REQUEST. Is never done twice: after a broken connection the error says that it may have been done. Free the result
 * with lk_client_reset_result_free(). */
void lk_session_reset_async(LkSession *session, struct lk_reset_request *request, GCancellable *cancellable,
	GAsyncReadyCallback callback, gpointer user_data);
struct lk_reset_result *lk_session_reset_finish(LkSession *session, GAsyncResult *result, GError **error);

/* What else is done to the account DN. ID is a message's, and TO an address or NULL, for LK_STEP_RESEND; REASON and TICKET, or
 * NULL, for LK_STEP_UNLOCK and LK_STEP_BLOCK. */
struct lk_act {
	enum lk_step what;
	const char *dn;
	const char *id;
	const char *to;
	const char *reason;
	const char *ticket;
};

/* ACT is copied. Nothing is done twice, as with a reset. */
void lk_session_act_async(LkSession *session, const struct lk_act *act, GCancellable *cancellable,
	GAsyncReadyCallback callback, gpointer user_data);
gboolean lk_session_act_finish(LkSession *session, GAsyncResult *result, GError **error);

/* One's own password. Takes over both. The session goes on with the new one. */
void lk_session_change_password_async(LkSession *session, struct lk_secret *old_password,
	struct lk_secret *new_password, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean lk_session_change_password_finish(LkSession *session, GAsyncResult *result, GError **error);

/* ---- For the files of the session ---- */

/* Queues TASK, whose source is SESSION, and takes it over. */
void lk_session_push(LkSession *session, const struct lk_job *job, GTask *task);

G_END_DECLS
