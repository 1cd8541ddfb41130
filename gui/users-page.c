#include "users-page.h"

#include <glib/gi18n.h>

#include "drop-down.h"
#include "text.h"
#include "times.h"
#include "user-columns.h"
#include "user-count.h"
#include "user-list.h"
#include "user-meant.h"
#include "user-pane.h"
#include "user-scope.h"
#include "user-sorting.h"
#include "users-acts.h"

struct _LkUsersPage {
	AdwBin parent_instance;

	AdwFlap *flap;
	GtkEditable *search;
	GtkDropDown *scope;
	GtkDropDown *state;
	GtkMenuButton *columns;
	GtkStack *stack;
	GtkColumnView *view;
	AdwStatusPage *empty;
	AdwStatusPage *error;
	GtkLabel *count;
	GtkWidget *reset_selected;

	LkSession *session;
	LkUserPane *pane;
	LkUserList *list;
	LkUser *awaited; /* is opened once it is read; or NULL */
	GtkSelectionModel *selection;
	char *preedit; /* what an input method is composing in the search; or NULL */
	gboolean too_many; /* to be sorted, which was asked for */
	gboolean open_first; /* Enter was pressed before the answer came */
};

G_DEFINE_FINAL_TYPE(LkUsersPage, lk_users_page, ADW_TYPE_BIN)

/* -- What is shown -- */

static const char *page_name(LkUsersPage *self)
{
	guint count = g_list_model_get_n_items(G_LIST_MODEL(self->list));

	if (count > 0)
		return "list";
	if (lk_user_list_get_error(self->list) != NULL)
		return "error";
	return lk_user_list_get_busy(self->list) ? "list" : "empty";
}

static void open_user(LkUsersPage *self, LkUser *user);

static void read_cb(LkUsersPage *self, GParamSpec *spec, LkUser *user)
{
	(void)spec;
	g_signal_handlers_disconnect_by_func(user, read_cb, self);
	if (self->awaited == user)
		open_user(self, user);
}

/* What has just been scrolled to may still be on its way. */
static void open_user(LkUsersPage *self, LkUser *user)
{
	g_clear_object(&self->awaited);
	if (lk_user_get_person(user) == NULL) {
		self->awaited = g_object_ref(user);
		g_signal_connect_object(user, "notify::name", G_CALLBACK(read_cb), self, G_CONNECT_SWAPPED);
		return;
	}
	lk_user_pane_open(self->pane, user);
	adw_flap_set_reveal_flap(self->flap, TRUE);
}

/* Who types a user name and presses Enter means that user, and nobody whose name only begins like it. */
static void open_first(LkUsersPage *self)
{
	guint place = lk_user_meant(G_LIST_MODEL(self->list), gtk_editable_get_text(self->search));
	g_autoptr(LkUser) user = g_list_model_get_item(G_LIST_MODEL(self->list), place);

	self->open_first = FALSE;
	if (user == NULL)
		return;
	gtk_selection_model_select_item(self->selection, place, TRUE);
	open_user(self, user);
	lk_user_pane_focus_reset(self->pane);
}

/* A head that says so where it is not would be a lie. */
static void check_sorted(LkUsersPage *self)
{
	gboolean descending;

	if (lk_user_list_get_busy(self->list) || lk_user_list_get_error(self->list) != NULL ||
		lk_user_list_is_sorted(self->list) || lk_user_sorting_get(self->view, &descending) == NULL)
		return;
	self->too_many = TRUE;
	gtk_column_view_sort_by_column(self->view, NULL, GTK_SORT_ASCENDING);
}

static void update_cb(LkUsersPage *self)
{
	const GError *error = lk_user_list_get_error(self->list);

	if (!lk_user_list_get_busy(self->list))
		lk_times_note("rows", g_list_model_get_n_items(G_LIST_MODEL(self->list)));
	g_autofree char *text =
		error == NULL ? lk_user_count_text(self->list, self->view, self->too_many) : g_strdup(error->message);

	gtk_label_set_label(self->count, text);
	adw_status_page_set_description(self->error, error == NULL ? NULL : error->message);
	gtk_stack_set_visible_child_name(self->stack, page_name(self));
	if (self->open_first && !lk_user_list_get_busy(self->list))
		open_first(self);
	check_sorted(self);
}

static void sorted_cb(LkUsersPage *self)
{
	gboolean descending;

	/* A view that goes lets go of its columns one by one. */
	if (self->list == NULL)
		return;
	GtkColumnViewColumn *column = lk_user_sorting_get(self->view, &descending);
	self->too_many = self->too_many && column == NULL;
	lk_user_list_sort(self->list, column == NULL ? NULL : lk_user_sorting_property(column), descending);
}

/* -- Callbacks -- */

static void search_cb(LkUsersPage *self)
{
	g_autofree char *typed =
		lk_filter_typed(gtk_editable_get_text(self->search), gtk_editable_get_position(self->search), self->preedit);

	self->open_first = FALSE;
	self->too_many = FALSE;
	lk_times_note("typed", 0);
	adw_status_page_set_description(self->empty,
		lk_filter_is_initials(typed) ? _("Names are not found by their initial consonants. Type the whole syllables.")
									 : _("Try another spelling, or show all users."));
	if (self->list != NULL)
		lk_user_list_search(self->list, typed, (enum lk_filter_state)gtk_drop_down_get_selected(self->state),
			lk_user_scope_get(self->scope));
}

