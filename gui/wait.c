#include "wait.h"

static gboolean scroll_cb(GtkWidget *message, GdkFrameClock *clock, gpointer user_data)
{
	GtkWidget *view = gtk_widget_get_ancestor(message, GTK_TYPE_VIEWPORT);
	graphene_rect_t box;

	(void)clock, (void)user_data;
	if (view == NULL || !gtk_widget_compute_bounds(message, view, &box))
		return G_SOURCE_REMOVE;
	GtkAdjustment *place = gtk_scrollable_get_vadjustment(GTK_SCROLLABLE(view));
	double top = gtk_adjustment_get_value(place) + box.origin.y;
	gtk_adjustment_clamp_page(place, top, top + box.size.height);
	return G_SOURCE_REMOVE;
}

/* What has just come has its place once this frame was laid out. */
static gboolean frame_cb(GtkWidget *message, GdkFrameClock *clock, gpointer user_data)
{
	(void)clock, (void)user_data;
	gtk_widget_add_tick_callback(message, scroll_cb, NULL, NULL);
	return G_SOURCE_REMOVE;
}

void lk_say(GtkLabel *message, const char *sentence)
{
	gtk_label_set_label(message, sentence == NULL ? "" : sentence);
	gtk_widget_set_visible(GTK_WIDGET(message), sentence != NULL);
	if (sentence != NULL)
		gtk_widget_add_tick_callback(GTK_WIDGET(message), frame_cb, NULL, NULL);
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
