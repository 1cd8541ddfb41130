#include "user-columns.h"

#include <glib/gi18n.h>

#include "csv.h"
#include "text-column.h"

static const struct {
	const char *property, *title;
	int width; /* pixels */
} table[] = {
	{"name", N_("Name"), 140},
	{"login", N_("User name"), 110},
	{"mail", N_("Mail"), 180},
	{"department", N_("Department"), 110},
	{"number", N_("Employee number"), 120},
	{"state", N_("State"), 190},
	{"last-message", N_("Last mail"), 260},
};

void lk_user_columns_add(GtkColumnView *view)
{
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		GtkColumnViewColumn *column = lk_text_column_new(_(table[i].title), table[i].property, table[i].width, FALSE);
		gtk_column_view_append_column(view, column);
		g_object_unref(column);
	}
}

void lk_user_columns_append_titles(GString *text)
{
	const char *cells[G_N_ELEMENTS(table) + 1] = {NULL};

	for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
		cells[i] = _(table[i].title);
	lk_csv_append(text, cells);
}

void lk_user_columns_append(GString *text, LkUser *user)
{
	char *cells[G_N_ELEMENTS(table) + 1] = {NULL};

	for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
		g_object_get(user, table[i].property, &cells[i], NULL);
	lk_csv_append(text, (const char *const *)cells);
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
		g_free(cells[i]);
}
