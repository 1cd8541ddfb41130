#include "address-dialog.h"

#include <glib/gi18n.h>
#include <sodium.h>
#include <string.h>

#include "code-help.h"
#include "session-own.h"
#include "text.h"
#include "typed-words.h"
#include "wait.h"

struct _LkAddressDialog {
	AdwWindow parent_instance;

	GtkStack *stack;
	GtkWidget *address_page;
	GtkEditable *address;
	GtkWidget *send;
	GtkWidget *code_page;
	GtkLabel *sent;
	GtkEditable *code;
	LkCodeHelp *help;
	GtkWidget *confirm;
	GtkLabel *message;
	GtkSpinner *spinner;

	LkSession *session;
	GCancellable *pending; /* NULL where nothing is awaited */
};

G_DEFINE_FINAL_TYPE(LkAddressDialog, lk_address_dialog, ADW_TYPE_WINDOW)

static guint enrolled_signal;

static void typed_cb(LkAddressDialog *self)
{
	gboolean free = self->pending == NULL;

	gtk_widget_set_sensitive(self->send, free && strchr(gtk_editable_get_text(self->address), '@') != NULL);
	gtk_widget_set_sensitive(self->confirm, lk_code_help_read(self->help, gtk_editable_get_text(self->code)) && free);
}

static void begin(LkAddressDialog *self)
{
	lk_wait_begin(&self->pending, self->spinner, self->message);
	typed_cb(self);
}

/* False where the dialog has been closed meanwhile. */
static gboolean end(LkAddressDialog *self, const GError *error)
{
	if (!lk_wait_end(&self->pending, self->spinner, self->message, error))
		return FALSE;
	typed_cb(self);
	return TRUE;
}

static char *address_typed(LkAddressDialog *self)
{
	return g_strstrip(g_strdup(gtk_editable_get_text(self->address)));
}

static void sent_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(LkAddressDialog) self = user_data;
	g_autoptr(GError) error = NULL;

	lk_session_own_finish(LK_SESSION(source), result, &error);
	if (!end(self, error) || error != NULL)
		return;
	g_autofree char *address = address_typed(self);
	g_autofree char *clean = lk_text_clean(address);
	g_autofree char *sentence = lk_text_fill(_("A code is on its way to {address}."), "address", clean, NULL);
	gtk_label_set_label(self->sent, sentence);
	gtk_stack_set_visible_child(self->stack, self->code_page);
	gtk_widget_grab_focus(GTK_WIDGET(self->code));
}

static void send_cb(LkAddressDialog *self)
{
	g_autofree char *address = address_typed(self);

	if (!gtk_widget_get_sensitive(self->send))
		return;
	begin(self);
	lk_session_own_async(self->session, LK_STEP_ADDRESS_ADD, address, self->pending, sent_cb, g_object_ref(self));
}

static void proven_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(LkAddressDialog) self = user_data;
	g_autoptr(GError) error = NULL;

	lk_session_own_finish(LK_SESSION(source), result, &error);
	if (!end(self, error) || error != NULL)
		return;
	gtk_editable_set_text(self->code, "");
	g_signal_emit(self, enrolled_signal, 0);
	gtk_window_close(GTK_WINDOW(self));
}

static void confirm_cb(LkAddressDialog *self)
{
	struct lk_client_typed typed;

	if (!gtk_widget_get_sensitive(self->confirm))
		return;
	lk_client_typed_read(gtk_editable_get_text(self->code), &typed);
	g_autofree char *fault = lk_typed_fault(&typed, FALSE);
	if (fault != NULL) {
		lk_say(self->message, fault);
	} else {
		begin(self);
		lk_session_own_async(
			self->session, LK_STEP_ADDRESS_PROVE, typed.code, self->pending, proven_cb, g_object_ref(self));
	}
	sodium_memzero(&typed, sizeof typed);
}

static void another_cb(LkAddressDialog *self)
{
	gtk_editable_set_text(self->code, "");
	send_cb(self);
}

static void back_cb(LkAddressDialog *self)
{
	lk_say(self->message, NULL);
	gtk_editable_set_text(self->code, "");
	gtk_stack_set_visible_child(self->stack, self->address_page);
	gtk_widget_grab_focus(GTK_WIDGET(self->address));
}

static void lk_address_dialog_dispose(GObject *object)
{
	LkAddressDialog *self = LK_ADDRESS_DIALOG(object);

	g_cancellable_cancel(self->pending);
	g_clear_object(&self->pending);
	g_clear_object(&self->session);
	G_OBJECT_CLASS(lk_address_dialog_parent_class)->dispose(object);
}

static void lk_address_dialog_class_init(LkAddressDialogClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	G_OBJECT_CLASS(class)->dispose = lk_address_dialog_dispose;
	enrolled_signal =
		g_signal_new("enrolled", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
	g_type_ensure(LK_TYPE_CODE_HELP);
	gtk_widget_class_set_template_from_resource(widget_class, LK_RESOURCES "/address-dialog.ui");
	gtk_widget_class_bind_template_child(widget_class, LkAddressDialog, stack);
	gtk_widget_class_bind_template_child(widget_class, LkAddressDialog, address_page);
	gtk_widget_class_bind_template_child(widget_class, LkAddressDialog, address);
	gtk_widget_class_bind_template_child(widget_class, LkAddressDialog, send);
	gtk_widget_class_bind_template_child(widget_class, LkAddressDialog, code_page);
	gtk_widget_class_bind_template_child(widget_class, LkAddressDialog, sent);
	gtk_widget_class_bind_template_child(widget_class, LkAddressDialog, code);
	gtk_widget_class_bind_template_child(widget_class, LkAddressDialog, help);
	gtk_widget_class_bind_template_child(widget_class, LkAddressDialog, confirm);
	gtk_widget_class_bind_template_child(widget_class, LkAddressDialog, message);
	gtk_widget_class_bind_template_child(widget_class, LkAddressDialog, spinner);
	gtk_widget_class_bind_template_callback(widget_class, typed_cb);
	gtk_widget_class_bind_template_callback(widget_class, send_cb);
	gtk_widget_class_bind_template_callback(widget_class, confirm_cb);
	gtk_widget_class_bind_template_callback(widget_class, another_cb);
	gtk_widget_class_bind_template_callback(widget_class, back_cb);
	gtk_widget_class_add_binding_action(widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void lk_address_dialog_init(LkAddressDialog *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
}

LkAddressDialog *lk_address_dialog_new(LkSession *session)
{
	LkAddressDialog *self = g_object_new(LK_TYPE_ADDRESS_DIALOG, NULL);

	self->session = g_object_ref(session);
	return self;
}
