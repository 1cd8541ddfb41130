#include "new-password.h"

#include "strength-bar.h"

struct _LkNewPassword {
	AdwBin parent_instance;

	GtkEditable *first;
	GtkEditable *again;
	LkStrengthBar *bar;

	char *user;
};

G_DEFINE_FINAL_TYPE(LkNewPassword, lk_new_password, ADW_TYPE_BIN)

enum { CHANGED, ACTIVATED, SIGNALS };
static guint signals[SIGNALS];

static void typed_cb(LkNewPassword *self)
{
	lk_strength_bar_judge(self->bar, gtk_editable_get_text(self->first), self->user == NULL ? "" : self->user);
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
	g_type_ensure(LK_TYPE_STRENGTH_BAR);
	gtk_widget_class_set_template_from_resource(widget_class, LK_RESOURCES "/new-password.ui");
	gtk_widget_class_bind_template_child(widget_class, LkNewPassword, first);
	gtk_widget_class_bind_template_child(widget_class, LkNewPassword, again);
	gtk_widget_class_bind_template_child(widget_class, LkNewPassword, bar);
	gtk_widget_class_bind_template_callback(widget_class, typed_cb);
	gtk_widget_class_bind_template_callback(widget_class, activated_cb);
}

static void lk_new_password_init(LkNewPassword *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
}

void lk_new_password_set_rules(LkNewPassword *self, const struct lk_rules *rules)
{
	lk_strength_bar_set_rules(self->bar, rules);
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
