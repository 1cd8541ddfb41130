#include "strength-bar.h"

#include <glib/gi18n.h>

#include "strength.h"

struct _LkStrengthBar {
	AdwBin parent_instance;

	GtkLevelBar *level;
	GtkLabel *strength;
	GtkLabel *rules;
};

G_DEFINE_FINAL_TYPE(LkStrengthBar, lk_strength_bar, ADW_TYPE_BIN)

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

static void lk_strength_bar_class_init(LkStrengthBarClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	gtk_widget_class_set_template_from_resource(widget_class, LK_RESOURCES "/strength-bar.ui");
	gtk_widget_class_bind_template_child(widget_class, LkStrengthBar, level);
	gtk_widget_class_bind_template_child(widget_class, LkStrengthBar, strength);
	gtk_widget_class_bind_template_child(widget_class, LkStrengthBar, rules);
}

static void lk_strength_bar_init(LkStrengthBar *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
	lk_strength_bar_set_rules(self, NULL);
}

void lk_strength_bar_set_rules(LkStrengthBar *self, const struct lk_rules *rules)
{
	static const struct lk_rules unknown;
	g_autofree char *text = lk_rules_describe(rules == NULL ? &unknown : rules);

	gtk_label_set_label(self->rules, text);
}

void lk_strength_bar_judge(LkStrengthBar *self, const char *password, const char *user)
{
	enum lk_strength strength = lk_strength_of(password, user);

	gtk_level_bar_set_value(self->level, strength);
	gtk_label_set_label(self->strength, strength_words(strength));
}
