/* The end of a recovery: the account is open again. Signals "sign-in" and "finish". */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define LK_TYPE_RECOVERY_DONE (lk_recovery_done_get_type())
G_DECLARE_FINAL_TYPE(LkRecoveryDone, lk_recovery_done, LK, RECOVERY_DONE, AdwBin)

/* In a kiosk nobody signs in: it offers to finish. */
void lk_recovery_done_set_kiosk(LkRecoveryDone *step, gboolean kiosk);

/* CHANGED: with another password. */
void lk_recovery_done_tell(LkRecoveryDone *step, gboolean changed);

G_END_DECLS
