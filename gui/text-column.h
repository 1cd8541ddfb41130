/* A column of a list whose cells are text. */
#pragma once

#include <gtk/gtk.h>

/* A column of this TITLE, WIDTH pixels wide (more where letters are large), that shows PROPERTY (constant; a string) of
 * each item, on a line or, where it WRAPS, on several. Free it with g_object_unref(). */
GtkColumnViewColumn *lk_text_column_new(const char *title, const char *property, int width, gboolean wraps);
