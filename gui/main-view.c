#include "main-view.h"

#include <glib/gi18n.h>

#include "account-page.h"
#include "events-page.h"
#include "follow-up-page.h"
#include "labels.h"
#include "policies-page.h"
#include "reminder.h"
#include "text.h"
#include "users-page.h"

struct _LkMainView {
	AdwBin parent_instance;

	AdwLeaflet *leaflet;
	AdwWindowTitle *title;
	GtkListBox *names;
	GtkWidget *content;
	AdwWindowTitle *page_title;
	GtkStack *pages;

	LkUsersPage *users; /* made ahead: it is looked at first */
	LkSession *session;
	LkFollowUps *follow_ups; /* NULL for who has no role */
	GtkLabel *count; /* of what is to be followed up, in the sidebar; or NULL */
	GtkWidget *reminder; /* beside "My account", until there is a second way back in */
	GCancellable *asking; /* whether to show it */
};

G_DEFINE_FINAL_TYPE(LkMainView, lk_main_view, ADW_TYPE_BIN)

/* Who only reads sees the same pages: what they may not do is said where it is done. */
#define ANY_ROLE (LK_ROLES_GLOBAL | LK_ROLES_PASSWORD | LK_ROLES_AUDITOR)

static GtkWidget *new_users_page(LkMainView *self)
{
	lk_users_page_open(self->users, self->session);
	return GTK_WIDGET(self->users);
}

static GtkWidget *new_follow_up_page(LkMainView *self)
{
	return GTK_WIDGET(lk_follow_up_page_new(self->session, self->follow_ups));
}

static GtkWidget *new_policies_page(LkMainView *self)
{
	return GTK_WIDGET(lk_policies_page_new(self->session));
}

static GtkWidget *new_events_page(LkMainView *self)
{
	return GTK_WIDGET(lk_events_page_new(self->session));
}

static void remind(LkMainView *self, gboolean reminds)
{
	gtk_widget_set_visible(self->reminder, reminds);
}

static GtkWidget *new_account_page(LkMainView *self)
{
	LkAccountPage *page = lk_account_page_new(self->session);

	g_signal_connect_object(page, "reminds", G_CALLBACK(remind), self, G_CONNECT_SWAPPED);
	return GTK_WIDGET(page);
}

static const struct {
	const char *title;
	const char *icon;
	unsigned roles; /* one of these is needed; 0: nobody is kept from it */
	GtkWidget *(*make)(LkMainView *self);
} table[] = {
	{N_("Active users"), "system-users-symbolic", ANY_ROLE, new_users_page},
	{N_("Follow up"), "mail-unread-symbolic", ANY_ROLE, new_follow_up_page},
	{N_("Policies"), "security-high-symbolic", ANY_ROLE, new_policies_page},
	{N_("Events"), "document-open-recent-symbolic", ANY_ROLE, new_events_page},
	{N_("My account"), "avatar-default-symbolic", 0, new_account_page},
};

/* -- Follow up -- */

static void count_cb(LkMainView *self)
{
	guint count = g_list_model_get_n_items(G_LIST_MODEL(self->follow_ups));
	char number[16];

	g_snprintf(number, sizeof number, "%u", count);
	gtk_label_set_label(self->count, number);
	gtk_widget_set_visible(GTK_WIDGET(self->count), count > 0);
}

/* The desktop shows it also where the window is hidden: it names the user, and nothing secret. */
static void failed_cb(LkMainView *self, LkMatter *matter)
{
	const struct lk_person *person = lk_user_get_person(lk_matter_get_user(matter));
	g_autoptr(GNotification) notification = g_notification_new(_("A mail could not be delivered"));
	g_autofree char *text =
		lk_text_fill(_("It was about {name}. See “Follow up”."), "name", lk_person_name(person), NULL);
	(void)self;

	g_notification_set_body(notification, text);
	g_application_send_notification(g_application_get_default(), lk_matter_get_key(matter), notification);
}

static void watch_follow_ups(LkMainView *self)
{
	self->follow_ups = lk_follow_ups_new(self->session);
	g_signal_connect_object(self->follow_ups, "items-changed", G_CALLBACK(count_cb), self, G_CONNECT_SWAPPED);
	g_signal_connect_object(self->follow_ups, "failed", G_CALLBACK(failed_cb), self, G_CONNECT_SWAPPED);
}

static GtkWidget *make_count(LkMainView *self)
{
	GtkWidget *count = gtk_label_new(NULL);

	gtk_widget_set_hexpand(count, TRUE);
	gtk_widget_set_halign(count, GTK_ALIGN_END);
	gtk_widget_set_visible(count, FALSE);
	gtk_widget_add_css_class(count, "numeric");
	gtk_widget_add_css_class(count, "dim-label");
	self->count = GTK_LABEL(count);
	return count;
}

/* -- A second way back in -- */

