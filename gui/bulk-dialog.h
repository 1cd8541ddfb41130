/* Resetting several users: whom, how, and then what comes of each. Signal "reset": some were. */
#pragma once

#include <adwaita.h>

#include "session.h"

G_BEGIN_DECLS

#define LK_TYPE_BULK_DIALOG (lk_bulk_dialog_get_type())
G_DECLARE_FINAL_TYPE(LkBulkDialog, lk_bulk_dialog, LK, BULK_DIALOG, AdwWindow)

/* DNS (ended by NULL) says whom; NULL: it asks for a list. */
LkBulkDialog *lk_bulk_dialog_new(LkSession *session, const char *const *dns);

G_END_DECLS
