#include "act-dialog.h"

#include <glib/gi18n.h>
#include <string.h>

#include "text.h"
#include "wait.h"

struct _LkActDialog {
	AdwWindow parent_instance;

	GtkWidget *cancel;
	GtkWidget *confirm;
	AdwPreferencesGroup *group;
	GtkEditable *address;
	GtkEditable *address_again;
	GtkEditable *reason;
	GtkEditable *ticket;
	GtkLabel *message;

	LkSession *session;
	enum lk_step what;
	char *dn;
	char *id;
	gboolean busy;
};

G_DEFINE_FINAL_TYPE(LkActDialog, lk_act_dialog, ADW_TYPE_WINDOW)

static guint done_signal;

static const struct {
	enum lk_step what;
	const char *title, *explanation, *confirm, *style;
} table[] = {
	{LK_STEP_RESEND, N_("Send elsewhere"),
		N_("The same mail about {name} is sent to another address. The password is not reset again, and the user’s own "
		   "addresses are told of it."),
		N_("_Send"), "suggested-action"},
	{LK_STEP_UNLOCK, N_("Unlock"), N_("{name} can sign in again with the same password."), N_("_Unlock"),
		"suggested-action"},
	{LK_STEP_BLOCK, N_("Block sign-in"),
		N_("{name} cannot sign in any more in any way, and cannot recover the account, until an administrator unlocks "
		   "it. "
		   "The password is kept."),
		N_("_Block sign-in"), "destructive-action"},
};

static gboolean is_complete(LkActDialog *self)
{
	const char *address = gtk_editable_get_text(self->address);

	return self->what != LK_STEP_RESEND ||
		   (strchr(address, '@') != NULL && g_str_equal(address, gtk_editable_get_text(self->address_again)));
}

static void changed_cb(LkActDialog *self)
{
	gtk_widget_set_sensitive(self->confirm, !self->busy && is_complete(self));
}

static void set_busy(LkActDialog *self, gboolean busy)
{
	self->busy = busy;
	gtk_widget_set_sensitive(self->cancel, !busy);
	changed_cb(self);
}

static void acted_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(LkActDialog) self = user_data;
	g_autoptr(GError) error = NULL;
	gboolean done = lk_session_act_finish(LK_SESSION(source), result, &error);

	if (self->session == NULL)
		return;
	set_busy(self, FALSE);
	if (done) {
		g_signal_emit(self, done_signal, 0);
		gtk_window_destroy(GTK_WINDOW(self));
		return;
	}
	lk_say(self->message, error->message);
}

/* NULL where nothing was typed. */
static const char *text_of(GtkEditable *field)
{
	const char *text = gtk_editable_get_text(field);

	return *text == '\0' ? NULL : text;
}

static void confirm_cb(LkActDialog *self)
{
	const struct lk_act act = {.what = self->what,
		.dn = self->dn,
		.id = self->id,
		.to = text_of(self->address),
		.reason = text_of(self->reason),
		.ticket = text_of(self->ticket)};

	if (self->busy || !is_complete(self))
		return;
	lk_say(self->message, NULL);
	set_busy(self, TRUE);
	lk_session_act_async(self->session, &act, NULL, acted_cb, g_object_ref(self));
}

/* As with a reset: the window stays until it is known whether it was done. */
static gboolean lk_act_dialog_close_request(GtkWindow *window)
{
	if (LK_ACT_DIALOG(window)->busy)
		return TRUE;
	return GTK_WINDOW_CLASS(lk_act_dialog_parent_class)->close_request(window);
}

static void lk_act_dialog_dispose(GObject *object)
{
	LkActDialog *self = LK_ACT_DIALOG(object);

	g_clear_object(&self->session);
	g_clear_pointer(&self->dn, g_free);
	g_clear_pointer(&self->id, g_free);
	G_OBJECT_CLASS(lk_act_dialog_parent_class)->dispose(object);
}

static void lk_act_dialog_class_init(LkActDialogClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	G_OBJECT_CLASS(class)->dispose = lk_act_dialog_dispose;
	GTK_WINDOW_CLASS(class)->close_request = lk_act_dialog_close_request;
	done_signal =
		g_signal_new("done", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
	gtk_widget_class_set_template_from_resource(widget_class, LK_RESOURCES "/act-dialog.ui");
	gtk_widget_class_bind_template_child(widget_class, LkActDialog, cancel);
	gtk_widget_class_bind_template_child(widget_class, LkActDialog, confirm);
	gtk_widget_class_bind_template_child(widget_class, LkActDialog, group);
	gtk_widget_class_bind_template_child(widget_class, LkActDialog, address);
	gtk_widget_class_bind_template_child(widget_class, LkActDialog, address_again);
	gtk_widget_class_bind_template_child(widget_class, LkActDialog, reason);
	gtk_widget_class_bind_template_child(widget_class, LkActDialog, ticket);
	gtk_widget_class_bind_template_child(widget_class, LkActDialog, message);
	gtk_widget_class_bind_template_callback(widget_class, changed_cb);
	gtk_widget_class_bind_template_callback(widget_class, confirm_cb);
	gtk_widget_class_add_binding_action(widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void lk_act_dialog_init(LkActDialog *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
}

static void show(LkActDialog *self, const struct lk_person *person)
{
	gboolean resends = self->what == LK_STEP_RESEND;

	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		if (table[i].what != self->what)
			continue;
		g_autofree char *sentence = lk_text_fill(_(table[i].explanation), "name", lk_person_name(person), NULL);
		g_autofree char *description = g_markup_escape_text(sentence, -1);
		adw_preferences_group_set_description(self->group, description);
		gtk_window_set_title(GTK_WINDOW(self), _(table[i].title));
		gtk_button_set_label(GTK_BUTTON(self->confirm), _(table[i].confirm));
		gtk_widget_add_css_class(self->confirm, table[i].style);
	}
	gtk_widget_set_visible(GTK_WIDGET(self->address), resends);
	gtk_widget_set_visible(GTK_WIDGET(self->address_again), resends);
	gtk_widget_set_visible(GTK_WIDGET(self->reason), !resends);
	gtk_widget_set_visible(GTK_WIDGET(self->ticket), !resends);
	gtk_widget_grab_focus(GTK_WIDGET(resends ? self->address : self->reason));
}

LkActDialog *lk_act_dialog_new(LkSession *session, enum lk_step what, const struct lk_person *person, const char *id)
{
	LkActDialog *self = g_object_new(LK_TYPE_ACT_DIALOG, NULL);

	self->session = g_object_ref(session);
	self->what = what;
	self->dn = g_strdup(person->account->dn);
	self->id = g_strdup(id);
	show(self, person);
	changed_cb(self);
	return self;
}