static GtkWidget *make_reminder(LkMainView *self)
{
	const char *what = _("Set up a second way back in");

	self->reminder = gtk_image_new_from_icon_name("dialog-warning-symbolic");
	gtk_widget_set_hexpand(self->reminder, TRUE);
	gtk_widget_set_halign(self->reminder, GTK_ALIGN_END);
	gtk_widget_set_visible(self->reminder, FALSE);
	gtk_widget_set_tooltip_text(self->reminder, what);
	gtk_widget_add_css_class(self->reminder, "warning");
	gtk_accessible_update_property(GTK_ACCESSIBLE(self->reminder), GTK_ACCESSIBLE_PROPERTY_LABEL, what, -1);
	return self->reminder;
}

static void asked_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(LkMainView) self = user_data;
	gboolean reminds = lk_reminder_ask_finish(result);

	(void)source;
	if (self->session != NULL)
		remind(self, reminds);
}

/* -- Pages -- */

static GtkWidget *make_row(LkMainView *self, size_t index)
{
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
	GtkWidget *row = gtk_list_box_row_new();

	gtk_box_append(GTK_BOX(box), gtk_image_new_from_icon_name(table[index].icon));
	gtk_box_append(GTK_BOX(box), gtk_label_new(_(table[index].title)));
	if (table[index].make == new_follow_up_page)
		gtk_box_append(GTK_BOX(box), make_count(self));
	if (table[index].make == new_account_page)
		gtk_box_append(GTK_BOX(box), make_reminder(self));
	gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(row), box);
	gtk_accessible_update_property(GTK_ACCESSIBLE(row), GTK_ACCESSIBLE_PROPERTY_LABEL, _(table[index].title), -1);
	g_object_set_data(G_OBJECT(row), "page", GSIZE_TO_POINTER(index));
	return row;
}

/* Pages are made when they are first looked at. */
static void show_page(LkMainView *self, size_t index)
{
	char name[16];

	g_snprintf(name, sizeof name, "%zu", index);
	if (gtk_stack_get_child_by_name(self->pages, name) == NULL) {
		GtkWidget *page = table[index].make(self);
		lk_labels_settle(page);
		gtk_stack_add_named(self->pages, page, name);
	}
	gtk_stack_set_visible_child_name(self->pages, name);
	adw_window_title_set_title(self->page_title, _(table[index].title));
}

static void row_selected_cb(LkMainView *self, GtkListBoxRow *row)
{
	if (row != NULL && self->session != NULL)
		show_page(self, GPOINTER_TO_SIZE(g_object_get_data(G_OBJECT(row), "page")));
}

static void row_activated_cb(LkMainView *self)
{
	adw_leaflet_set_visible_child(self->leaflet, self->content);
}

static void back_cb(LkMainView *self)
{
	adw_leaflet_navigate(self->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
}

static void fill(LkMainView *self)
{
	unsigned roles = lk_session_get_roles(self->session);

	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		if (table[i].roles == 0 || (table[i].roles & roles) != 0)
			gtk_list_box_append(self->names, make_row(self, i));
	}
	adw_window_title_set_subtitle(self->title, lk_session_get_profile(self->session)->name);
	gtk_list_box_select_row(self->names, gtk_list_box_get_row_at_index(self->names, 0));
	/* After what the first page asks for. */
	if (roles != 0)
		watch_follow_ups(self);
	lk_reminder_ask_async(self->session, self->asking, asked_cb, g_object_ref(self));
	adw_leaflet_set_visible_child(self->leaflet, self->content);
}

static void lk_main_view_dispose(GObject *object)
{
	LkMainView *self = LK_MAIN_VIEW(object);

	g_cancellable_cancel(self->asking);
	g_clear_object(&self->asking);
	g_clear_object(&self->follow_ups);
	g_clear_object(&self->session);
	g_clear_object(&self->users);
	G_OBJECT_CLASS(lk_main_view_parent_class)->dispose(object);
}

static void lk_main_view_class_init(LkMainViewClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	G_OBJECT_CLASS(class)->dispose = lk_main_view_dispose;
	gtk_widget_class_set_template_from_resource(widget_class, LK_RESOURCES "/main-view.ui");
	gtk_widget_class_bind_template_child(widget_class, LkMainView, leaflet);
	gtk_widget_class_bind_template_child(widget_class, LkMainView, title);
	gtk_widget_class_bind_template_child(widget_class, LkMainView, names);
	gtk_widget_class_bind_template_child(widget_class, LkMainView, content);
	gtk_widget_class_bind_template_child(widget_class, LkMainView, page_title);
	gtk_widget_class_bind_template_child(widget_class, LkMainView, pages);
	gtk_widget_class_bind_template_callback(widget_class, row_selected_cb);
	gtk_widget_class_bind_template_callback(widget_class, row_activated_cb);
	gtk_widget_class_bind_template_callback(widget_class, back_cb);
}

static void lk_main_view_init(LkMainView *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
	self->users = g_object_ref_sink(lk_users_page_new());
	self->asking = g_cancellable_new();
}

LkMainView *lk_main_view_new(void)
{
	return g_object_new(LK_TYPE_MAIN_VIEW, NULL);
}

void lk_main_view_open(LkMainView *self, LkSession *session)
{
	self->session = g_object_ref(session);
	fill(self);
}
