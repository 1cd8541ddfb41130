/* What is to be followed up in the whole directory, looked for again and again. A GListModel of LkMatter, the most urgent
 * first. */
#pragma once

#include "matter.h"
#include "session.h"

G_BEGIN_DECLS

#define LK_TYPE_FOLLOW_UPS (lk_follow_ups_get_type())
G_DECLARE_FINAL_TYPE(LkFollowUps, lk_follow_ups, LK, FOLLOW_UPS, GObject)

/* Begins to look at once. Signal "failed" (LkMatter): a mail has failed since the look before. */
LkFollowUps *lk_follow_ups_new(LkSession *session);

/* Looks now. Signal "looked": it has, whether anything has changed or not. */
void lk_follow_ups_refresh(LkFollowUps *follow_ups);

/* Why the last look gave nothing; NULL where it did. */
const char *lk_follow_ups_get_error(LkFollowUps *follow_ups);

/* Whether there has been an answer at all. */
gboolean lk_follow_ups_has_looked(LkFollowUps *follow_ups);

G_END_DECLS
