/* The sidebar and the pages of a session. A page is a row of the table in main-view.c: a widget class with a constructor that
 * takes the session. */
#pragma once

#include <adwaita.h>

#include "session.h"

G_BEGIN_DECLS

#define LK_TYPE_MAIN_VIEW (lk_main_view_get_type())
G_DECLARE_FINAL_TYPE(LkMainView, lk_main_view, LK, MAIN_VIEW, AdwBin)

/* Without a session yet: to make one takes as long as a frame may, so that it is best done before it is needed. */
LkMainView *lk_main_view_new(void);

/* Shows the pages of SESSION; once. */
void lk_main_view_open(LkMainView *view, LkSession *session);

G_END_DECLS
