/* Several accounts that are reset, one after the other, as bulk-queue.h has it. A GListModel of LkBulkItem; it knows no widgets. What it
 * says by its getters may have changed with each signal "changed". */
#pragma once

#include "bulk-item.h"
#include "session.h"

G_BEGIN_DECLS

#define LK_TYPE_BULK (lk_bulk_get_type())
G_DECLARE_FINAL_TYPE(LkBulk, lk_bulk, LK, BULK, GObject)

LkBulk *lk_bulk_new(LkSession *session);

/* Looks for who is named by NAMES (as lk_session_find_async() takes them), which are copied, and whether they can be reset. */
void lk_bulk_find(LkBulk *bulk, const char *const *names);

/* Goes on with what an error has ended. */
void lk_bulk_find_again(LkBulk *bulk);

gboolean lk_bulk_is_finding(LkBulk *bulk);

/* Whether a policy of somebody here wants a reason for each reset. */
gboolean lk_bulk_wants_reason(LkBulk *bulk);

/* What stopped it: nobody can be looked for, or the directory cannot be asked just now; NULL where nothing did. */
const GError *lk_bulk_get_error(LkBulk *bulk);

/* How many are in STATE. */
guint lk_bulk_count(LkBulk *bulk, enum lk_bulk_state state);

/* Resets those who can be, as HOW says (without user, password and to), which is taken over. */
void lk_bulk_start(LkBulk *bulk, struct lk_reset_request *how);

/* These once it has been started; they are as in bulk-queue.h. */
void lk_bulk_pause(LkBulk *bulk);
void lk_bulk_go_on(LkBulk *bulk);
void lk_bulk_cancel(LkBulk *bulk);
void lk_bulk_retry(LkBulk *bulk);
gboolean lk_bulk_is_paused(LkBulk *bulk);
gboolean lk_bulk_is_offline(LkBulk *bulk);
gboolean lk_bulk_is_over(LkBulk *bulk);

/* Asks for nothing any more: whoever looks at it has gone. What is under way in the directory is not undone. */
void lk_bulk_end(LkBulk *bulk);

/* Whether some passwords are known here, and whether the items say them. */
gboolean lk_bulk_has_passwords(LkBulk *bulk);
void lk_bulk_reveal(LkBulk *bulk, gboolean revealed);

G_END_DECLS
