/* Setting up an authenticator app: its secret as a picture and as text, shown once, and the first value that proves it. Signal
 * "enrolled". */
#pragma once

#include <adwaita.h>

#include "session.h"

G_BEGIN_DECLS

#define LK_TYPE_TOTP_DIALOG (lk_totp_dialog_get_type())
G_DECLARE_FINAL_TYPE(LkTotpDialog, lk_totp_dialog, LK, TOTP_DIALOG, AdwWindow)

/* Asks the directory for a secret at once; an app that was set up before counts until the new one is proven. */
LkTotpDialog *lk_totp_dialog_new(LkSession *session);

G_END_DECLS
