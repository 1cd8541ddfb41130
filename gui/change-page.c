#include "change-page.h"

#include <glib/gi18n.h>

struct _LkChangePage {
	AdwBin parent_instance;

	GtkWidget *header;
	GtkWidget *why;
	GtkEditable *old_password;
	GtkEditable *new_password;
	GtkEditable *again;
	GtkLabel *message;
	GtkWidget *change;

	LkSession *session;
	GCancellable *pending; /* NULL where nothing is awaited */
};

G_DEFINE_FINAL_TYPE(LkChangePage, lk_change_page, ADW_TYPE_BIN)

static guint changed_signal;

static gboolean is_complete(LkChangePage *self)
{
	return *gtk_editable_get_text(self->old_password) != '\0' && *gtk_editable_get_text(self->new_password) != '\0' &&
		   *gtk_editable_get_text(self->again) != '\0';
}

static void say(LkChangePage *self, const char *sentence)
{
	gtk_label_set_label(self->message, sentence == NULL ? "" : sentence);
	gtk_widget_set_visible(GTK_WIDGET(self->message), sentence != NULL);
}

static void typed_cb(LkChangePage *self)
{
	gtk_widget_set_sensitive(self->change, self->pending == NULL && is_complete(self));
}

/* The accessibility tree hands out what is in the fields. */
static void clear(LkChangePage *self)
{
	gtk_editable_set_text(self->old_password, "");
	gtk_editable_set_text(self->new_password, "");
	gtk_editable_set_text(self->again, "");
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
		g_signal_emit(self, changed_signal, 0);
	else
		say(self, error->message);
	gtk_widget_grab_focus(GTK_WIDGET(self->old_password));
}

static void change_cb(LkChangePage *self)
{
	if (self->pending != NULL || !is_complete(self))
		return;
	if (!g_str_equal(gtk_editable_get_text(self->new_password), gtk_editable_get_text(self->again))) {
		say(self, _("The new passwords differ from each other."));
		return;
	}
	struct lk_secret *old_password = lk_secret_new(gtk_editable_get_text(self->old_password));
	struct lk_secret *new_password = lk_secret_new(gtk_editable_get_text(self->new_password));
	say(self, NULL);
	self->pending = g_cancellable_new();
	typed_cb(self);
	lk_session_change_password_async(
		self->session, old_password, new_password, self->pending, done_cb, g_object_ref(self));
}

static void lk_change_page_dispose(GObject *object)
{
	LkChangePage *self = LK_CHANGE_PAGE(object);

	g_clear_object(&self->pending);
	g_clear_object(&self->session);
	G_OBJECT_CLASS(lk_change_page_parent_class)->dispose(object);
}

static void lk_change_page_class_init(LkChangePageClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	G_OBJECT_CLASS(class)->dispose = lk_change_page_dispose;
	changed_signal =
		g_signal_new("changed", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
	gtk_widget_class_set_template_from_resource(widget_class, LK_RESOURCES "/change-page.ui");
	gtk_widget_class_bind_template_child(widget_class, LkChangePage, header);
	gtk_widget_class_bind_template_child(widget_class, LkChangePage, why);
	gtk_widget_class_bind_template_child(widget_class, LkChangePage, old_password);
	gtk_widget_class_bind_template_child(widget_class, LkChangePage, new_password);
	gtk_widget_class_bind_template_child(widget_class, LkChangePage, again);
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
	return self;
}

LkSession *lk_change_page_get_session(LkChangePage *self)
{
	return self->session;
}
