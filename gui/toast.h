/* Short news at the bottom of the window. */
#pragma once

#include <gtk/gtk.h>

/* Shows TEXT in the window that FROM belongs to, or that a dialog of it belongs to. */
void lk_toast(GtkWidget *from, const char *text);
