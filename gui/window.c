#include "window.h"

#include <glib/gi18n.h>

#include "change-page.h"
#include "clipboard.h"
#include "closing.h"
#include "idle.h"
#include "kept.h"
#include "labels.h"
#include "main-view.h"
#include "recovery-view.h"
#include "sign-in-page.h"
#include "times.h"

struct _LkWindow {
	AdwApplicationWindow parent_instance;

	AdwToastOverlay *toasts;
	GtkStack *stack;
	GtkWidget *sign_in; /* NULL where there is nothing but recovery */
	LkMainView *prepared; /* for the session that comes next; or NULL */
	guint preparing; /* the source that makes it; 0 for none */
	GtkWidget *shown; /* what stands in front of it: the pages of a session; or NULL */
	LkSession *session; /* whose pages they are; or NULL */
	GPtrArray *kept; /* of struct lk_kept: of users who have locked it */
	GSettings *settings;
	struct lk_idle *idle;
};

G_DEFINE_FINAL_TYPE(LkWindow, lk_window, ADW_TYPE_APPLICATION_WINDOW)

static void show(LkWindow *self, GtkWidget *page)
{
	GtkWidget *before = self->shown;

	self->shown = page;
	if (page != NULL)
		lk_labels_settle(page);
	if (page != NULL && gtk_widget_get_parent(page) == NULL)
		gtk_stack_add_child(self->stack, page);
	gtk_stack_set_visible_child(self->stack, page != NULL ? page : self->sign_in);
	if (before != NULL)
		gtk_stack_remove(self->stack, before);
}

#define PREPARE_MILLISECONDS 100 /* after what is on the screen by then */

/* The pages of a session take a while to make, which is there while somebody types a password. */
static gboolean prepare_cb(gpointer user_data)
{
	LkWindow *self = user_data;

	self->preparing = 0;
	self->prepared = g_object_ref_sink(lk_main_view_new());
	return G_SOURCE_REMOVE;
}

static void prepare_soon(LkWindow *self)
{
	if (self->preparing == 0 && self->prepared == NULL)
		self->preparing = g_timeout_add_full(G_PRIORITY_LOW, PREPARE_MILLISECONDS, prepare_cb, self, NULL);
}

/* Whoever has locked the window with something under way finds it as it is by now. */
static gboolean come_back(LkWindow *self, LkSession *session)
{
	for (guint i = 0; i < self->kept->len; i++) {
		struct lk_kept *kept = self->kept->pdata[i];
		if (!lk_kept_is_of(kept, session))
			continue;
		g_set_object(&self->session, lk_kept_get_session(kept));
		show(self, lk_kept_show(kept));
		g_ptr_array_remove_index(self->kept, i);
		return TRUE;
	}
	return FALSE;
}

static void signed_in(LkWindow *self, LkSession *session)
{
	if (come_back(self, session))
		return;
	g_set_object(&self->session, session);
	g_clear_handle_id(&self->preparing, g_source_remove);
	if (self->prepared == NULL)
		self->prepared = g_object_ref_sink(lk_main_view_new());
	g_autoptr(LkMainView) view = g_steal_pointer(&self->prepared);
	lk_main_view_open(view, session);
	show(self, GTK_WIDGET(view));
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

/* Dialogs show passwords too. Destroying one may end others. Those that are kept for somebody are hidden. */
static void close_dialogs(LkWindow *self)
{
	GtkWindow *dialog;

	do {
		GList *windows = gtk_window_list_toplevels();
		dialog = NULL;
		for (GList *at = windows; at != NULL && dialog == NULL; at = at->next) {
			if (gtk_window_get_transient_for(at->data) == GTK_WINDOW(self) && gtk_widget_get_visible(at->data))
				dialog = at->data;
		}
		g_list_free(windows);
		if (dialog != NULL)
			gtk_window_destroy(dialog);
	} while (dialog != NULL);
}

/* Nobody else sees what is kept, and nothing of it is in the accessibility tree. */
static void keep(LkWindow *self)
{
	g_ptr_array_add(self->kept, lk_kept_new(GTK_WINDOW(self), g_steal_pointer(&self->shown), self->session));
	gtk_stack_set_visible_child(self->stack, self->sign_in);
	lk_sign_in_page_say(LK_SIGN_IN_PAGE(self->sign_in),
		_("What you have begun goes on, and is kept. Sign in as the same user to see what came of it."));
}

static void lock(LkWindow *self)
{
	lk_clipboard_clear();
	if (self->session != NULL && self->shown != NULL && lk_kept_losses(GTK_WINDOW(self)) != 0) {
		keep(self);
	} else {
		close_dialogs(self);
		show(self, NULL);
	}
	g_clear_object(&self->session);
	prepare_soon(self);
}

/* -- Recovery -- */

static void left_cb(LkWindow *self)
{
	show(self, NULL);
}

static void sign_in_again_cb(LkWindow *self, LkRecoveryView *view)
{
	g_autofree char *user = g_strdup(lk_recovery_view_get_user(view));
	struct lk_secret *password = lk_recovery_view_steal_password(view);

	show(self, NULL);
	lk_sign_in_page_resume(LK_SIGN_IN_PAGE(self->sign_in), user, password);
	lk_secret_free(password);
}

static void recover_cb(LkWindow *self, LkSignInPage *page)
{
	LkRecoveryView *view =
		lk_recovery_view_new(lk_sign_in_page_get_profile(page), lk_sign_in_page_get_user(page), FALSE);

	g_signal_connect_object(view, "left", G_CALLBACK(left_cb), self, G_CONNECT_SWAPPED);
	g_signal_connect_object(view, "sign-in", G_CALLBACK(sign_in_again_cb), self, G_CONNECT_SWAPPED);
	show(self, GTK_WIDGET(view));
	gtk_widget_grab_focus(GTK_WIDGET(view));
}

static void lock_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	(void)name, (void)parameter;
	lock(LK_WINDOW(widget));
}

