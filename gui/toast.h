/* Short news at the bottom of the window. */
#pragma once

#include <gtk/gtk.h>

/* Shows TEXT in the window that FROM belongs to, or, where that is a dialog without a place for it, in the one above. */
void lk_toast(GtkWidget *from, const char *text);
