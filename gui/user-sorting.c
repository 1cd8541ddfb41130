#include "user-sorting.h"

#include "user.h"

#define PROPERTY "property"

/* GTK tells the column only since 4.10. Until then its sorter is asked to compare two users: the first column that it asks in turn is
 * the one, and says that the first user is the smaller. */
static GtkColumnViewColumn *asked;

static int compare_cb(gconstpointer one, gconstpointer other, gpointer column)
{
	(void)one, (void)other;
	if (asked == NULL)
		asked = column;
	return GTK_ORDERING_SMALLER;
}

GtkColumnViewColumn *lk_user_sorting_get(GtkColumnView *view, gboolean *ret_descending)
{
	GtkSorter *sorter = gtk_column_view_get_sorter(view);
	g_autoptr(LkUser) one = lk_user_new();
	g_autoptr(LkUser) other = lk_user_new();

	asked = NULL;
	*ret_descending = sorter != NULL && gtk_sorter_compare(sorter, one, other) == GTK_ORDERING_LARGER;
	return asked;
}

void lk_user_sorting_offer(GtkColumnViewColumn *column, const char *property)
{
	g_autoptr(GtkSorter) sorter = GTK_SORTER(gtk_custom_sorter_new(compare_cb, column, NULL));

	g_object_set_data(G_OBJECT(column), PROPERTY, (gpointer)property);
	gtk_column_view_column_set_sorter(column, sorter);
}

const char *lk_user_sorting_property(GtkColumnViewColumn *column)
{
	return g_object_get_data(G_OBJECT(column), PROPERTY);
}

/* -- The menu -- */

static GtkColumnViewColumn *find_column(GtkColumnView *view, const char *property)
{
	GListModel *columns = gtk_column_view_get_columns(view);

	for (guint i = 0; i < g_list_model_get_n_items(columns); i++) {
		g_autoptr(GtkColumnViewColumn) column = g_list_model_get_item(columns, i);
		if (g_strcmp0(lk_user_sorting_property(column), property) == 0)
			return column;
	}
	return NULL;
}

static void set_order(GtkColumnView *view, GtkColumnViewColumn *column, gboolean descending)
{
	/* Else the new column comes on top of the earlier one, and the same one turns round. */
	gtk_column_view_sort_by_column(view, NULL, GTK_SORT_ASCENDING);
	if (column != NULL)
		gtk_column_view_sort_by_column(view, column, descending ? GTK_SORT_DESCENDING : GTK_SORT_ASCENDING);
}

static void sort_cb(GSimpleAction *action, GVariant *property, gpointer view)
{
	gboolean descending;

	(void)action;
	lk_user_sorting_get(view, &descending);
	set_order(view, find_column(view, g_variant_get_string(property, NULL)), descending);
}

static void descending_cb(GSimpleAction *action, GVariant *wanted, gpointer view)
{
	gboolean descending;
	GtkColumnViewColumn *column = lk_user_sorting_get(view, &descending);

	(void)action;
	if (column != NULL)
		set_order(view, column, g_variant_get_boolean(wanted));
}

/* The menu shows what the heads do. */
static void show_order_cb(GActionMap *actions, GtkSorterChange change, GtkSorter *sorter)
{
	GtkColumnView *view = g_object_get_data(G_OBJECT(actions), "view");
	gboolean is_descending;
	GtkColumnViewColumn *column = lk_user_sorting_get(view, &is_descending);
	GAction *sort = g_action_map_lookup_action(actions, "sort");
	GAction *descending = g_action_map_lookup_action(actions, "descending");
	const char *property = column == NULL ? "" : lk_user_sorting_property(column);

	(void)change, (void)sorter;
	g_simple_action_set_state(G_SIMPLE_ACTION(sort), g_variant_new_string(property));
	g_simple_action_set_state(G_SIMPLE_ACTION(descending), g_variant_new_boolean(is_descending));
	g_simple_action_set_enabled(G_SIMPLE_ACTION(descending), column != NULL);
}

void lk_user_sorting_add(GtkColumnView *view, GActionMap *actions)
{
	g_autoptr(GSimpleAction) sort =
		g_simple_action_new_stateful("sort", G_VARIANT_TYPE_STRING, g_variant_new_string(""));
	g_autoptr(GSimpleAction) descending =
		g_simple_action_new_stateful("descending", NULL, g_variant_new_boolean(FALSE));

	g_signal_connect_object(sort, "change-state", G_CALLBACK(sort_cb), view, 0);
	g_signal_connect_object(descending, "change-state", G_CALLBACK(descending_cb), view, 0);
	g_simple_action_set_enabled(descending, FALSE);
	g_action_map_add_action(actions, G_ACTION(sort));
	g_action_map_add_action(actions, G_ACTION(descending));
	g_object_set_data(G_OBJECT(actions), "view", view);
	g_signal_connect_object(
		gtk_column_view_get_sorter(view), "changed", G_CALLBACK(show_order_cb), actions, G_CONNECT_SWAPPED);
}
