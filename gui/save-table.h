/* Saving a table where the reader wants it. */
#pragma once

#include <gtk/gtk.h>

/* Asks above the window of FROM where to save TABLE (of csv.h), which is taken over and erased, with TITLE and the proposal NAME for
 * the file; only its owner may read it. Says in a toast that it was SAVED, or why not. */
void lk_save_table(GtkWidget *from, const char *title, const char *name, GString *table, const char *saved);
