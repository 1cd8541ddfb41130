#include "codes-dialog.h"

#include <glib/gi18n.h>
#include <string.h>

#include "clipboard.h"
#include "kept.h"
#include "labels.h"
#include "print.h"
#include "secret.h"
#include "session-own.h"
#include "wait.h"

struct _LkCodesDialog {
	AdwWindow parent_instance;

	GtkStack *stack;
	GtkWidget *make;
	GtkWidget *codes_page;
	GtkFlowBox *list;
	GtkWidget *print;
	GtkWidget *copy;
	GtkLabel *message;
	GtkSpinner *spinner;

	LkSession *session;
	char **codes; /* NULL before they are made */
	GCancellable *pending; /* NULL where nothing is awaited */
};

G_DEFINE_FINAL_TYPE(LkCodesDialog, lk_codes_dialog, ADW_TYPE_WINDOW)

static guint enrolled_signal;

/* A line of its own for each half where letters are large: wherever else it broke it would be hard to read. */
static GtkWidget *make_label(const char *code)
{
	size_t half = lk_labels_scale() > 1 ? strlen(code) / 2 + 1 : 0;
	char *text = g_strdup_printf("%.*s%s%s", (int)half, code, half == 0 ? "" : "\n", code + half);
	GtkWidget *label = gtk_label_new(text);

	lk_secret_wipe(text);
	return label;
}

static void show_codes(LkCodesDialog *self)
{
	for (size_t i = 0; self->codes[i] != NULL; i++) {
		GtkWidget *label = make_label(self->codes[i]);
		gtk_label_set_selectable(GTK_LABEL(label), TRUE);
		gtk_widget_add_css_class(label, "monospace");
		gtk_flow_box_append(self->list, label);
	}
	gtk_stack_set_visible_child(self->stack, self->codes_page);
	gtk_widget_grab_focus(self->print);
}

static void made_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(LkCodesDialog) self = user_data;
	g_autoptr(GError) error = NULL;
	char **codes = lk_session_make_codes_finish(LK_SESSION(source), result, &error);

	if (!lk_wait_end(&self->pending, self->spinner, self->message, error)) {
		lk_client_codes_free(codes);
		return;
	}
	gtk_widget_set_sensitive(self->make, TRUE);
	if (codes == NULL)
		return;
	self->codes = codes;
	lk_kept_mark(GTK_WINDOW(self), LK_LOSS_SECRET);
	show_codes(self);
	g_signal_emit(self, enrolled_signal, 0);
}

static void make_cb(LkCodesDialog *self)
{
	self->pending = g_cancellable_new();
	gtk_spinner_set_spinning(self->spinner, TRUE);
	gtk_widget_set_sensitive(self->make, FALSE);
	/* Not to be cancelled: the codes of before may be void by then. */
	lk_session_make_codes_async(self->session, NULL, made_cb, g_object_ref(self));
}

static void copy_cb(LkCodesDialog *self)
{
	g_autoptr(GSettings) settings = g_settings_new(LK_APPLICATION_ID);
	char *text = g_strjoinv("\n", self->codes);

	lk_clipboard_lend(
		gtk_widget_get_display(GTK_WIDGET(self)), text, g_settings_get_uint(settings, "clipboard-seconds"));
	lk_secret_wipe(text);
	gtk_button_set_label(GTK_BUTTON(self->copy), _("Copied"));
}

static void print_cb(LkCodesDialog *self)
{
	const struct lk_print_page page = {.title = _("Recovery codes"),
		.text = _("Each code works once, in place of the code from a mail, when you cannot sign in. Keep them safe."),
		.who = lk_session_get_dn(self->session),
		.lines = self->codes};

	lk_print(GTK_WINDOW(self), &page);
}

/* While the directory is asked, nobody knows whether the old codes still work: the window stays until that is known. */
static gboolean lk_codes_dialog_close_request(GtkWindow *window)
{
	if (LK_CODES_DIALOG(window)->pending != NULL)
		return TRUE;
	return GTK_WINDOW_CLASS(lk_codes_dialog_parent_class)->close_request(window);
}

static void lk_codes_dialog_dispose(GObject *object)
{
	LkCodesDialog *self = LK_CODES_DIALOG(object);

	g_clear_object(&self->pending);
	g_clear_object(&self->session);
	g_clear_pointer(&self->codes, lk_client_codes_free);
	G_OBJECT_CLASS(lk_codes_dialog_parent_class)->dispose(object);
}

static void lk_codes_dialog_class_init(LkCodesDialogClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	G_OBJECT_CLASS(class)->dispose = lk_codes_dialog_dispose;
	GTK_WINDOW_CLASS(class)->close_request = lk_codes_dialog_close_request;
	enrolled_signal =
		g_signal_new("enrolled", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
	gtk_widget_class_set_template_from_resource(widget_class, LK_RESOURCES "/codes-dialog.ui");
	gtk_widget_class_bind_template_child(widget_class, LkCodesDialog, stack);
	gtk_widget_class_bind_template_child(widget_class, LkCodesDialog, make);
	gtk_widget_class_bind_template_child(widget_class, LkCodesDialog, codes_page);
	gtk_widget_class_bind_template_child(widget_class, LkCodesDialog, list);
	gtk_widget_class_bind_template_child(widget_class, LkCodesDialog, print);
	gtk_widget_class_bind_template_child(widget_class, LkCodesDialog, copy);
	gtk_widget_class_bind_template_child(widget_class, LkCodesDialog, message);
	gtk_widget_class_bind_template_child(widget_class, LkCodesDialog, spinner);
	gtk_widget_class_bind_template_callback(widget_class, make_cb);
	gtk_widget_class_bind_template_callback(widget_class, copy_cb);
	gtk_widget_class_bind_template_callback(widget_class, print_cb);
	gtk_widget_class_add_binding_action(widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void lk_codes_dialog_init(LkCodesDialog *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
}

LkCodesDialog *lk_codes_dialog_new(LkSession *session)
{
	LkCodesDialog *self = g_object_new(LK_TYPE_CODES_DIALOG, NULL);

	self->session = g_object_ref(session);
	return self;
}
