/* My account: its state, and changing one's own password. */
#pragma once

#include <adwaita.h>

#include "session.h"

G_BEGIN_DECLS

#define LK_TYPE_ACCOUNT_PAGE (lk_account_page_get_type())
G_DECLARE_FINAL_TYPE(LkAccountPage, lk_account_page, LK, ACCOUNT_PAGE, AdwBin)

LkAccountPage *lk_account_page_new(LkSession *session);

G_END_DECLS
