#include "bulk-names-page.h"

#include <glib/gi18n.h>

#include "bulk-names.h"
#include "text.h"
#include "wait.h"

#define FILE_MOST (4 * 1024 * 1024) /* octets; LK_BULK_NAMES_MOST names need a tenth of it */

struct _LkBulkNamesPage {
	AdwBin parent_instance;

	GtkTextView *text;
	GtkLabel *message;
};

G_DEFINE_FINAL_TYPE(LkBulkNamesPage, lk_bulk_names_page, ADW_TYPE_BIN)

static guint changed_signal;

static char *get_text(LkBulkNamesPage *self)
{
	GtkTextBuffer *buffer = gtk_text_view_get_buffer(self->text);
	GtkTextIter begin, end;

	gtk_text_buffer_get_bounds(buffer, &begin, &end);
	return gtk_text_buffer_get_text(buffer, &begin, &end, FALSE);
}

static void changed_cb(LkBulkNamesPage *self)
{
	char number[16];
	bool cut;
	g_autofree char *text = get_text(self);
	g_auto(GStrv) names = lk_bulk_names_read(text, &cut);

	g_snprintf(number, sizeof number, "%d", LK_BULK_NAMES_MOST);
	g_autofree char *sentence =
		lk_text_fill(_("These are more than {number} users. The first {number} are taken."), "number", number, NULL);
	lk_say(self->message, cut ? sentence : NULL);
	g_signal_emit(self, changed_signal, 0);
}

static void show_file(LkBulkNamesPage *self, const char *octets, gsize length, const GError *error)
{
	g_autofree char *text = error != NULL || length > FILE_MOST ? NULL : lk_bulk_names_decode(octets, length);

	if (text != NULL)
		gtk_text_buffer_set_text(gtk_text_view_get_buffer(self->text), text, -1);
	else if (error != NULL)
		lk_say(self->message, error->message);
	else
		lk_say(self->message, _("This file is not a list of users: it is too large, or no text."));
}

static void read_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(LkBulkNamesPage) self = user_data;
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) octets = g_input_stream_read_bytes_finish(G_INPUT_STREAM(source), result, &error);
	gsize length = 0;

	if (self->text == NULL)
		return;
	const char *text = octets == NULL ? NULL : g_bytes_get_data(octets, &length);
	show_file(self, text == NULL ? "" : text, length, error);
}

/* One octet more than is wanted tells that the file is larger, without reading what has no end. */
static void opened_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(LkBulkNamesPage) self = user_data;
	g_autoptr(GError) error = NULL;
	g_autoptr(GFileInputStream) stream = g_file_read_finish(G_FILE(source), result, &error);

	if (self->text == NULL)
		return;
	if (stream == NULL)
		show_file(self, NULL, 0, error);
	else
		g_input_stream_read_bytes_async(
			G_INPUT_STREAM(stream), FILE_MOST + 1, G_PRIORITY_DEFAULT, NULL, read_cb, g_steal_pointer(&self));
}

static void chosen_cb(GtkNativeDialog *dialog, int response, LkBulkNamesPage *self)
{
	g_autoptr(GFile) file = gtk_file_chooser_get_file(GTK_FILE_CHOOSER(dialog));

	if (response == GTK_RESPONSE_ACCEPT && file != NULL)
		g_file_read_async(file, G_PRIORITY_DEFAULT, NULL, opened_cb, g_object_ref(self));
	g_object_unref(dialog);
}

static void open_cb(LkBulkNamesPage *self)
{
	GtkWindow *parent = GTK_WINDOW(gtk_widget_get_root(GTK_WIDGET(self)));
	GtkFileChooserNative *dialog =
		gtk_file_chooser_native_new(_("A list of users"), parent, GTK_FILE_CHOOSER_ACTION_OPEN, _("_Open"), _("_Cancel"));

	gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(dialog), TRUE);
	g_signal_connect_object(dialog, "response", G_CALLBACK(chosen_cb), self, 0);
	gtk_native_dialog_show(GTK_NATIVE_DIALOG(dialog));
}

static gboolean lk_bulk_names_page_grab_focus(GtkWidget *widget)
{
	return gtk_widget_grab_focus(GTK_WIDGET(LK_BULK_NAMES_PAGE(widget)->text));
}

static void lk_bulk_names_page_dispose(GObject *object)
{
	LK_BULK_NAMES_PAGE(object)->text = NULL;
	G_OBJECT_CLASS(lk_bulk_names_page_parent_class)->dispose(object);
}

static void lk_bulk_names_page_class_init(LkBulkNamesPageClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	G_OBJECT_CLASS(class)->dispose = lk_bulk_names_page_dispose;
	widget_class->grab_focus = lk_bulk_names_page_grab_focus;
	changed_signal =
		g_signal_new("changed", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
	gtk_widget_class_set_template_from_resource(widget_class, LK_RESOURCES "/bulk-names-page.ui");
	gtk_widget_class_bind_template_child(widget_class, LkBulkNamesPage, text);
	gtk_widget_class_bind_template_child(widget_class, LkBulkNamesPage, message);
	gtk_widget_class_bind_template_callback(widget_class, changed_cb);
	gtk_widget_class_bind_template_callback(widget_class, open_cb);
}

static void lk_bulk_names_page_init(LkBulkNamesPage *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
}

char **lk_bulk_names_page_read(LkBulkNamesPage *self)
{
	g_autofree char *text = get_text(self);
	bool cut;

	return lk_bulk_names_read(text, &cut);
}
