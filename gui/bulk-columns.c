#include "bulk-columns.h"

#include <glib/gi18n.h>

#include "text-column.h"

static GtkColumnViewColumn *append(
	GtkColumnView *view, const char *title, const char *property, int width, gboolean wraps)
{
	GtkColumnViewColumn *column = lk_text_column_new(title, property, width, wraps);

	gtk_column_view_append_column(view, column);
	g_object_unref(column);
	return column;
}

GtkColumnViewColumn *lk_bulk_columns_add(GtkColumnView *view)
{
	append(view, _("Name"), "name", 120, FALSE);
	append(view, _("User name"), "login", 120, FALSE);
	append(view, _("Result"), "result", 380, TRUE);
	GtkColumnViewColumn *password = append(view, _("Password"), "password", 200, FALSE);
	append(view, _("Department, job title, number"), "apart", 200, FALSE);

	gtk_column_view_column_set_visible(password, FALSE);
	return password;
}
