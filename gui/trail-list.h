/* The events of the whole directory, the newest first: a GListModel of LkTrailItem. They are read by latchkeyEventDay,
 * day by day from today back, each in pages, so that no entry is read but those that have events of the time asked for;
 * before that, of entries that have no day yet. */
#pragma once

#include "session.h"
#include "trail-item.h"

G_BEGIN_DECLS

#define LK_TYPE_TRAIL_LIST (lk_trail_list_get_type())
G_DECLARE_FINAL_TYPE(LkTrailList, lk_trail_list, LK, TRAIL_LIST, GObject)

/* Reads nothing before it is told what. */
LkTrailList *lk_trail_list_new(LkSession *session);

/* Reads what has happened SINCE. What was read before stays until something has come. */
void lk_trail_list_read(LkTrailList *list, time_t since);

/* Shows of what is read only events of KIND (a name of trail.h; NULL: any) with TYPED in the names of who did it
 * or to whom. */
void lk_trail_list_narrow(LkTrailList *list, const char *kind, const char *typed);

/* These and everything else of a change: property "state" is notified. */
gboolean lk_trail_list_get_busy(LkTrailList *list);
gboolean lk_trail_list_get_cut(LkTrailList *list); /* not all were read, because of a limit */
const GError *lk_trail_list_get_error(LkTrailList *list); /* why reading has ended; or NULL */

G_END_DECLS
