/* The users that a search finds, of which only what is looked at is held (user-rows.h). A GListModel of LkUser, in
 * which the person of a row may have to be read yet. */
#pragma once

#include "filter.h"
#include "session.h"
#include "user.h"

G_BEGIN_DECLS

#define LK_TYPE_USER_LIST (lk_user_list_get_type())
G_DECLARE_FINAL_TYPE(LkUserList, lk_user_list, LK, USER_LIST, GObject)

LkUserList *lk_user_list_new(LkSession *session);

/* Begins a new search below BASE, or in the whole directory where that is NULL; an earlier one is abandoned on the
 * wire. What was found before stays until the first page has come. */
void lk_user_list_search(LkUserList *list, const char *typed, enum lk_filter_state state, const char *base);

/* Begins the search anew, with what it finds in the order of COLUMN (person-order.h), unless it is too much for it
 * (user-paging.h); NULL: in the order of the directory, or, where they are few, of names. */
void lk_user_list_sort(LkUserList *list, const char *column, gboolean descending);

/* Whether a column was asked for and they are in its order. */
gboolean lk_user_list_is_sorted(LkUserList *list);

/* Reads anew what is there: rows that stay keep their place. Of a long list only what is looked at is read at once. */
void lk_user_list_refresh(LkUserList *list);

/* The user at POSITION, or NULL, without having it read (user-reading.h does). Free it with g_object_unref(). */
LkUser *lk_user_list_peek(LkUserList *list, guint position);

/* Looks every SECONDS (0: never) at what is looked at, so that what others change appears by itself. */
void lk_user_list_watch(LkUserList *list, guint seconds);

/* Property "busy": a page is awaited. Property "complete": there are no more than these. */
gboolean lk_user_list_get_busy(LkUserList *list);
gboolean lk_user_list_get_complete(LkUserList *list);

/* Whether there are more, which the directory does not give to who is signed in. */
gboolean lk_user_list_is_limited(LkUserList *list);

/* Why what was asked for last did not come; NULL where it did. Property "error" (a GError). */
const GError *lk_user_list_get_error(LkUserList *list);

G_END_DECLS