/* The syllable that is still being composed is searched for as well. */
static void preedit_cb(LkUsersPage *self, const char *preedit)
{
	g_free(self->preedit);
	self->preedit = g_strdup(preedit);
	search_cb(self);
}

/* The answer to what was typed last may still be under way. */
static void search_activated_cb(LkUsersPage *self)
{
	if (lk_user_list_get_busy(self->list))
		self->open_first = TRUE;
	else
		open_first(self);
}

static void search_stopped_cb(LkUsersPage *self)
{
	gtk_editable_set_text(self->search, "");
}

static void row_activated_cb(LkUsersPage *self, guint position)
{
	g_autoptr(LkUser) user = g_list_model_get_item(G_LIST_MODEL(self->list), position);

	if (user != NULL)
		open_user(self, user);
}

static void show_selected(LkUsersPage *self, guint64 count)
{
	char number[24];

	g_snprintf(number, sizeof number, "%" G_GUINT64_FORMAT, count);
	g_autofree char *label = lk_text_fill(_("Reset the {number} selected…"), "number", number, NULL);
	gtk_button_set_label(GTK_BUTTON(self->reset_selected), label);
	/* On a telephone the words give way, and not what they are about. */
	gtk_label_set_ellipsize(GTK_LABEL(gtk_button_get_child(GTK_BUTTON(self->reset_selected))), PANGO_ELLIPSIZE_END);
	gtk_widget_set_visible(self->reset_selected, count > 1);
	gtk_widget_action_set_enabled(GTK_WIDGET(self), "users.reset-several", count > 1);
}

/* With the details open, they follow the selection. */
static void selection_cb(LkUsersPage *self)
{
	g_autoptr(GtkBitset) selected = gtk_selection_model_get_selection(self->selection);

	show_selected(self, gtk_bitset_get_size(selected));
	if (adw_flap_get_reveal_flap(self->flap) && gtk_bitset_get_size(selected) == 1)
		row_activated_cb(self, gtk_bitset_get_minimum(selected));
}

static void closed_cb(LkUsersPage *self)
{
	adw_flap_set_reveal_flap(self->flap, FALSE);
	gtk_widget_grab_focus(GTK_WIDGET(self->search));
}

/* -- Actions -- */

static void refresh_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	(void)name, (void)parameter;
	lk_user_list_refresh(LK_USERS_PAGE(widget)->list);
}

static void find_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	(void)name, (void)parameter;
	gtk_widget_grab_focus(GTK_WIDGET(LK_USERS_PAGE(widget)->search));
}

static gboolean are_several(LkUsersPage *self)
{
	g_autoptr(GtkBitset) selected = gtk_selection_model_get_selection(self->selection);

	return gtk_bitset_get_size(selected) > 1;
}

static void reset_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	LkUsersPage *self = LK_USERS_PAGE(widget);

	(void)name, (void)parameter;
	if (are_several(self))
		gtk_widget_activate_action(widget, "users.reset-several", NULL);
	else
		gtk_widget_activate_action(GTK_WIDGET(self->pane), "user.reset", NULL);
}

static void reset_several_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	LkUsersPage *self = LK_USERS_PAGE(widget);

	(void)name, (void)parameter;
	lk_users_reset_selected(widget, self->session, self->list, self->selection);
}

static void reset_list_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	LkUsersPage *self = LK_USERS_PAGE(widget);

	(void)name, (void)parameter;
	lk_users_reset_listed(widget, self->session, self->list);
}

static void add_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	LkUsersPage *self = LK_USERS_PAGE(widget);

	(void)name, (void)parameter;
	lk_users_add(widget, self->session, self->list, self->selection);
}

static void export_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	LkUsersPage *self = LK_USERS_PAGE(widget);

	(void)name, (void)parameter;
	lk_users_save(widget, self->session, self->list);
}

/* -- Overrides -- */

static void lk_users_page_map(GtkWidget *widget)
{
	g_autoptr(GSettings) settings = g_settings_new(LK_APPLICATION_ID);

	GTK_WIDGET_CLASS(lk_users_page_parent_class)->map(widget);
	gtk_widget_grab_focus(GTK_WIDGET(LK_USERS_PAGE(widget)->search));
	lk_user_list_watch(LK_USERS_PAGE(widget)->list, g_settings_get_uint(settings, "look-seconds"));
}

static void lk_users_page_unmap(GtkWidget *widget)
{
	LkUserList *list = LK_USERS_PAGE(widget)->list;

	if (list != NULL)
		lk_user_list_watch(list, 0);
	GTK_WIDGET_CLASS(lk_users_page_parent_class)->unmap(widget);
}

