#include "users-acts.h"

#include <glib/gi18n.h>

#include "add-dialog.h"
#include "bulk-dialog.h"
#include "bulk-names.h"
#include "dn.h"
#include "save-table.h"
#include "toast.h"
#include "user-reading.h"
#include "user-table.h"

#define MOST_LOOKED_AT 200 /* rows, for where users are */
#define MOST_PLACES 12

/* SIGNAL says that something was done. */
static void open_dialog(GtkWidget *page, GtkWindow *dialog, const char *signal, LkUserList *list)
{
	gtk_window_set_transient_for(dialog, GTK_WINDOW(gtk_widget_get_root(page)));
	g_signal_connect_object(dialog, signal, G_CALLBACK(lk_user_list_refresh), list, G_CONNECT_SWAPPED);
	gtk_window_present(dialog);
}

/* -- Resetting several -- */

/* Rows that are not looked at may hold nobody: they are read before they are named. */
static GPtrArray *peek_selected(LkUserList *list, GtkSelectionModel *selection)
{
	g_autoptr(GtkBitset) selected = gtk_selection_model_get_selection(selection);
	GPtrArray *users = g_ptr_array_new_with_free_func(g_object_unref);
	GtkBitsetIter iter;
	guint position;

	for (gboolean more = gtk_bitset_iter_init_first(&iter, selected, &position);
		 more && users->len < LK_BULK_NAMES_MOST; more = gtk_bitset_iter_next(&iter, &position)) {
		LkUser *user = lk_user_list_peek(list, position);
		if (user != NULL)
			g_ptr_array_add(users, user);
	}
	return users;
}

struct choice {
	GtkWidget *page;
	LkUserList *list;
	GPtrArray *users;
};

static void choice_free(struct choice *choice)
{
	g_ptr_array_unref(choice->users);
	g_object_unref(choice->list);
	g_object_unref(choice->page);
	g_free(choice);
}

static void open_choice(const struct choice *choice, LkSession *session)
{
	g_autoptr(GPtrArray) dns = g_ptr_array_new();

	for (guint i = 0; i < choice->users->len; i++) {
		const struct lk_person *person = lk_user_get_person(choice->users->pdata[i]);
		if (person != NULL)
			g_ptr_array_add(dns, person->account->dn);
	}
	g_ptr_array_add(dns, NULL);
	open_dialog(
		choice->page, GTK_WINDOW(lk_bulk_dialog_new(session, (const char *const *)dns->pdata)), "reset", choice->list);
}

static void chosen_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	struct choice *choice = user_data;
	g_autoptr(GError) error = NULL;
	gboolean read = lk_users_read_finish(result, &error);

	if (!read)
		lk_toast(choice->page, error->message);
	else if (gtk_widget_get_root(choice->page) != NULL)
		open_choice(choice, LK_SESSION(source));
	choice_free(choice);
}

void lk_users_reset_selected(GtkWidget *page, LkSession *session, LkUserList *list, GtkSelectionModel *selection)
{
	struct choice *choice = g_new0(struct choice, 1);

	*choice = (struct choice){
		.page = g_object_ref(page), .list = g_object_ref(list), .users = peek_selected(list, selection)};
	lk_users_read_async(session, choice->users, FALSE, NULL, chosen_cb, choice);
}

void lk_users_reset_listed(GtkWidget *page, LkSession *session, LkUserList *list)
{
	open_dialog(page, GTK_WINDOW(lk_bulk_dialog_new(session, NULL)), "reset", list);
}

/* -- Adding -- */

static void add_place(GPtrArray *places, const struct lk_person *person)
{
	const char *place = person == NULL ? "" : lk_dn_parent(person->account->dn);

	if (*place != '\0' && places->len < MOST_PLACES &&
		!g_ptr_array_find_with_equal_func(places, place, g_str_equal, NULL))
		g_ptr_array_add(places, g_strdup(place));
}

/* New users go where others are: those that are shown, and first of all those that are chosen. */
static char **find_places(LkUserList *list, GtkSelectionModel *selection)
{
	g_autoptr(GtkBitset) selected = gtk_selection_model_get_selection(selection);
	guint count = MIN(g_list_model_get_n_items(G_LIST_MODEL(list)), MOST_LOOKED_AT);
	guint chosen = gtk_bitset_is_empty(selected) ? 0 : gtk_bitset_get_minimum(selected);
	GPtrArray *places = g_ptr_array_new();

	for (guint i = 0; i <= count; i++) {
		g_autoptr(LkUser) user = lk_user_list_peek(list, i == 0 ? chosen : i - 1);
		add_place(places, user == NULL ? NULL : lk_user_get_person(user));
	}
	g_ptr_array_add(places, NULL);
	return (char **)g_ptr_array_free(places, FALSE);
}

void lk_users_add(GtkWidget *page, LkSession *session, LkUserList *list, GtkSelectionModel *selection)
{
	g_auto(GStrv) places = find_places(list, selection);

	open_dialog(page, GTK_WINDOW(lk_add_dialog_new(session, (const char *const *)places)), "added", list);
}

/* -- Saving -- */

static void table_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(GtkWidget) page = user_data;
	g_autoptr(GError) error = NULL;
	GString *table = lk_users_table_finish(result, &error);

	(void)source;
	if (table == NULL)
		lk_toast(page, error->message);
	else
		lk_save_table(page, _("Save what is shown"), _("users.csv"), table, _("The list was saved."));
}

void lk_users_save(GtkWidget *page, LkSession *session, LkUserList *list)
{
	lk_users_table_async(session, list, NULL, table_cb, g_object_ref(page));
}
