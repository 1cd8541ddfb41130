#include "aloud-view.h"

#include <glib/gi18n.h>

#include "spell.h"

struct _LkAloudView {
	AdwBin parent_instance;
};

G_DEFINE_FINAL_TYPE(LkAloudView, lk_aloud_view, ADW_TYPE_BIN)

static GtkWidget *new_label(const char *text, const char *style)
{
	GtkWidget *label = gtk_label_new(text);

	gtk_widget_add_css_class(label, style);
	return label;
}

/* A screen reader says the name alone: the letter above it would be said twice. */
static GtkWidget *make_cell(gunichar letter)
{
	char text[8] = {0}, *name = lk_spell_letter(letter);
	GtkWidget *cell = gtk_box_new(GTK_ORIENTATION_VERTICAL, 2);
	GtkWidget *large = g_object_new(GTK_TYPE_LABEL, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

	g_unichar_to_utf8(letter, text);
	gtk_label_set_label(GTK_LABEL(large), text);
	gtk_widget_add_css_class(large, "title-1");
	gtk_widget_add_css_class(large, "monospace");
	gtk_widget_set_margin_top(cell, 6);
	gtk_widget_set_margin_bottom(cell, 6);
	gtk_box_append(GTK_BOX(cell), large);
	gtk_box_append(GTK_BOX(cell), new_label(name, "caption"));
	lk_secret_wipe(name);
	return cell;
}

/* The keyboard has nothing to do there. */
static GtkWidget *make_child(GtkWidget *cell)
{
	return g_object_new(
		GTK_TYPE_FLOW_BOX_CHILD, "accessible-role", GTK_ACCESSIBLE_ROLE_GROUP, "focusable", FALSE, "child", cell, NULL);
}

/* On one line, or with large letters on a narrow window on several. */
static GtkWidget *make_group(const char *text, size_t length)
{
	GtkWidget *group = g_object_new(GTK_TYPE_FLOW_BOX, "accessible-role", GTK_ACCESSIBLE_ROLE_GROUP, "selection-mode",
		GTK_SELECTION_NONE, "homogeneous", TRUE, "max-children-per-line", (guint)g_utf8_strlen(text, (gssize)length),
		NULL);

	gtk_widget_add_css_class(group, "card");
	for (const char *at = text; at < text + length; at = g_utf8_next_char(at))
		gtk_flow_box_append(GTK_FLOW_BOX(group), make_child(make_cell(g_utf8_get_char(at))));
	return group;
}

static void lk_aloud_view_class_init(LkAloudViewClass *class)
{
	gtk_widget_class_set_accessible_role(GTK_WIDGET_CLASS(class), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void lk_aloud_view_init(LkAloudView *self)
{
	gtk_accessible_update_property(
		GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("The password, letter by letter"), -1);
}

static GtkWidget *make_groups(const char *text)
{
	GtkWidget *groups = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);

	for (size_t length; (length = lk_spell_group(text)) > 0; text += length)
		gtk_box_append(GTK_BOX(groups), make_group(text, length));
	return groups;
}

void lk_aloud_view_show(LkAloudView *self, struct lk_secret *password)
{
	if (password == NULL) {
		adw_bin_set_child(ADW_BIN(self), NULL);
		return;
	}
	adw_bin_set_child(ADW_BIN(self), make_groups(lk_secret_open(password, NULL)));
	lk_secret_close(password);
}
