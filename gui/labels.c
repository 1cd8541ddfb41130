#include "labels.h"

#include <adwaita.h>

/* Of a button in the head of a window, where the title would leave Hangul, which breaks anywhere, a syllable a line. */
#define LEAST_CHARS 5
#define USUAL_DOTS (96 * 1024) /* in an inch, as the setting counts them */

double lk_labels_scale(void)
{
	int dots = -1;

	g_object_get(gtk_settings_get_default(), "gtk-xft-dpi", &dots, NULL);
	return dots <= 0 ? 1 : (double)dots / USUAL_DOTS;
}

/* GTK 4.8 would tell a screen reader the label twice, first with the underscore: the label within the button says it
 * right. */
static void name_cb(GtkButton *button)
{
	gtk_accessible_reset_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL);
}

static void name(GtkWidget *widget)
{
	if (!GTK_IS_BUTTON(widget) || !gtk_button_get_use_underline(GTK_BUTTON(widget)))
		return;
	name_cb(GTK_BUTTON(widget));
	g_signal_handlers_disconnect_by_func(widget, name_cb, NULL);
	g_signal_connect(widget, "notify::label", G_CALLBACK(name_cb), NULL);
}

/* A hyphen at the end of a line would be read as part of a password, a code or a DN. */
static void break_without_hyphens(GtkLabel *label)
{
	PangoAttrList *before = gtk_label_get_attributes(label);
	g_autoptr(PangoAttrList) attributes = before == NULL ? pango_attr_list_new() : pango_attr_list_copy(before);

	pango_attr_list_change(attributes, pango_attr_insert_hyphens_new(FALSE));
	gtk_label_set_attributes(label, attributes);
}

/* What is large already is no larger for being a title. */
static void lessen(GtkWidget *widget)
{
	if (!gtk_widget_has_css_class(widget, "title-1"))
		return;
	gtk_widget_remove_css_class(widget, "title-1");
	gtk_widget_add_css_class(widget, "title-2");
}

static void fit(GtkWidget *widget)
{
	GtkPolicyType across, down;

	lessen(widget);
	if (GTK_IS_LABEL(widget) && GTK_IS_BUTTON(gtk_widget_get_parent(widget))) {
		gtk_label_set_wrap(GTK_LABEL(widget), TRUE);
		gtk_label_set_justify(GTK_LABEL(widget), GTK_JUSTIFY_CENTER);
		if (gtk_widget_get_ancestor(widget, ADW_TYPE_HEADER_BAR) != NULL)
			gtk_label_set_width_chars(GTK_LABEL(widget), LEAST_CHARS);
	} else if (GTK_IS_LABEL(widget) && gtk_widget_get_ancestor(widget, ADW_TYPE_HEADER_BAR) != NULL) {
		gtk_label_set_width_chars(GTK_LABEL(widget), -1); /* a title: the buttons beside it say what there is to do */
	} else if (GTK_IS_SCROLLED_WINDOW(widget) && gtk_widget_get_ancestor(widget, GTK_TYPE_POPOVER) == NULL) {
		gtk_scrolled_window_get_policy(GTK_SCROLLED_WINDOW(widget), &across, &down);
		gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(widget), GTK_POLICY_AUTOMATIC, down);
	}
}

void lk_labels_settle(GtkWidget *widget)
{
	name(widget);
	if (GTK_IS_LABEL(widget))
		break_without_hyphens(GTK_LABEL(widget));
	if (lk_labels_scale() > 1)
		fit(widget);
	for (GtkWidget *child = gtk_widget_get_first_child(widget); child != NULL;
		 child = gtk_widget_get_next_sibling(child))
		lk_labels_settle(child);
}

/* A window is in the list before it has anything in it. */
static void opened_cb(GListModel *windows, guint position, guint removed, guint added)
{
	(void)removed;
	for (guint i = 0; i < added; i++) {
		g_autoptr(GtkWidget) window = g_list_model_get_item(windows, position + i);
		g_signal_connect(window, "map", G_CALLBACK(lk_labels_settle), NULL);
	}
}

void lk_labels_watch(void)
{
	g_signal_connect(gtk_window_get_toplevels(), "items-changed", G_CALLBACK(opened_cb), NULL);
}