static void lk_users_page_dispose(GObject *object)
{
	LkUsersPage *self = LK_USERS_PAGE(object);

	g_clear_pointer(&self->preedit, g_free);
	g_clear_object(&self->awaited);
	g_clear_object(&self->selection);
	g_clear_object(&self->list);
	g_clear_object(&self->session);
	G_OBJECT_CLASS(lk_users_page_parent_class)->dispose(object);
}

static void lk_users_page_class_init(LkUsersPageClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	G_OBJECT_CLASS(class)->dispose = lk_users_page_dispose;
	widget_class->map = lk_users_page_map;
	widget_class->unmap = lk_users_page_unmap;
	gtk_widget_class_set_template_from_resource(widget_class, LK_RESOURCES "/users-page.ui");
	gtk_widget_class_bind_template_child(widget_class, LkUsersPage, flap);
	gtk_widget_class_bind_template_child(widget_class, LkUsersPage, search);
	gtk_widget_class_bind_template_child(widget_class, LkUsersPage, scope);
	gtk_widget_class_bind_template_child(widget_class, LkUsersPage, state);
	gtk_widget_class_bind_template_child(widget_class, LkUsersPage, columns);
	gtk_widget_class_bind_template_child(widget_class, LkUsersPage, stack);
	gtk_widget_class_bind_template_child(widget_class, LkUsersPage, view);
	gtk_widget_class_bind_template_child(widget_class, LkUsersPage, empty);
	gtk_widget_class_bind_template_child(widget_class, LkUsersPage, error);
	gtk_widget_class_bind_template_child(widget_class, LkUsersPage, count);
	gtk_widget_class_bind_template_child(widget_class, LkUsersPage, reset_selected);
	gtk_widget_class_bind_template_callback(widget_class, search_cb);
	gtk_widget_class_bind_template_callback(widget_class, search_activated_cb);
	gtk_widget_class_bind_template_callback(widget_class, search_stopped_cb);
	gtk_widget_class_bind_template_callback(widget_class, row_activated_cb);
	gtk_widget_class_install_action(widget_class, "users.refresh", NULL, refresh_action);
	gtk_widget_class_install_action(widget_class, "users.find", NULL, find_action);
	gtk_widget_class_install_action(widget_class, "users.export", NULL, export_action);
	gtk_widget_class_install_action(widget_class, "users.reset", NULL, reset_action);
	gtk_widget_class_install_action(widget_class, "users.add", NULL, add_action);
	gtk_widget_class_install_action(widget_class, "users.reset-several", NULL, reset_several_action);
	gtk_widget_class_install_action(widget_class, "users.reset-list", NULL, reset_list_action);
	gtk_widget_class_add_binding_action(widget_class, GDK_KEY_r, GDK_CONTROL_MASK, "users.reset", NULL);
	gtk_widget_class_add_binding_action(
		widget_class, GDK_KEY_r, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "users.reset-list", NULL);
	gtk_widget_class_add_binding_action(widget_class, GDK_KEY_n, GDK_CONTROL_MASK, "users.add", NULL);
	gtk_widget_class_add_binding_action(widget_class, GDK_KEY_F5, 0, "users.refresh", NULL);
	gtk_widget_class_add_binding_action(widget_class, GDK_KEY_f, GDK_CONTROL_MASK, "users.find", NULL);
}

static void lk_users_page_init(LkUsersPage *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
	g_autoptr(GMenuModel) columns = lk_user_columns_add(self->view, GTK_WIDGET(self));
	gtk_menu_button_set_menu_model(self->columns, columns);
	lk_drop_down_give_way(self->state, PANGO_ELLIPSIZE_END, -1);
}

LkUsersPage *lk_users_page_new(void)
{
	return g_object_new(LK_TYPE_USERS_PAGE, NULL);
}

void lk_users_page_open(LkUsersPage *self, LkSession *session)
{
	self->session = g_object_ref(session);
	self->list = lk_user_list_new(session);
	self->selection = GTK_SELECTION_MODEL(gtk_multi_selection_new(g_object_ref(G_LIST_MODEL(self->list))));
	gtk_column_view_set_model(self->view, self->selection);
	self->pane = lk_user_pane_new(session, TRUE);
	gtk_widget_set_size_request(GTK_WIDGET(self->pane), 340, -1);
	gtk_widget_set_hexpand(GTK_WIDGET(self->pane), FALSE);
	adw_flap_set_flap(self->flap, GTK_WIDGET(self->pane));
	g_signal_connect_object(self->list, "notify", G_CALLBACK(update_cb), self, G_CONNECT_SWAPPED);
	g_signal_connect_object(
		gtk_column_view_get_sorter(self->view), "changed", G_CALLBACK(sorted_cb), self, G_CONNECT_SWAPPED);
	g_signal_connect_object(self->selection, "selection-changed", G_CALLBACK(selection_cb), self, G_CONNECT_SWAPPED);
	g_signal_connect_object(self->pane, "closed", G_CALLBACK(closed_cb), self, G_CONNECT_SWAPPED);
	g_signal_connect_object(
		gtk_editable_get_delegate(self->search), "preedit-changed", G_CALLBACK(preedit_cb), self, G_CONNECT_SWAPPED);
	show_selected(self, 0);
	search_cb(self);
	lk_user_scope_fill(self->scope, session);
}
