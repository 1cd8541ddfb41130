/* The details of one user, and what can be done for them. Signal "closed": its close button was pressed. */
#pragma once

#include <adwaita.h>

#include "session.h"
#include "user.h"

G_BEGIN_DECLS

#define LK_TYPE_USER_PANE (lk_user_pane_get_type())
G_DECLARE_FINAL_TYPE(LkUserPane, lk_user_pane, LK, USER_PANE, AdwBin)

/* ACTS: with the buttons of administrators; without them it shows one's own account. */
LkUserPane *lk_user_pane_new(LkSession *session, gboolean acts);

/* Shows what is known of USER, and reads the rest. What changes is shown in USER too. */
void lk_user_pane_open(LkUserPane *pane, LkUser *user);

/* Puts the focus where a reset begins. */
void lk_user_pane_focus_reset(LkUserPane *pane);

G_END_DECLS
