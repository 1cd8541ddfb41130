#include "closing.h"

#include <glib/gi18n.h>

#include "kept.h"
#include "text.h"

static const struct {
	unsigned loss;
	const char *sentence;
} sentences[] = {
	{LK_LOSS_KEPT, N_("Something is kept here for whoever locked the window.")},
	{LK_LOSS_RUN,
		N_("Passwords are being reset: those whose turn has not come will not be, and nobody will see here what came "
		   "of the others.")},
	{LK_LOSS_RESULTS, N_("What came of resets will be lost, with passwords that are shown nowhere else.")},
	{LK_LOSS_SECRET, N_("A password or recovery codes that are shown only once will be lost.")},
};

static char *tell(unsigned losses)
{
	GString *lines = g_string_new(NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(sentences); i++) {
		if ((losses & sentences[i].loss) != 0)
			lk_text_add_line(lines, g_strdup(_(sentences[i].sentence)));
	}
	return g_string_free(lines, FALSE);
}

/* The question itself goes with the window, after it has answered. */
static gboolean destroy_cb(gpointer window)
{
	gtk_window_destroy(window);
	return G_SOURCE_REMOVE;
}

static void answered_cb(GtkWindow *window, const char *response)
{
	if (g_str_equal(response, "close"))
		g_idle_add_full(G_PRIORITY_DEFAULT, destroy_cb, g_object_ref(window), g_object_unref);
}

void lk_closing_ask(GtkWindow *window, unsigned losses)
{
	GtkWindow *top = lk_kept_topmost(window);
	g_autofree char *body = tell(losses);

	if (ADW_IS_MESSAGE_DIALOG(top)) {
		gtk_window_present(top);
		return;
	}
	GtkWidget *dialog = adw_message_dialog_new(top, _("Close the window?"), body);
	adw_message_dialog_add_responses(
		ADW_MESSAGE_DIALOG(dialog), "cancel", _("_Cancel"), "close", _("Close and _lose it"), NULL);
	adw_message_dialog_set_response_appearance(ADW_MESSAGE_DIALOG(dialog), "close", ADW_RESPONSE_DESTRUCTIVE);
	adw_message_dialog_set_default_response(ADW_MESSAGE_DIALOG(dialog), "cancel");
	g_signal_connect_object(dialog, "response", G_CALLBACK(answered_cb), window, G_CONNECT_SWAPPED);
	gtk_window_present(GTK_WINDOW(dialog));
}
