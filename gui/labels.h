/* What all windows need done to their labels once they are made: for screen readers, and for letters that are larger
 * than usual. */
#pragma once

#include <gtk/gtk.h>

/* How much larger the letters of this display are than those that windows are laid out for; 1 for as large. */
double lk_labels_scale(void);

/* Has every window settled when it is shown. To be called once. */
void lk_labels_watch(void);

/* Below WIDGET, names buttons without the underscore that marks their key, and breaks lines without adding hyphens;
 * and, where letters are large, lets it become as narrow as a telephone: titles stand below the heads of dialogs,
 * buttons break their lines and stand below what they are about, and what is too wide even so can be scrolled sideways. For what is put into a window later; may be done twice. */
void lk_labels_settle(GtkWidget *widget);
