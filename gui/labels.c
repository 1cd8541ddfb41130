#include "labels.h"

#include <adwaita.h>

/* Of a button, where what stands beside it would leave Hangul, which breaks anywhere, a syllable a line. */
#define LEAST_CHARS 5
#define USUAL_DOTS (96 * 1024) /* in an inch, as the setting counts them */
#define MARGIN 6
#define HUGE 1.25 /* what is scaled by more than that finds no room beside anything */

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

/* What PROPERTY of SOURCE says, as lines below BEFORE. */
static GtkWidget *add_line(GtkWidget *before, gpointer source, const char *property, const char *class)
{
	GtkWidget *line = gtk_label_new(NULL);

	gtk_label_set_wrap(GTK_LABEL(line), TRUE);
	gtk_label_set_justify(GTK_LABEL(line), GTK_JUSTIFY_CENTER);
	gtk_widget_add_css_class(line, class);
	gtk_box_insert_child_after(GTK_BOX(gtk_widget_get_parent(before)), line, before);
	g_object_bind_property(source, property, line, "label", G_BINDING_SYNC_CREATE);
	return line;
}

/* Between the buttons of a dialog little would be left of its title: it stands below them, in as many lines as it
 * takes. A flat head has the name of the app alone, and above a title of its own. */
static void lower_title(AdwHeaderBar *header)
{
	GtkWidget *before = adw_header_bar_get_title_widget(header);
	GtkRoot *dialog = gtk_widget_get_root(GTK_WIDGET(header));
	gboolean flat = gtk_widget_has_css_class(GTK_WIDGET(header), "flat");

	if ((!flat && !ADW_IS_WINDOW(dialog)) || ADW_IS_ABOUT_WINDOW(dialog) ||
		!GTK_IS_BOX(gtk_widget_get_parent(GTK_WIDGET(header))) || (before != NULL && !ADW_IS_WINDOW_TITLE(before)))
		return;
	if (before == NULL) {
		add_line(GTK_WIDGET(header), dialog, "title", "heading");
	} else if (!flat) {
		GtkWidget *title = add_line(GTK_WIDGET(header), before, "title", "heading");
		if (*adw_window_title_get_subtitle(ADW_WINDOW_TITLE(before)) != '\0')
			add_line(title, before, "subtitle", "dim-label");
	}
	adw_header_bar_set_title_widget(header, gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0));
}

/* What BOX holds stands below each other then. */
static void stand_upright(GtkWidget *box)
{
	if (lk_labels_scale() > HUGE && GTK_IS_BOX(box))
		gtk_orientable_set_orientation(GTK_ORIENTABLE(box), GTK_ORIENTATION_VERTICAL);
}

/* And below the title of the row that it stands in. */
static void put_below_title(GtkWidget *widget)
{
	GtkWidget *row = gtk_widget_get_ancestor(widget, ADW_TYPE_ACTION_ROW);

	if (row == NULL || lk_labels_scale() <= HUGE)
		return;
	stand_upright(gtk_widget_get_first_child(row));
	gtk_widget_set_margin_top(gtk_widget_get_first_child(row), MARGIN);
	gtk_widget_set_margin_bottom(gtk_widget_get_first_child(row), MARGIN);
}

/* Or below the title of the group whose head it stands in. */
static void put_below_head(GtkWidget *button)
{
	GtkWidget *head = gtk_widget_get_parent(button);

	if (head != NULL && gtk_widget_has_css_class(head, "header"))
		stand_upright(head);
}

static void fit_label(GtkLabel *label)
{
	GtkWidget *widget = GTK_WIDGET(label);

	if (GTK_IS_BUTTON(gtk_widget_get_parent(widget))) {
		put_below_title(widget);
		put_below_head(gtk_widget_get_parent(widget));
		if (gtk_widget_has_css_class(gtk_widget_get_parent(widget), "pill"))
			stand_upright(gtk_widget_get_parent(gtk_widget_get_parent(widget)));
		gtk_label_set_wrap(label, TRUE);
		gtk_label_set_justify(label, GTK_JUSTIFY_CENTER);
		gtk_label_set_width_chars(label, LEAST_CHARS);
	} else if (gtk_widget_get_ancestor(widget, ADW_TYPE_HEADER_BAR) != NULL) {
		gtk_label_set_width_chars(label, -1); /* a title: the buttons beside it say what there is to do */
	} else if (gtk_widget_get_ancestor(widget, ADW_TYPE_PREFERENCES_GROUP) != NULL &&
			   gtk_widget_get_ancestor(widget, GTK_TYPE_LIST_BOX_ROW) == NULL) {
		gtk_label_set_ellipsize(label, PANGO_ELLIPSIZE_NONE); /* the title of the group */
		gtk_label_set_wrap(label, TRUE);
	}
}

static void fit(GtkWidget *widget)
{
	GtkPolicyType across, down;

	lessen(widget);
	if (ADW_IS_HEADER_BAR(widget)) {
		lower_title(ADW_HEADER_BAR(widget));
	} else if (GTK_IS_LABEL(widget)) {
		fit_label(GTK_LABEL(widget));
	} else if (GTK_IS_SPIN_BUTTON(widget)) {
		put_below_title(widget);
	} else if (GTK_IS_DROP_DOWN(widget)) {
		stand_upright(gtk_widget_get_parent(widget));
	} else if (ADW_IS_COMBO_ROW(widget)) {
		adw_combo_row_set_use_subtitle(ADW_COMBO_ROW(widget), TRUE);
		adw_action_row_set_subtitle_lines(ADW_ACTION_ROW(widget), 0);
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
