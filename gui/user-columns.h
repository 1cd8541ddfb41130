/* The columns of the list of users. */
#pragma once

#include <gtk/gtk.h>

#include "user.h"

/* Appends them to VIEW. */
void lk_user_columns_add(GtkColumnView *view);

/* Appends their titles, or what they say of USER, as a row of a table of csv.h. */
void lk_user_columns_append_titles(GString *table);
void lk_user_columns_append(GString *table, LkUser *user);
