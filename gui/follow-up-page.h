/* Follow up: mails that have not gone out, and passwords that nobody has changed yet; with what can be done about each. */
#pragma once

#include <adwaita.h>

#include "follow-ups.h"

G_BEGIN_DECLS

#define LK_TYPE_FOLLOW_UP_PAGE (lk_follow_up_page_get_type())
G_DECLARE_FINAL_TYPE(LkFollowUpPage, lk_follow_up_page, LK, FOLLOW_UP_PAGE, AdwBin)

LkFollowUpPage *lk_follow_up_page_new(LkSession *session, LkFollowUps *follow_ups);

G_END_DECLS
