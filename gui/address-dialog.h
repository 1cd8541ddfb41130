/* Adding a recovery address of one's own: a code that is mailed there proves it. Signal "enrolled". */
#pragma once

#include <adwaita.h>

#include "session.h"

G_BEGIN_DECLS

#define LK_TYPE_ADDRESS_DIALOG (lk_address_dialog_get_type())
G_DECLARE_FINAL_TYPE(LkAddressDialog, lk_address_dialog, LK, ADDRESS_DIALOG, AdwWindow)

LkAddressDialog *lk_address_dialog_new(LkSession *session);

G_END_DECLS
