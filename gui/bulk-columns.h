/* The columns of a list of accounts that are reset. */
#pragma once

#include <gtk/gtk.h>

/* Appends them to VIEW. The one returned has the passwords, is hidden, and stays VIEW's. */
GtkColumnViewColumn *lk_bulk_columns_add(GtkColumnView *view);
