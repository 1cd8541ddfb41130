/* A window: signing in, then the pages of the session; locked after idling. */
#pragma once

#include "application.h"
#include "secret.h"

G_BEGIN_DECLS

#define LK_TYPE_WINDOW (lk_window_get_type())
G_DECLARE_FINAL_TYPE(LkWindow, lk_window, LK, WINDOW, AdwApplicationWindow)

LkWindow *lk_window_new(LkApplication *application);

/* Signs in to the first directory, as who did so last, without being asked to. PASSWORD stays the caller's. */
void lk_window_sign_in(LkWindow *window, struct lk_secret *password);

/* Takes over TOAST. */
void lk_window_add_toast(LkWindow *window, AdwToast *toast);

/* One in which nothing can be done but getting back into an account, and which its user does not close. */
LkWindow *lk_window_new_for_recovery(LkApplication *application);

G_END_DECLS
