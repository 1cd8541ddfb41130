#include "policy-removal.h"

#include <glib/gi18n.h>

#include "policy-without.h"
#include "text.h"
#include "wait.h"

struct _LkPolicyRemoval {
	AdwWindow parent_instance;

	AdwWindowTitle *title;
	GtkWidget *cancel;
	GtkWidget *remove;
	GtkSpinner *spinner;
	GtkLabel *message;
	GtkLabel *consequences;

	LkSession *session;
	struct lk_policy_card *card;
	GCancellable *pending; /* NULL where nothing is awaited */
};

G_DEFINE_FINAL_TYPE(LkPolicyRemoval, lk_policy_removal, ADW_TYPE_WINDOW)

static void update(LkPolicyRemoval *self)
{
	gtk_widget_set_sensitive(self->cancel, self->pending == NULL);
	gtk_widget_set_sensitive(self->remove, self->pending == NULL);
}

static void removed_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(LkPolicyRemoval) self = user_data;
	g_autoptr(GError) error = NULL;

	lk_session_remove_policy_finish(LK_SESSION(source), result, &error);
	if (!lk_wait_end(&self->pending, self->spinner, self->message, error))
		return;
	update(self);
	if (error == NULL)
		gtk_window_close(GTK_WINDOW(self));
}

static void remove_cb(LkPolicyRemoval *self)
{
	lk_wait_begin(&self->pending, self->spinner, self->message);
	update(self);
	lk_session_remove_policy_async(self->session, self->card, removed_cb, g_object_ref(self));
}

/* As with a reset: the window stays until it is known whether it was done. */
static gboolean lk_policy_removal_close_request(GtkWindow *window)
{
	if (LK_POLICY_REMOVAL(window)->pending != NULL)
		return TRUE;
	return GTK_WINDOW_CLASS(lk_policy_removal_parent_class)->close_request(window);
}

static void lk_policy_removal_dispose(GObject *object)
{
	LkPolicyRemoval *self = LK_POLICY_REMOVAL(object);

	g_clear_object(&self->pending);
	g_clear_object(&self->session);
	g_clear_pointer(&self->card, lk_policy_card_free);
	G_OBJECT_CLASS(lk_policy_removal_parent_class)->dispose(object);
}

static void lk_policy_removal_class_init(LkPolicyRemovalClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	G_OBJECT_CLASS(class)->dispose = lk_policy_removal_dispose;
	GTK_WINDOW_CLASS(class)->close_request = lk_policy_removal_close_request;
	gtk_widget_class_set_template_from_resource(widget_class, LK_RESOURCES "/policy-removal.ui");
	gtk_widget_class_bind_template_child(widget_class, LkPolicyRemoval, title);
	gtk_widget_class_bind_template_child(widget_class, LkPolicyRemoval, cancel);
	gtk_widget_class_bind_template_child(widget_class, LkPolicyRemoval, remove);
	gtk_widget_class_bind_template_child(widget_class, LkPolicyRemoval, spinner);
	gtk_widget_class_bind_template_child(widget_class, LkPolicyRemoval, message);
	gtk_widget_class_bind_template_child(widget_class, LkPolicyRemoval, consequences);
	gtk_widget_class_bind_template_callback(widget_class, remove_cb);
	gtk_widget_class_add_binding_action(widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void lk_policy_removal_init(LkPolicyRemoval *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
}

LkPolicyRemoval *lk_policy_removal_new(LkSession *session, const struct lk_policy_card *card, const GPtrArray *cards)
{
	LkPolicyRemoval *self = g_object_new(LK_TYPE_POLICY_REMOVAL, NULL);
	g_autofree char *name = lk_text_clean(card->name), *lines = lk_policy_without(card, cards);
	g_auto(GStrv) each = g_strsplit(lines, "\n", -1);
	g_autofree char *apart = g_strjoinv("\n\n", each);

	self->session = g_object_ref(session);
	self->card = lk_policy_card_copy(card);
	adw_window_title_set_subtitle(self->title, name);
	gtk_label_set_label(self->consequences, apart);
	gtk_widget_grab_focus(self->cancel);
	return self;
}
