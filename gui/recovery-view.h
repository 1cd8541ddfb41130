/* "Can't access your account?": the steps by which somebody who cannot sign in gets back in. Nothing that it shows depends on whether
 * there is such a user. Signals: "left", when nothing more is wanted; "sign-in", when the account is open again. */
#pragma once

#include <adwaita.h>

#include "profile.h"
#include "secret.h"

G_BEGIN_DECLS

#define LK_TYPE_RECOVERY_VIEW (lk_recovery_view_get_type())
G_DECLARE_FINAL_TYPE(LkRecoveryView, lk_recovery_view, LK, RECOVERY_VIEW, AdwBin)

/* For the directory of PROFILE, which is copied; USER is proposed. KIOSK: there is nothing else to go to, so that it begins anew at
 * the end, and when nobody has touched it for a while. */
LkRecoveryView *lk_recovery_view_new(const struct lk_profile *profile, const char *user, gboolean kiosk);

const char *lk_recovery_view_get_user(LkRecoveryView *view);

/* The new password, to sign in with; NULL where the old one was kept. Free it with lk_secret_free(). */
struct lk_secret *lk_recovery_view_steal_password(LkRecoveryView *view);

G_END_DECLS
