#include "text-column.h"

#include "labels.h"

static void setup_cb(GtkSignalListItemFactory *factory, GtkListItem *item)
{
	GtkWidget *label = gtk_label_new(NULL);

	(void)factory;
	gtk_label_set_xalign(GTK_LABEL(label), 0);
	gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
	gtk_list_item_set_child(item, label);
}

static void setup_wrapping_cb(GtkSignalListItemFactory *factory, GtkListItem *item)
{
	setup_cb(factory, item);
	GtkLabel *label = GTK_LABEL(gtk_list_item_get_child(item));
	gtk_label_set_wrap(label, TRUE);
	gtk_label_set_wrap_mode(label, PANGO_WRAP_WORD_CHAR);
	lk_labels_settle(GTK_WIDGET(label));
	gtk_label_set_ellipsize(label, PANGO_ELLIPSIZE_NONE);
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

GtkColumnViewColumn *lk_text_column_new(const char *title, const char *property, int width, gboolean wraps)
{
	GtkListItemFactory *factory = gtk_signal_list_item_factory_new();
	GtkColumnViewColumn *column = gtk_column_view_column_new(title, factory);

	g_signal_connect(factory, "setup", wraps ? G_CALLBACK(setup_wrapping_cb) : G_CALLBACK(setup_cb), NULL);
	g_signal_connect(factory, "bind", G_CALLBACK(bind_cb), (gpointer)property);
	g_signal_connect(factory, "unbind", G_CALLBACK(unbind_cb), NULL);
	gtk_column_view_column_set_resizable(column, TRUE);
	gtk_column_view_column_set_fixed_width(column, (int)(width * lk_labels_scale()));
	return column;
}
