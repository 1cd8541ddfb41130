/* What was done to whom: the events of all accounts, policies and role groups that the reader may see. */
#pragma once

#include <adwaita.h>

#include "session.h"

G_BEGIN_DECLS

#define LK_TYPE_EVENTS_PAGE (lk_events_page_get_type())
G_DECLARE_FINAL_TYPE(LkEventsPage, lk_events_page, LK, EVENTS_PAGE, AdwBin)

LkEventsPage *lk_events_page_new(LkSession *session);

G_END_DECLS