/* Made when it is wanted. GTK would by itself make one beside each window, hidden: about such a window, which no screen reader
 * has seen yet, GTK 4.8 answers nonsense when one asks for a window that has just gone. */
static void shortcuts_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	g_autoptr(GtkBuilder) builder = gtk_builder_new_from_resource(LK_RESOURCES "/help-overlay.ui");
	GtkWindow *shortcuts = GTK_WINDOW(gtk_builder_get_object(builder, "help_overlay"));

	(void)name, (void)parameter;
	gtk_window_set_transient_for(shortcuts, GTK_WINDOW(widget));
	gtk_window_present(shortcuts);
}

static void idle_cb(void *data)
{
	LkWindow *self = data;

	/* A kiosk looks after that by itself. */
	if (self->shown == NULL || self->sign_in == NULL)
		return;
	lock(self);
	adw_toast_overlay_add_toast(self->toasts, adw_toast_new(_("You were signed out, because nobody was here.")));
}

/* What one sees oneself is closed as one likes, but for what has not ended yet. */
static unsigned losses(LkWindow *self)
{
	unsigned losses = lk_kept_losses(GTK_WINDOW(self)) & LK_LOSS_RUN;

	for (guint i = 0; i < self->kept->len; i++) {
		unsigned kept = lk_kept_get_losses(self->kept->pdata[i]);
		losses |= kept == 0 ? 0 : kept | LK_LOSS_KEPT;
	}
	return losses;
}

static gboolean lk_window_close_request(GtkWindow *window)
{
	LkWindow *self = LK_WINDOW(window);

	if (self->sign_in == NULL)
		return TRUE;
	if (losses(self) != 0) {
		lk_closing_ask(window, losses(self));
		return TRUE;
	}
	return GTK_WINDOW_CLASS(lk_window_parent_class)->close_request(window);
}

static void free_kept(gpointer kept)
{
	lk_kept_free(kept);
}

static void lk_window_dispose(GObject *object)
{
	LkWindow *self = LK_WINDOW(object);

	g_clear_handle_id(&self->preparing, g_source_remove);
	g_clear_object(&self->prepared);
	g_clear_object(&self->session);
	g_clear_pointer(&self->kept, g_ptr_array_unref);
	g_clear_pointer(&self->idle, lk_idle_free);
	g_clear_object(&self->settings);
	G_OBJECT_CLASS(lk_window_parent_class)->dispose(object);
}

static void lk_window_class_init(LkWindowClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	G_OBJECT_CLASS(class)->dispose = lk_window_dispose;
	GTK_WINDOW_CLASS(class)->close_request = lk_window_close_request;
	gtk_widget_class_set_template_from_resource(widget_class, LK_RESOURCES "/window.ui");
	gtk_widget_class_bind_template_child(widget_class, LkWindow, toasts);
	gtk_widget_class_bind_template_child(widget_class, LkWindow, stack);
	gtk_widget_class_install_action(widget_class, "win.lock", NULL, lock_action);
	gtk_widget_class_install_action(widget_class, "win.shortcuts", NULL, shortcuts_action);
}

static void lk_window_init(LkWindow *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
	self->kept = g_ptr_array_new_with_free_func(free_kept);
	lk_times_watch(GTK_WIDGET(self));
	self->settings = g_settings_new(LK_APPLICATION_ID);
	g_settings_bind(self->settings, "window-width", self, "default-width", G_SETTINGS_BIND_DEFAULT);
	g_settings_bind(self->settings, "window-height", self, "default-height", G_SETTINGS_BIND_DEFAULT);
	g_settings_bind(self->settings, "window-maximized", self, "maximized", G_SETTINGS_BIND_DEFAULT);
	self->idle = lk_idle_new(g_settings_get_uint(self->settings, "lock-seconds"), idle_cb, self);
}

LkWindow *lk_window_new(LkApplication *application)
{
	LkWindow *self = g_object_new(LK_TYPE_WINDOW, "application", application, NULL);
	LkSignInPage *page = lk_sign_in_page_new();

	self->sign_in = GTK_WIDGET(page);
	gtk_stack_add_child(self->stack, self->sign_in);
	prepare_soon(self);
	g_signal_connect_object(page, "signed-in", G_CALLBACK(signed_in_cb), self, 0);
	g_signal_connect_object(page, "recover", G_CALLBACK(recover_cb), self, G_CONNECT_SWAPPED);
	return self;
}

/* What would lead elsewhere is not there: the menus and keys of the other pages, and the buttons of the window. */
LkWindow *lk_window_new_for_recovery(LkApplication *application)
{
	LkWindow *self = g_object_new(LK_TYPE_WINDOW, "application", application, "deletable", FALSE, NULL);
	g_autofree char *file = lk_profiles_file();
	g_autoptr(GPtrArray) profiles = lk_profiles_load(file);

	gtk_widget_action_set_enabled(GTK_WIDGET(self), "win.lock", FALSE);
	gtk_widget_action_set_enabled(GTK_WIDGET(self), "win.shortcuts", FALSE);
	show(self, GTK_WIDGET(lk_recovery_view_new(profiles->pdata[0], "", TRUE)));
	gtk_widget_grab_focus(self->shown);
	gtk_window_fullscreen(GTK_WINDOW(self));
	return self;
}

void lk_window_add_toast(LkWindow *self, AdwToast *toast)
{
	adw_toast_overlay_add_toast(self->toasts, toast);
}

void lk_window_sign_in(LkWindow *self, struct lk_secret *password)
{
	lk_sign_in_page_try(LK_SIGN_IN_PAGE(self->sign_in), password);
}
