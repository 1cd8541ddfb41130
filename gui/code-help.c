#include "code-help.h"

#include <sodium.h>

#include "latchkey.h"
#include "secret.h"
#include "typed-words.h"

struct _LkCodeHelp {
	AdwBin parent_instance;

	GtkLabel *groups;
	GtkLabel *note;
};

G_DEFINE_FINAL_TYPE(LkCodeHelp, lk_code_help, ADW_TYPE_BIN)

static gboolean show(GtkLabel *label, const char *text)
{
	gboolean visible = text != NULL && *text != '\0';

	gtk_label_set_label(label, visible ? text : "");
	gtk_widget_set_visible(GTK_WIDGET(label), visible);
	return visible;
}

static void lk_code_help_class_init(LkCodeHelpClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	gtk_widget_class_set_template_from_resource(widget_class, LK_RESOURCES "/code-help.ui");
	gtk_widget_class_bind_template_child(widget_class, LkCodeHelp, groups);
	gtk_widget_class_bind_template_child(widget_class, LkCodeHelp, note);
}

static void lk_code_help_init(LkCodeHelp *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
}

gboolean lk_code_help_read(LkCodeHelp *self, const char *text)
{
	struct lk_client_typed typed;

	lk_client_typed_read(text, &typed);
	char *groups = typed.kind == LK_CLIENT_TYPED_UNKNOWN ? lk_typed_groups(text) : g_strdup(typed.code);
	char *note = lk_typed_note(&typed);
	gboolean grouped = show(self->groups, groups), noted = show(self->note, note);
	gboolean something = typed.kind != LK_CLIENT_TYPED_NOTHING;
	gtk_widget_set_visible(GTK_WIDGET(self), grouped || noted);
	lk_secret_wipe(groups);
	lk_secret_wipe(note);
	sodium_memzero(&typed, sizeof typed);
	return something;
}
