#include "save-table.h"

#include <glib/gi18n.h>
#include <sodium.h>

#include "toast.h"

struct saving {
	GtkFileChooserNative *dialog;
	GtkWidget *from;
	GString *table;
	char *saved;
};

static void gone_cb(gpointer user_data, GObject *where_it_was);

static void saving_free(struct saving *saving)
{
	if (saving->from != NULL)
		g_object_weak_unref(G_OBJECT(saving->from), gone_cb, saving);
	sodium_memzero(saving->table->str, saving->table->allocated_len);
	g_string_free(saving->table, TRUE);
	gtk_native_dialog_destroy(GTK_NATIVE_DIALOG(saving->dialog));
	g_object_unref(saving->dialog);
	g_free(saving->saved);
	g_free(saving);
}

/* Its window was closed, by the idle lock perhaps: nothing is saved any more. */
static void gone_cb(gpointer user_data, GObject *where_it_was)
{
	struct saving *saving = user_data;

	(void)where_it_was;
	saving->from = NULL;
	g_signal_handlers_disconnect_by_data(saving->dialog, saving);
	saving_free(saving);
}

static void save(struct saving *saving, GFile *file)
{
	g_autoptr(GError) error = NULL;
	gboolean saved = g_file_replace_contents(file, saving->table->str, saving->table->len, NULL, FALSE,
		G_FILE_CREATE_PRIVATE | G_FILE_CREATE_REPLACE_DESTINATION, NULL, NULL, &error);

	lk_toast(saving->from, saved ? saving->saved : error->message);
}

static void chosen_cb(GtkNativeDialog *dialog, int response, gpointer user_data)
{
	struct saving *saving = user_data;
	g_autoptr(GFile) file = gtk_file_chooser_get_file(GTK_FILE_CHOOSER(dialog));

	if (response == GTK_RESPONSE_ACCEPT && file != NULL)
		save(saving, file);
	saving_free(saving);
}

void lk_save_table(GtkWidget *from, const char *title, const char *name, GString *table, const char *saved)
{
	GtkWindow *parent = GTK_WINDOW(gtk_widget_get_root(from));
	struct saving *saving = g_new0(struct saving, 1);

	saving->dialog = gtk_file_chooser_native_new(title, parent, GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), _("_Cancel"));
	saving->from = from;
	g_object_weak_ref(G_OBJECT(from), gone_cb, saving);
	saving->table = table;
	saving->saved = g_strdup(saved);
	gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(saving->dialog), TRUE);
	gtk_file_chooser_set_current_name(GTK_FILE_CHOOSER(saving->dialog), name);
	g_signal_connect(saving->dialog, "response", G_CALLBACK(chosen_cb), saving);
	gtk_native_dialog_show(GTK_NATIVE_DIALOG(saving->dialog));
}
