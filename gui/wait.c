#include "wait.h"

void lk_say(GtkLabel *message, const char *sentence)
{
	gtk_label_set_label(message, sentence == NULL ? "" : sentence);
	gtk_widget_set_visible(GTK_WIDGET(message), sentence != NULL);
}

void lk_wait_begin(GCancellable **pending, GtkSpinner *spinner, GtkLabel *message)
{
	lk_say(message, NULL);
	*pending = g_cancellable_new();
	gtk_spinner_set_spinning(spinner, TRUE);
}

gboolean lk_wait_end(GCancellable **pending, GtkSpinner *spinner, GtkLabel *message, const GError *error)
{
	if (*pending == NULL)
		return FALSE;
	g_clear_object(pending);
	gtk_spinner_set_spinning(spinner, FALSE);
	lk_say(message, error == NULL ? NULL : error->message);
	return TRUE;
}
