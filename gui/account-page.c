#include "account-page.h"

#include <glib/gi18n.h>

#include "change-page.h"
#include "user-pane.h"

struct _LkAccountPage {
	AdwBin parent_instance;

	GtkStack *stack;
	AdwStatusPage *error;
	GtkBox *account;

	LkUserPane *pane;
	LkSession *session;
	GCancellable *pending;
};

G_DEFINE_FINAL_TYPE(LkAccountPage, lk_account_page, ADW_TYPE_BIN)

static void fail(LkAccountPage *self, const char *sentence)
{
	adw_status_page_set_description(self->error, sentence);
	gtk_stack_set_visible_child_name(self->stack, "error");
}

static void read_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(LkAccountPage) self = user_data;
	g_autoptr(GError) error = NULL;
	g_autoptr(LkUser) user = lk_user_new();
	struct lk_person *person = lk_session_read_finish(LK_SESSION(source), result, &error);

	if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		return;
	g_clear_object(&self->pending);
	if (person == NULL) {
		fail(self, error->message);
		return;
	}
	lk_user_take_person(user, person);
	lk_user_pane_open(self->pane, user);
	gtk_stack_set_visible_child_name(self->stack, "account");
}

static void read_account(LkAccountPage *self)
{
	const char *dn = lk_session_get_dn(self->session);

	if (self->pending != NULL)
		return;
	if (dn == NULL) {
		fail(self, _("You are signed in, but not as an entry of this directory."));
		return;
	}
	gtk_stack_set_visible_child_name(self->stack, "wait");
	self->pending = g_cancellable_new();
	lk_session_read_async(self->session, dn, self->pending, read_cb, g_object_ref(self));
}

static void refresh_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	(void)name, (void)parameter;
	read_account(LK_ACCOUNT_PAGE(widget));
}

static void changed_cb(LkAccountPage *self, LkChangePage *page)
{
	gtk_window_destroy(GTK_WINDOW(gtk_widget_get_root(GTK_WIDGET(page))));
	read_account(self);
}

static void change_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	LkAccountPage *self = LK_ACCOUNT_PAGE(widget);
	LkChangePage *page = lk_change_page_new(self->session, FALSE);
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
	GtkWidget *dialog = g_object_new(ADW_TYPE_WINDOW, "title", _("Change password"), "modal", TRUE, "transient-for",
		gtk_widget_get_root(widget), "destroy-with-parent", TRUE, "default-width", 420, "content", box, NULL);

	(void)name, (void)parameter;
	gtk_box_append(GTK_BOX(box), adw_header_bar_new());
	gtk_box_append(GTK_BOX(box), GTK_WIDGET(page));
	g_signal_connect_object(page, "changed", G_CALLBACK(changed_cb), self, G_CONNECT_SWAPPED);
	gtk_window_present(GTK_WINDOW(dialog));
}

static void lk_account_page_dispose(GObject *object)
{
	LkAccountPage *self = LK_ACCOUNT_PAGE(object);

	g_cancellable_cancel(self->pending);
	g_clear_object(&self->pending);
	g_clear_object(&self->session);
	G_OBJECT_CLASS(lk_account_page_parent_class)->dispose(object);
}

static void lk_account_page_class_init(LkAccountPageClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	G_OBJECT_CLASS(class)->dispose = lk_account_page_dispose;
	gtk_widget_class_set_template_from_resource(widget_class, LK_RESOURCES "/account-page.ui");
	gtk_widget_class_bind_template_child(widget_class, LkAccountPage, stack);
	gtk_widget_class_bind_template_child(widget_class, LkAccountPage, error);
	gtk_widget_class_bind_template_child(widget_class, LkAccountPage, account);
	gtk_widget_class_install_action(widget_class, "account.refresh", NULL, refresh_action);
	gtk_widget_class_install_action(widget_class, "account.change-password", NULL, change_action);
}

static void lk_account_page_init(LkAccountPage *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
}

LkAccountPage *lk_account_page_new(LkSession *session)
{
	LkAccountPage *self = g_object_new(LK_TYPE_ACCOUNT_PAGE, NULL);
	gboolean has_password = lk_session_get_profile(session)->auth == LK_AUTH_PASSWORD;

	self->session = g_object_ref(session);
	self->pane = lk_user_pane_new(session, FALSE);
	gtk_widget_set_vexpand(GTK_WIDGET(self->pane), TRUE);
	gtk_box_append(self->account, GTK_WIDGET(self->pane));
	gtk_widget_action_set_enabled(GTK_WIDGET(self), "account.change-password", has_password);
	read_account(self);
	return self;
}
