#include "bulk-how-page.h"

#include <glib/gi18n.h>

#include "field.h"
#include "text.h"

struct _LkBulkHowPage {
	AdwBin parent_instance;

	GtkLabel *sentence;
	GtkSwitch *mail;
	GtkWidget *conceal_row;
	GtkSwitch *conceal;
	GtkSwitch *must_change;
	GtkEditable *reason;
	GtkEditable *ticket;
	GtkLabel *note;

	gboolean wants_reason;
};

G_DEFINE_FINAL_TYPE(LkBulkHowPage, lk_bulk_how_page, ADW_TYPE_BIN)

static guint changed_signal;

static gboolean lacks_reason(LkBulkHowPage *self)
{
	return self->wants_reason && *gtk_editable_get_text(self->reason) == '\0';
}

static const char *find_note(LkBulkHowPage *self)
{
	if (lacks_reason(self))
		return _("Give a reason; the policy wants one for each reset.");
	if (!gtk_switch_get_active(self->mail))
		return _("No mail is sent, and the passwords are shown here alone.");
	if (gtk_switch_get_active(self->conceal))
		return _("Each user gets a temporary password at the address on record, and nobody else sees it.");
	return _("Each user gets a temporary password at the address on record, and you can see it afterwards.");
}

static void changed_cb(LkBulkHowPage *self)
{
	gtk_widget_set_visible(self->conceal_row, gtk_switch_get_active(self->mail));
	gtk_label_set_label(self->note, find_note(self));
	g_signal_emit(self, changed_signal, 0);
}

static void lk_bulk_how_page_class_init(LkBulkHowPageClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	changed_signal =
		g_signal_new("changed", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
	gtk_widget_class_set_template_from_resource(widget_class, LK_RESOURCES "/bulk-how-page.ui");
	gtk_widget_class_bind_template_child(widget_class, LkBulkHowPage, sentence);
	gtk_widget_class_bind_template_child(widget_class, LkBulkHowPage, mail);
	gtk_widget_class_bind_template_child(widget_class, LkBulkHowPage, conceal_row);
	gtk_widget_class_bind_template_child(widget_class, LkBulkHowPage, conceal);
	gtk_widget_class_bind_template_child(widget_class, LkBulkHowPage, must_change);
	gtk_widget_class_bind_template_child(widget_class, LkBulkHowPage, reason);
	gtk_widget_class_bind_template_child(widget_class, LkBulkHowPage, ticket);
	gtk_widget_class_bind_template_child(widget_class, LkBulkHowPage, note);
	gtk_widget_class_bind_template_callback(widget_class, changed_cb);
}

static void lk_bulk_how_page_init(LkBulkHowPage *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
}

void lk_bulk_how_page_ask(LkBulkHowPage *self, guint count, guint left_out, gboolean wants_reason)
{
	char number[16], others[16];

	g_snprintf(number, sizeof number, "%u", count);
	g_snprintf(others, sizeof others, "%u", left_out);
	const char *template = g_dngettext(GETTEXT_PACKAGE, "The password of {number} user is reset.",
		"The passwords of {number} users are reset.", count);
	g_autofree char *sentence = lk_text_fill(template, "number", number, NULL);
	g_autofree char *more = lk_text_fill(_("Left out: {number}."), "number", others, NULL);
	g_autofree char *both = left_out == 0 ? g_strdup(sentence) : g_strdup_printf("%s\n%s", sentence, more);

	self->wants_reason = wants_reason;
	gtk_label_set_label(self->sentence, both);
	changed_cb(self);
}

struct lk_reset_request *lk_bulk_how_page_read(LkBulkHowPage *self)
{
	struct lk_reset_request *how;

	if (lacks_reason(self))
		return NULL;
	how = g_new0(struct lk_reset_request, 1);
	how->notify = gtk_switch_get_active(self->mail);
	how->must_change = gtk_switch_get_active(self->must_change);
	how->conceal = how->notify && gtk_switch_get_active(self->conceal);
	how->reason = lk_field_text(self->reason);
	how->ticket = lk_field_text(self->ticket);
	return how;
}
