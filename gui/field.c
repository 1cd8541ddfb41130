#include "field.h"

char *lk_field_text(GtkEditable *field)
{
	char *text = g_strstrip(g_strdup(gtk_editable_get_text(field)));

	if (*text == '\0')
		g_clear_pointer(&text, g_free);
	return text;
}
