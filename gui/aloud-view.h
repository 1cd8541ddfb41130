/* A password for reading aloud: large, in groups, and below each letter what it is called. */
#pragma once

#include <adwaita.h>

#include "secret.h"

G_BEGIN_DECLS

#define LK_TYPE_ALOUD_VIEW (lk_aloud_view_get_type())
G_DECLARE_FINAL_TYPE(LkAloudView, lk_aloud_view, LK, ALOUD_VIEW, AdwBin)

/* Shows PASSWORD, which stays the caller's, or nothing where it is NULL: what is not shown is not in the accessibility tree. */
void lk_aloud_view_show(LkAloudView *view, struct lk_secret *password);

G_END_DECLS
