#include "user-columns.h"

#include <glib/gi18n.h>

#include "csv.h"

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

static void setup_cb(GtkSignalListItemFactory *factory, GtkListItem *item)
{
	GtkWidget *label = gtk_label_new(NULL);

	(void)factory;
	gtk_label_set_xalign(GTK_LABEL(label), 0);
	gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
	gtk_list_item_set_child(item, label);
}

static void bind_cb(GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
	const char *property = user_data;
	GBinding *binding = g_object_bind_property(
		gtk_list_item_get_item(item), property, gtk_list_item_get_child(item), "label", G_BINDING_SYNC_CREATE);

	(void)factory;
	g_object_set_data(G_OBJECT(item), "binding", binding);
}

static void unbind_cb(GtkSignalListItemFactory *factory, GtkListItem *item)
{
	GBinding *binding = g_object_steal_data(G_OBJECT(item), "binding");

	(void)factory;
	if (binding != NULL)
		g_binding_unbind(binding);
}

static GtkListItemFactory *make_factory(const char *property)
{
	GtkListItemFactory *factory = gtk_signal_list_item_factory_new();

	g_signal_connect(factory, "setup", G_CALLBACK(setup_cb), NULL);
	g_signal_connect(factory, "bind", G_CALLBACK(bind_cb), (gpointer)property);
	g_signal_connect(factory, "unbind", G_CALLBACK(unbind_cb), NULL);
	return factory;
}

void lk_user_columns_add(GtkColumnView *view)
{
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		GtkColumnViewColumn *column = gtk_column_view_column_new(_(table[i].title), make_factory(table[i].property));
		gtk_column_view_column_set_resizable(column, TRUE);
		gtk_column_view_column_set_fixed_width(column, table[i].width);
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
