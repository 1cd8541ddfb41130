/* Active users: the list, what is searched for in it, and the details of one. */
#pragma once

#include <adwaita.h>

#include "session.h"

G_BEGIN_DECLS

#define LK_TYPE_USERS_PAGE (lk_users_page_get_type())
G_DECLARE_FINAL_TYPE(LkUsersPage, lk_users_page, LK, USERS_PAGE, AdwBin)

LkUsersPage *lk_users_page_new(void);

/* Shows the users of SESSION; once, and before the page is shown. */
void lk_users_page_open(LkUsersPage *page, LkSession *session);

G_END_DECLS
