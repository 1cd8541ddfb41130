/* An event of somebody's trail, as a row of a list. */
#pragma once

#include "user.h"

G_BEGIN_DECLS

#define LK_TYPE_TRAIL_ITEM (lk_trail_item_get_type())
G_DECLARE_FINAL_TYPE(LkTrailItem, lk_trail_item, LK, TRAIL_ITEM, GObject)

/* Event number WHICH of USER's person. */
LkTrailItem *lk_trail_item_new(LkUser *user, size_t which);

const struct lk_person *lk_trail_item_get_person(LkTrailItem *item);
const struct lk_account_event *lk_trail_item_get_event(LkTrailItem *item);

/* The newest first; for g_ptr_array_sort(). */
int lk_trail_item_compare(gconstpointer a, gconstpointer b);

G_END_DECLS
