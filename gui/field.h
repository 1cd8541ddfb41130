/* What people have typed into a field. */
#pragma once

#include <gtk/gtk.h>

/* The text of FIELD without spaces around it; NULL where there is none. Free it with g_free(). */
char *lk_field_text(GtkEditable *field);
