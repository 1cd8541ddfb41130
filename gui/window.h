/* A window: signing in, then the pages of the session; locked after idling. */
#pragma once

#include "application.h"

G_BEGIN_DECLS

#define LK_TYPE_WINDOW (lk_window_get_type())
G_DECLARE_FINAL_TYPE(LkWindow, lk_window, LK, WINDOW, AdwApplicationWindow)

LkWindow *lk_window_new(LkApplication *application);

G_END_DECLS
