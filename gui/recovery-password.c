#include "recovery-password.h"

#include <glib/gi18n.h>

#include "new-password.h"
#include "wait.h"

struct _LkRecoveryPassword {
	AdwBin parent_instance;

	LkNewPassword *fields;
	GtkLabel *message;
	GtkWidget *set;

	gboolean busy;
};

G_DEFINE_FINAL_TYPE(LkRecoveryPassword, lk_recovery_password, ADW_TYPE_BIN)

static guint set_signal;

static void typed_cb(LkRecoveryPassword *self)
{
	gtk_widget_set_sensitive(self->set, !self->busy && lk_new_password_is_complete(self->fields));
}

static void set_cb(LkRecoveryPassword *self)
{
	if (gtk_widget_get_sensitive(self->set))
		g_signal_emit(self, set_signal, 0);
}

static gboolean lk_recovery_password_grab_focus(GtkWidget *widget)
{
	return gtk_widget_grab_focus(GTK_WIDGET(LK_RECOVERY_PASSWORD(widget)->fields));
}

static void lk_recovery_password_class_init(LkRecoveryPasswordClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	widget_class->grab_focus = lk_recovery_password_grab_focus;
	set_signal = g_signal_new("set", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
	g_type_ensure(LK_TYPE_NEW_PASSWORD);
	gtk_widget_class_set_template_from_resource(widget_class, LK_RESOURCES "/recovery-password.ui");
	gtk_widget_class_bind_template_child(widget_class, LkRecoveryPassword, fields);
	gtk_widget_class_bind_template_child(widget_class, LkRecoveryPassword, message);
	gtk_widget_class_bind_template_child(widget_class, LkRecoveryPassword, set);
	gtk_widget_class_bind_template_callback(widget_class, typed_cb);
	gtk_widget_class_bind_template_callback(widget_class, set_cb);
}

static void lk_recovery_password_init(LkRecoveryPassword *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
}

void lk_recovery_password_set_user(LkRecoveryPassword *self, const char *user)
{
	lk_new_password_set_user(self->fields, user);
}

void lk_recovery_password_set_rules(LkRecoveryPassword *self, const struct lk_rules *rules)
{
	lk_new_password_set_rules(self->fields, rules);
}

struct lk_secret *lk_recovery_password_get(LkRecoveryPassword *self)
{
	struct lk_secret *typed = lk_new_password_take(self->fields);

	if (typed == NULL)
		lk_say(self->message, _("The new passwords differ from each other."));
	return typed;
}

void lk_recovery_password_say(LkRecoveryPassword *self, const char *sentence)
{
	lk_say(self->message, sentence);
}

void lk_recovery_password_set_busy(LkRecoveryPassword *self, gboolean busy)
{
	self->busy = busy;
	gtk_widget_set_sensitive(GTK_WIDGET(self->fields), !busy);
	typed_cb(self);
}

void lk_recovery_password_clear(LkRecoveryPassword *self)
{
	lk_new_password_clear(self->fields);
}
