/* Adding a user, who is welcomed with a temporary password by mail. Signal "added". */
#pragma once

#include <adwaita.h>

#include "session.h"

G_BEGIN_DECLS

#define LK_TYPE_ADD_DIALOG (lk_add_dialog_get_type())
G_DECLARE_FINAL_TYPE(LkAddDialog, lk_add_dialog, LK, ADD_DIALOG, AdwWindow)

/* PLACES (DNs, ended by NULL) are proposed for where the user is added, the first one above all. */
LkAddDialog *lk_add_dialog_new(LkSession *session, const char *const *places);

G_END_DECLS
