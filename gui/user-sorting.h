/* Which column a list of users is sorted by: by a click on its head, or by the menu of the columns, which keys reach. */
#pragma once

#include <gtk/gtk.h>

/* Has COLUMN, which shows PROPERTY (constant) of LkUser, offer to sort by it. */
void lk_user_sorting_offer(GtkColumnViewColumn *column, const char *property);

/* Adds the actions "sort" and "descending" to ACTIONS for VIEW, which has its columns and outlives them. */
void lk_user_sorting_add(GtkColumnView *view, GActionMap *actions);

/* The column that VIEW is sorted by now, or NULL, and in *RET_DESCENDING which way. */
GtkColumnViewColumn *lk_user_sorting_get(GtkColumnView *view, gboolean *ret_descending);

/* The property that COLUMN shows, as it was offered. */
const char *lk_user_sorting_property(GtkColumnViewColumn *column);
