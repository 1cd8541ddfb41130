#include "window.h"

#include <glib/gi18n.h>

#include "change-page.h"
#include "clipboard.h"
#include "idle.h"
#include "main-view.h"
#include "sign-in-page.h"

struct _LkWindow {
	AdwApplicationWindow parent_instance;

	AdwToastOverlay *toasts;
	GtkStack *stack;
	GtkWidget *sign_in;
	GtkWidget *shown; /* what stands in front of it: the pages of a session; or NULL */
	GSettings *settings;
	struct lk_idle *idle;
};

G_DEFINE_FINAL_TYPE(LkWindow, lk_window, ADW_TYPE_APPLICATION_WINDOW)

static void show(LkWindow *self, GtkWidget *page)
{
	GtkWidget *before = self->shown;

	self->shown = page;
	if (page != NULL)
		gtk_stack_add_child(self->stack, page);
	gtk_stack_set_visible_child(self->stack, page != NULL ? page : self->sign_in);
	if (before != NULL)
		gtk_stack_remove(self->stack, before);
}

static void signed_in(LkWindow *self, LkSession *session)
{
	show(self, GTK_WIDGET(lk_main_view_new(session)));
}

static void signed_in_again_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(LkWindow) self = user_data;
	g_autoptr(GError) error = NULL;
	gboolean done = lk_session_sign_in_finish(LK_SESSION(source), result, &error);

	if (self->settings == NULL)
		return;
	adw_toast_overlay_add_toast(self->toasts, adw_toast_new(done ? _("Your password was changed.") : error->message));
	if (done)
		signed_in(self, LK_SESSION(source));
	else
		show(self, NULL);
}

/* Only now the directory lets one ask which roles one has. */
static void changed_cb(LkChangePage *page, LkWindow *self)
{
	lk_session_sign_in_async(lk_change_page_get_session(page), NULL, signed_in_again_cb, g_object_ref(self));
}

static void signed_in_cb(LkSignInPage *page, LkSession *session, LkWindow *self)
{
	(void)page;
	if (!lk_session_get_said(session)->must_change) {
		signed_in(self, session);
		return;
	}
	LkChangePage *change = lk_change_page_new(session, TRUE);
	g_signal_connect_object(change, "changed", G_CALLBACK(changed_cb), self, 0);
	show(self, GTK_WIDGET(change));
}

/* Dialogs show passwords too. Destroying one may end others. */
static void close_dialogs(LkWindow *self)
{
	GtkWindow *dialog;

	do {
		GList *windows = gtk_window_list_toplevels();
		dialog = NULL;
		for (GList *at = windows; at != NULL && dialog == NULL; at = at->next) {
			if (gtk_window_get_transient_for(at->data) == GTK_WINDOW(self))
				dialog = at->data;
		}
		g_list_free(windows);
		if (dialog != NULL)
			gtk_window_destroy(dialog);
	} while (dialog != NULL);
}

static void lock(LkWindow *self)
{
	lk_clipboard_clear();
	close_dialogs(self);
	show(self, NULL);
}

static void lock_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	(void)name, (void)parameter;
	lock(LK_WINDOW(widget));
}

static void idle_cb(void *data)
{
	LkWindow *self = data;

	if (self->shown == NULL)
		return;
	lock(self);
	adw_toast_overlay_add_toast(self->toasts, adw_toast_new(_("You were signed out, because nobody was here.")));
}

static void lk_window_dispose(GObject *object)
{
	LkWindow *self = LK_WINDOW(object);

	g_clear_pointer(&self->idle, lk_idle_free);
	g_clear_object(&self->settings);
	G_OBJECT_CLASS(lk_window_parent_class)->dispose(object);
}

static void lk_window_class_init(LkWindowClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	G_OBJECT_CLASS(class)->dispose = lk_window_dispose;
	gtk_widget_class_set_template_from_resource(widget_class, LK_RESOURCES "/window.ui");
	gtk_widget_class_bind_template_child(widget_class, LkWindow, toasts);
	gtk_widget_class_bind_template_child(widget_class, LkWindow, stack);
	gtk_widget_class_install_action(widget_class, "win.lock", NULL, lock_action);
}

static void lk_window_init(LkWindow *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
	self->settings = g_settings_new(LK_APPLICATION_ID);
	g_settings_bind(self->settings, "window-width", self, "default-width", G_SETTINGS_BIND_DEFAULT);
	g_settings_bind(self->settings, "window-height", self, "default-height", G_SETTINGS_BIND_DEFAULT);
	g_settings_bind(self->settings, "window-maximized", self, "maximized", G_SETTINGS_BIND_DEFAULT);
	self->idle = lk_idle_new(g_settings_get_uint(self->settings, "lock-seconds"), idle_cb, self);
	LkSignInPage *page = lk_sign_in_page_new();
	self->sign_in = GTK_WIDGET(page);
	gtk_stack_add_child(self->stack, self->sign_in);
	g_signal_connect_object(page, "signed-in", G_CALLBACK(signed_in_cb), self, 0);
}

LkWindow *lk_window_new(LkApplication *application)
{
	return g_object_new(LK_TYPE_WINDOW, "application", application, NULL);
}

void lk_window_add_toast(LkWindow *self, AdwToast *toast)
{
	adw_toast_overlay_add_toast(self->toasts, toast);
}

void lk_window_sign_in(LkWindow *self, struct lk_secret *password)
{
	lk_sign_in_page_try(LK_SIGN_IN_PAGE(self->sign_in), password);
}
