#include "new-password.h"

#include <glib/gi18n.h>

#include "strength.h"

struct _LkNewPassword {
	AdwBin parent_instance;

	GtkEditable *first;
	GtkEditable *again;
	GtkLevelBar *level;
	GtkLabel *strength;
	GtkLabel *rules;

	char *user;
};

G_DEFINE_FINAL_TYPE(LkNewPassword, lk_new_password, ADW_TYPE_BIN)

enum { CHANGED, ACTIVATED, SIGNALS };
static guint signals[SIGNALS];

static const char *strength_words(enum lk_strength strength)
{
	switch (strength) {
	case LK_STRENGTH_NONE:
		return "";
	case LK_STRENGTH_WEAK:
		return _("Easy to guess");
	case LK_STRENGTH_FAIR:
		return _("Could be better; make it longer");
	case LK_STRENGTH_GOOD:
		return _("Hard to guess");
	case LK_STRENGTH_STRONG:
		return _("Very hard to guess");
	}
	return "";
}

static void typed_cb(LkNewPassword *self)
{
	const char *user = self->user == NULL ? "" : self->user;
	enum lk_strength strength = lk_strength_of(gtk_editable_get_text(self->first), user);

	gtk_level_bar_set_value(self->level, strength);
	gtk_label_set_label(self->strength, strength_words(strength));
	g_signal_emit(self, signals[CHANGED], 0);
}

static void activated_cb(LkNewPassword *self)
{
	g_signal_emit(self, signals[ACTIVATED], 0);
}

static gboolean lk_new_password_grab_focus(GtkWidget *widget)
{
	return gtk_widget_grab_focus(GTK_WIDGET(LK_NEW_PASSWORD(widget)->first));
}

static void lk_new_password_finalize(GObject *object)
{
	g_free(LK_NEW_PASSWORD(object)->user);
	G_OBJECT_CLASS(lk_new_password_parent_class)->finalize(object);
}

static void lk_new_password_class_init(LkNewPasswordClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
	GType type = G_TYPE_FROM_CLASS(class);

	G_OBJECT_CLASS(class)->finalize = lk_new_password_finalize;
	widget_class->grab_focus = lk_new_password_grab_focus;
	signals[CHANGED] = g_signal_new("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
	signals[ACTIVATED] = g_signal_new("activated", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
	gtk_widget_class_set_template_from_resource(widget_class, LK_RESOURCES "/new-password.ui");
	gtk_widget_class_bind_template_child(widget_class, LkNewPassword, first);
	gtk_widget_class_bind_template_child(widget_class, LkNewPassword, again);
	gtk_widget_class_bind_template_child(widget_class, LkNewPassword, level);
	gtk_widget_class_bind_template_child(widget_class, LkNewPassword, strength);
	gtk_widget_class_bind_template_child(widget_class, LkNewPassword, rules);
	gtk_widget_class_bind_template_callback(widget_class, typed_cb);
	gtk_widget_class_bind_template_callback(widget_class, activated_cb);
}

static void lk_new_password_init(LkNewPassword *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
	lk_new_password_set_rules(self, NULL);
}

void lk_new_password_set_rules(LkNewPassword *self, const struct lk_rules *rules)
{
	static const struct lk_rules unknown;
	g_autofree char *text = lk_rules_describe(rules == NULL ? &unknown : rules);

	gtk_label_set_label(self->rules, text);
}

void lk_new_password_set_user(LkNewPassword *self, const char *user)
{
	g_free(self->user);
	self->user = g_strdup(user);
}

gboolean lk_new_password_is_complete(LkNewPassword *self)
{
	return *gtk_editable_get_text(self->first) != '\0' && *gtk_editable_get_text(self->again) != '\0';
}

struct lk_secret *lk_new_password_take(LkNewPassword *self)
{
	if (!g_str_equal(gtk_editable_get_text(self->first), gtk_editable_get_text(self->again)))
		return NULL;
	return lk_secret_new(gtk_editable_get_text(self->first));
}

void lk_new_password_clear(LkNewPassword *self)
{
	gtk_editable_set_text(self->first, "");
	gtk_editable_set_text(self->again, "");
}
