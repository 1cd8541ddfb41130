/* The columns of the list of users. */
#pragma once

#include <gtk/gtk.h>

#include "user.h"

/* Appends them to VIEW; those are shown that the reader wants (setting "hidden-columns"). Returns the menu that chooses them, which
 * stands at their heads as well; its actions are the group "columns" of HOLDER, which VIEW is in. Free it with g_object_unref(). */
GMenuModel *lk_user_columns_add(GtkColumnView *view, GtkWidget *holder);

/* Appends their titles, or what they say of USER, as a row of a table of csv.h. */
void lk_user_columns_append_titles(GString *table);
void lk_user_columns_append(GString *table, LkUser *user);
