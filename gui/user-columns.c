#include "user-columns.h"

#include <glib/gi18n.h>
#include <string.h>

#include "csv.h"
#include "text-column.h"
#include "user-sorting.h"

static const struct {
	const char *property, *title;
	int width; /* pixels */
} table[] = {
	{"name", N_("Name"), 130},
	{"login", N_("User name"), 100},
	{"mail", N_("Mail"), 170},
	{"department", N_("Department"), 100},
	{"number", N_("Employee number"), 120},
	{"title", N_("Job title"), 120},
	{"role", N_("Role"), 170},
	{"state", N_("State"), 140},
	{"last-sign-in", N_("Last sign-in"), 150},
	{"last-message", N_("Last mail"), 210},
};

/* The name tells whose row it is. */
#define ALWAYS_SHOWN 0

#define HIDDEN "hidden-columns"

/* -- The menu -- */

static GMenuModel *make_shown_menu(void)
{
	GMenu *menu = g_menu_new();

	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autofree char *action = g_strconcat("columns.", table[i].property, NULL);
		if (i != ALWAYS_SHOWN)
			g_menu_append(menu, _(table[i].title), action);
	}
	return G_MENU_MODEL(menu);
}

static GMenuModel *make_sort_menu(void)
{
	GMenu *menu = g_menu_new();

	g_menu_append(menu, _("Default order"), "columns.sort::");
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autofree char *action = g_strconcat("columns.sort::", table[i].property, NULL);
		g_menu_append(menu, _(table[i].title), action);
	}
	g_menu_append(menu, _("Descending order"), "columns.descending");
	return G_MENU_MODEL(menu);
}

static GMenuModel *make_menu(void)
{
	GMenu *menu = g_menu_new();
	g_autoptr(GMenuModel) shown = make_shown_menu();
	g_autoptr(GMenuModel) sort = make_sort_menu();

	g_menu_append_submenu(menu, _("Sort by"), sort);
	g_menu_append_section(menu, NULL, shown);
	return G_MENU_MODEL(menu);
}

/* -- Which are shown -- */

static void visible_cb(GtkColumnViewColumn *column, GParamSpec *spec, const char *property)
{
	g_autoptr(GSettings) settings = g_settings_new(LK_APPLICATION_ID);
	g_auto(GStrv) before = g_settings_get_strv(settings, HIDDEN);
	g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

	(void)spec;
	for (char **at = before; *at != NULL; at++) {
		if (strcmp(*at, property) != 0)
			g_strv_builder_add(builder, *at);
	}
	if (!gtk_column_view_column_get_visible(column))
		g_strv_builder_add(builder, property);
	g_auto(GStrv) hidden = g_strv_builder_end(builder);
	g_settings_set_strv(settings, HIDDEN, (const char *const *)hidden);
}

static void offer(GtkColumnViewColumn *column, size_t index, GActionMap *actions, GMenuModel *menu)
{
	gtk_column_view_column_set_header_menu(column, menu);
	if (index == ALWAYS_SHOWN)
		return;
	g_autoptr(GPropertyAction) action = g_property_action_new(table[index].property, column, "visible");
	g_action_map_add_action(actions, G_ACTION(action));
	g_signal_connect(column, "notify::visible", G_CALLBACK(visible_cb), (gpointer)table[index].property);
}

GMenuModel *lk_user_columns_add(GtkColumnView *view, GtkWidget *holder)
{
	g_autoptr(GSettings) settings = g_settings_new(LK_APPLICATION_ID);
	g_auto(GStrv) hidden = g_settings_get_strv(settings, HIDDEN);
	g_autoptr(GSimpleActionGroup) actions = g_simple_action_group_new();
	GMenuModel *menu = make_menu();

	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autoptr(GtkColumnViewColumn) column =
			lk_text_column_new(_(table[i].title), table[i].property, table[i].width, FALSE);
		gtk_column_view_column_set_visible(
			column, i == ALWAYS_SHOWN || !g_strv_contains((const char *const *)hidden, table[i].property));
		gtk_column_view_append_column(view, column);
		lk_user_sorting_offer(column, table[i].property);
		offer(column, i, G_ACTION_MAP(actions), menu);
	}
	lk_user_sorting_add(view, G_ACTION_MAP(actions));
	gtk_widget_insert_action_group(holder, "columns", G_ACTION_GROUP(actions));
	return menu;
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
