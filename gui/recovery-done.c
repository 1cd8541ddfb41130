#include "recovery-done.h"

#include <glib/gi18n.h>

struct _LkRecoveryDone {
	AdwBin parent_instance;

	GtkLabel *sentence;
	GtkWidget *sign_in;
	GtkWidget *finish;

	gboolean kiosk;
};

G_DEFINE_FINAL_TYPE(LkRecoveryDone, lk_recovery_done, ADW_TYPE_BIN)

enum { SIGN_IN, FINISH, SIGNALS };
static guint signals[SIGNALS];

static void sign_in_cb(LkRecoveryDone *self)
{
	g_signal_emit(self, signals[SIGN_IN], 0);
}

static void finish_cb(LkRecoveryDone *self)
{
	g_signal_emit(self, signals[FINISH], 0);
}

static gboolean lk_recovery_done_grab_focus(GtkWidget *widget)
{
	LkRecoveryDone *self = LK_RECOVERY_DONE(widget);

	return gtk_widget_grab_focus(self->kiosk ? self->finish : self->sign_in);
}

static void lk_recovery_done_class_init(LkRecoveryDoneClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
	GType type = G_TYPE_FROM_CLASS(class);

	widget_class->grab_focus = lk_recovery_done_grab_focus;
	signals[SIGN_IN] = g_signal_new("sign-in", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
	signals[FINISH] = g_signal_new("finish", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
	gtk_widget_class_set_template_from_resource(widget_class, LK_RESOURCES "/recovery-done.ui");
	gtk_widget_class_bind_template_child(widget_class, LkRecoveryDone, sentence);
	gtk_widget_class_bind_template_child(widget_class, LkRecoveryDone, sign_in);
	gtk_widget_class_bind_template_child(widget_class, LkRecoveryDone, finish);
	gtk_widget_class_bind_template_callback(widget_class, sign_in_cb);
	gtk_widget_class_bind_template_callback(widget_class, finish_cb);
}

static void lk_recovery_done_init(LkRecoveryDone *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
	lk_recovery_done_set_kiosk(self, FALSE);
}

void lk_recovery_done_set_kiosk(LkRecoveryDone *self, gboolean kiosk)
{
	self->kiosk = kiosk;
	gtk_widget_set_visible(self->sign_in, !kiosk);
	gtk_widget_set_visible(self->finish, kiosk);
}

void lk_recovery_done_tell(LkRecoveryDone *self, gboolean changed)
{
	gtk_label_set_label(self->sentence, changed ? _("Your password was changed. You can sign in with the new one.")
												: _("You can sign in again with the password you have."));
}
