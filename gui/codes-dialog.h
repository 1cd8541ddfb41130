/* Recovery codes to be printed: made anew, shown once. Signal "enrolled". */
#pragma once

#include <adwaita.h>

#include "session.h"

G_BEGIN_DECLS

#define LK_TYPE_CODES_DIALOG (lk_codes_dialog_get_type())
G_DECLARE_FINAL_TYPE(LkCodesDialog, lk_codes_dialog, LK, CODES_DIALOG, AdwWindow)

/* Nothing is made before it is asked for: new codes end those that are on paper. */
LkCodesDialog *lk_codes_dialog_new(LkSession *session);

G_END_DECLS
