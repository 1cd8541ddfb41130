/* One thing to follow up. Actions "matter.resend", "matter.elsewhere" and "matter.reset"; signal "acted": one of them was
 * done. */
#pragma once

#include <adwaita.h>

#include "matter.h"
#include "session.h"

G_BEGIN_DECLS

#define LK_TYPE_FOLLOW_UP_ROW (lk_follow_up_row_get_type())
G_DECLARE_FINAL_TYPE(LkFollowUpRow, lk_follow_up_row, LK, FOLLOW_UP_ROW, AdwActionRow)

LkFollowUpRow *lk_follow_up_row_new(LkSession *session, LkMatter *matter);

G_END_DECLS
