/* Resetting the password of a user: what is to be done, and then what came of it. Signal "reset": it was done. */
#pragma once

#include <adwaita.h>

#include "session.h"

G_BEGIN_DECLS

#define LK_TYPE_RESET_DIALOG (lk_reset_dialog_get_type())
G_DECLARE_FINAL_TYPE(LkResetDialog, lk_reset_dialog, LK, RESET_DIALOG, AdwWindow)

LkResetDialog *lk_reset_dialog_new(LkSession *session, const struct lk_person *person);

G_END_DECLS
