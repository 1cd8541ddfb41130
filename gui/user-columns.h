/* The columns of the list of users. */
#pragma once

#include <gtk/gtk.h>

/* Appends them to VIEW. */
void lk_user_columns_add(GtkColumnView *view);
