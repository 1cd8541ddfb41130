#include "change-page.h"

#include <glib/gi18n.h>

#include "keyring.h"
#include "new-password.h"
#include "session-recovery.h"
#include "wait.h"

struct _LkChangePage {
	AdwBin parent_instance;

	GtkWidget *header;
	GtkWidget *why;
	GtkEditable *old_password;
	LkNewPassword *fields;
	GtkLabel *message;
	GtkWidget *change;

	LkSession *session;
	struct lk_secret *kept; /* the new password, for the keyring; NULL where it is not to be remembered */
	GCancellable *pending; /* NULL where nothing is awaited */
};

G_DEFINE_FINAL_TYPE(LkChangePage, lk_change_page, ADW_TYPE_BIN)

static guint changed_signal;

static gboolean is_complete(LkChangePage *self)
{
	return *gtk_editable_get_text(self->old_password) != '\0' && lk_new_password_is_complete(self->fields);
}

static void typed_cb(LkChangePage *self)
{
	gtk_widget_set_sensitive(self->change, self->pending == NULL && is_complete(self));
}

/* The accessibility tree hands out what is in the fields. */
static void clear(LkChangePage *self)
{
	gtk_editable_set_text(self->old_password, "");
	lk_new_password_clear(self->fields);
}

static void settle_keyring(LkChangePage *self)
{
	if (self->kept != NULL)
		lk_keyring_keep(lk_session_get_profile(self->session), self->kept);
}

static void done_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(LkChangePage) self = user_data;
	g_autoptr(GError) error = NULL;
	gboolean done = lk_session_change_password_finish(LK_SESSION(source), result, &error);

	if (self->pending == NULL)
		return;
	g_clear_object(&self->pending);
	clear(self);
	typed_cb(self);
	if (done)
		settle_keyring(self);
	g_clear_pointer(&self->kept, lk_secret_free);
	if (done)
		g_signal_emit(self, changed_signal, 0);
	else
		lk_say(self->message, error->message);
	gtk_widget_grab_focus(GTK_WIDGET(self->old_password));
}

static void change_cb(LkChangePage *self)
{
	if (self->pending != NULL || !is_complete(self))
		return;
	struct lk_secret *new_password = lk_new_password_take(self->fields);
	if (new_password == NULL) {
		lk_say(self->message, _("The new passwords differ from each other."));
		return;
	}
	struct lk_secret *old_password = lk_secret_new(gtk_editable_get_text(self->old_password));
	if (lk_session_get_profile(self->session)->remember)
		self->kept = lk_new_password_take(self->fields);
	lk_say(self->message, NULL);
	self->pending = g_cancellable_new();
	typed_cb(self);
	lk_session_change_password_async(
		self->session, old_password, new_password, self->pending, done_cb, g_object_ref(self));
}

static void rules_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(LkChangePage) self = user_data;
	g_autofree struct lk_rules *rules = lk_session_read_rules_finish(LK_SESSION(source), result, NULL);

	if (self->session != NULL)
		lk_new_password_set_rules(self->fields, rules);
}

static void lk_change_page_dispose(GObject *object)
{
	LkChangePage *self = LK_CHANGE_PAGE(object);

	g_clear_object(&self->pending);
	g_clear_object(&self->session);
	g_clear_pointer(&self->kept, lk_secret_free);
	G_OBJECT_CLASS(lk_change_page_parent_class)->dispose(object);
}

static void lk_change_page_class_init(LkChangePageClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	G_OBJECT_CLASS(class)->dispose = lk_change_page_dispose;
	changed_signal =
		g_signal_new("changed", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
	g_type_ensure(LK_TYPE_NEW_PASSWORD);
	gtk_widget_class_set_template_from_resource(widget_class, LK_RESOURCES "/change-page.ui");
	gtk_widget_class_bind_template_child(widget_class, LkChangePage, header);
	gtk_widget_class_bind_template_child(widget_class, LkChangePage, why);
	gtk_widget_class_bind_template_child(widget_class, LkChangePage, old_password);
	gtk_widget_class_bind_template_child(widget_class, LkChangePage, fields);
	gtk_widget_class_bind_template_child(widget_class, LkChangePage, message);
	gtk_widget_class_bind_template_child(widget_class, LkChangePage, change);
	gtk_widget_class_bind_template_callback(widget_class, typed_cb);
	gtk_widget_class_bind_template_callback(widget_class, change_cb);
}

static void lk_change_page_init(LkChangePage *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
}

LkChangePage *lk_change_page_new(LkSession *session, gboolean required)
{
	LkChangePage *self = g_object_new(LK_TYPE_CHANGE_PAGE, NULL);

	self->session = g_object_ref(session);
	gtk_widget_set_visible(self->header, required);
	gtk_widget_set_visible(self->why, required);
	lk_new_password_set_user(self->fields, lk_session_get_profile(session)->user);
	/* Who has to change the password may read nothing before. */
	if (!required)
		lk_session_read_rules_async(session, NULL, rules_cb, g_object_ref(self));
	return self;
}

LkSession *lk_change_page_get_session(LkChangePage *self)
{
	return self->session;
}
