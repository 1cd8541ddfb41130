/* Choosing a new password of one's own, because one has to. Signal "changed". */
#pragma once

#include <adwaita.h>

#include "session.h"

G_BEGIN_DECLS

#define LK_TYPE_CHANGE_PAGE (lk_change_page_get_type())
G_DECLARE_FINAL_TYPE(LkChangePage, lk_change_page, LK, CHANGE_PAGE, AdwBin)

/* REQUIRED: the directory allows nothing else before; the page then has a header bar and says so. */
LkChangePage *lk_change_page_new(LkSession *session, gboolean required);

LkSession *lk_change_page_get_session(LkChangePage *page);

G_END_DECLS
