#include "totp-dialog.h"

#include <glib/gi18n.h>
#include <sodium.h>

#include "qr-code.h"
#include "session-own.h"
#include "typed-words.h"
#include "wait.h"

struct _LkTotpDialog {
	AdwWindow parent_instance;

	GtkWidget *again;
	GtkWidget *body;
	LkQrCode *picture;
	GtkLabel *secret;
	GtkEditable *value;
	GtkWidget *confirm;
	GtkLabel *message;
	GtkSpinner *spinner;

	LkSession *session;
	GCancellable *pending; /* NULL where nothing is awaited */
};

G_DEFINE_FINAL_TYPE(LkTotpDialog, lk_totp_dialog, ADW_TYPE_WINDOW)

static guint enrolled_signal;

static void typed_cb(LkTotpDialog *self)
{
	gtk_widget_set_sensitive(self->confirm, self->pending == NULL && *gtk_editable_get_text(self->value) != '\0');
}

static void begin(LkTotpDialog *self)
{
	lk_wait_begin(&self->pending, self->spinner, self->message);
	typed_cb(self);
}

/* False where the dialog has been closed meanwhile. */
static gboolean end(LkTotpDialog *self, const GError *error)
{
	if (!lk_wait_end(&self->pending, self->spinner, self->message, error))
		return FALSE;
	typed_cb(self);
	return TRUE;
}

/* In groups, as the code of a mail: that is how it is typed without losing the place. */
static void show_secret(LkTotpDialog *self, const struct lk_client_totp *totp)
{
	GString *groups = g_string_new(NULL);

	for (const char *at = totp->secret; *at != '\0'; at++) {
		if (at != totp->secret && (at - totp->secret) % 4 == 0)
			g_string_append_c(groups, ' ');
		g_string_append_c(groups, *at);
	}
	gtk_label_set_label(self->secret, groups->str);
	lk_secret_wipe(g_string_free(groups, FALSE));
	gtk_widget_set_visible(GTK_WIDGET(self->picture), lk_qr_code_set_text(self->picture, totp->uri));
	gtk_widget_set_visible(self->body, TRUE);
	gtk_widget_grab_focus(GTK_WIDGET(self->value));
}

static void made_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(LkTotpDialog) self = user_data;
	g_autoptr(GError) error = NULL;
	struct lk_client_totp *totp = lk_session_begin_totp_finish(LK_SESSION(source), result, &error);

	gboolean is_open = end(self, error);

	if (is_open && totp != NULL)
		show_secret(self, totp);
	else if (is_open)
		gtk_widget_set_visible(self->again, TRUE);
	lk_client_totp_free(totp);
}

static void ask_cb(LkTotpDialog *self)
{
	gtk_widget_set_visible(self->again, FALSE);
	begin(self);
	lk_session_begin_totp_async(self->session, self->pending, made_cb, g_object_ref(self));
}

static void proven_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(LkTotpDialog) self = user_data;
	g_autoptr(GError) error = NULL;

	lk_session_own_finish(LK_SESSION(source), result, &error);
	if (!end(self, error))
		return;
	gtk_editable_set_text(self->value, "");
	if (error != NULL)
		return;
	g_signal_emit(self, enrolled_signal, 0);
	gtk_window_close(GTK_WINDOW(self));
}

static void confirm_cb(LkTotpDialog *self)
{
	struct lk_client_typed typed;

	if (!gtk_widget_get_sensitive(self->confirm))
		return;
	lk_client_typed_read(gtk_editable_get_text(self->value), &typed);
	if (typed.kind != LK_CLIENT_TYPED_TOTP) {
		lk_say(self->message, _("An authenticator app shows six digits. Type those that it shows now."));
	} else {
		begin(self);
		lk_session_own_async(self->session, LK_STEP_TOTP, typed.code, self->pending, proven_cb, g_object_ref(self));
	}
	sodium_memzero(&typed, sizeof typed);
}

static void lk_totp_dialog_dispose(GObject *object)
{
	LkTotpDialog *self = LK_TOTP_DIALOG(object);

	g_cancellable_cancel(self->pending);
	g_clear_object(&self->pending);
	g_clear_object(&self->session);
	G_OBJECT_CLASS(lk_totp_dialog_parent_class)->dispose(object);
}

static void lk_totp_dialog_class_init(LkTotpDialogClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	G_OBJECT_CLASS(class)->dispose = lk_totp_dialog_dispose;
	enrolled_signal =
		g_signal_new("enrolled", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
	g_type_ensure(LK_TYPE_QR_CODE);
	gtk_widget_class_set_template_from_resource(widget_class, LK_RESOURCES "/totp-dialog.ui");
	gtk_widget_class_bind_template_child(widget_class, LkTotpDialog, again);
	gtk_widget_class_bind_template_child(widget_class, LkTotpDialog, body);
	gtk_widget_class_bind_template_child(widget_class, LkTotpDialog, picture);
	gtk_widget_class_bind_template_child(widget_class, LkTotpDialog, secret);
	gtk_widget_class_bind_template_child(widget_class, LkTotpDialog, value);
	gtk_widget_class_bind_template_child(widget_class, LkTotpDialog, confirm);
	gtk_widget_class_bind_template_child(widget_class, LkTotpDialog, message);
	gtk_widget_class_bind_template_child(widget_class, LkTotpDialog, spinner);
	gtk_widget_class_bind_template_callback(widget_class, ask_cb);
	gtk_widget_class_bind_template_callback(widget_class, typed_cb);
	gtk_widget_class_bind_template_callback(widget_class, confirm_cb);
	gtk_widget_class_add_binding_action(widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void lk_totp_dialog_init(LkTotpDialog *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
}

LkTotpDialog *lk_totp_dialog_new(LkSession *session)
{
	LkTotpDialog *self = g_object_new(LK_TYPE_TOTP_DIALOG, NULL);

	self->session = g_object_ref(session);
	ask_cb(self);
	return self;
}
