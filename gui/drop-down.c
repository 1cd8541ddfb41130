#include "drop-down.h"

struct give_way {
	PangoEllipsizeMode mode;
	int widest;
};

static void free_cb(gpointer data, GClosure *closure)
{
	(void)closure;
	g_free(data);
}

static void setup_cb(GtkSignalListItemFactory *factory, GtkListItem *item, const struct give_way *how)
{
	GtkWidget *label = gtk_label_new(NULL);

	(void)factory;
	gtk_label_set_xalign(GTK_LABEL(label), 0);
	gtk_label_set_ellipsize(GTK_LABEL(label), how->mode);
	gtk_label_set_max_width_chars(GTK_LABEL(label), how->widest);
	gtk_list_item_set_child(item, label);
}

static void bind_cb(GtkSignalListItemFactory *factory, GtkListItem *item)
{
	const char *text = gtk_string_object_get_string(gtk_list_item_get_item(item));
	GtkWidget *label = gtk_list_item_get_child(item);

	(void)factory;
	gtk_label_set_label(GTK_LABEL(label), text);
	gtk_widget_set_tooltip_text(label, text);
}

void lk_drop_down_give_way(GtkDropDown *choice, PangoEllipsizeMode mode, int widest)
{
	g_autoptr(GtkListItemFactory) factory = gtk_signal_list_item_factory_new();
	struct give_way *how = g_new0(struct give_way, 1);

	*how = (struct give_way){.mode = mode, .widest = widest};
	g_signal_connect_data(factory, "setup", G_CALLBACK(setup_cb), how, free_cb, 0);
	g_signal_connect(factory, "bind", G_CALLBACK(bind_cb), NULL);
	if (widest < 0)
		gtk_drop_down_set_list_factory(choice, gtk_drop_down_get_factory(choice));
	gtk_drop_down_set_factory(choice, factory);
}
