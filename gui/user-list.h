/* The users that a search finds, read page by page as they are scrolled to. A GListModel of LkUser. */
#pragma once

#include "filter.h"
#include "session.h"
#include "user.h"

G_BEGIN_DECLS

#define LK_TYPE_USER_LIST (lk_user_list_get_type())
G_DECLARE_FINAL_TYPE(LkUserList, lk_user_list, LK, USER_LIST, GObject)

LkUserList *lk_user_list_new(LkSession *session);

/* Begins a new search; an earlier one is abandoned on the wire. What was found before stays until the first page has come. */
void lk_user_list_search(LkUserList *list, const char *typed, enum lk_filter_state state);

/* The same search once more. */
void lk_user_list_refresh(LkUserList *list);

/* Property "busy": a page is awaited. Property "complete": there are no more than these. */
gboolean lk_user_list_get_busy(LkUserList *list);
gboolean lk_user_list_get_complete(LkUserList *list);

/* Why the last page did not come; NULL where it did. Property "error" (a GError). */
const GError *lk_user_list_get_error(LkUserList *list);

G_END_DECLS
