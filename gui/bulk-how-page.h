/* How several users are reset: what is mailed, what is seen, and what is kept for the record. Signal "changed". */
#pragma once

#include <adwaita.h>

#include "session.h"

G_BEGIN_DECLS

#define LK_TYPE_BULK_HOW_PAGE (lk_bulk_how_page_get_type())
G_DECLARE_FINAL_TYPE(LkBulkHowPage, lk_bulk_how_page, LK, BULK_HOW_PAGE, AdwBin)

/* COUNT will be reset and LEFT_OUT not; WANTS_REASON: a policy wants one of each. */
void lk_bulk_how_page_ask(LkBulkHowPage *page, guint count, guint left_out, gboolean wants_reason);

/* What was chosen, without a user; NULL where something is missing. Free it with lk_reset_request_free(). */
struct lk_reset_request *lk_bulk_how_page_read(LkBulkHowPage *page);

G_END_DECLS
