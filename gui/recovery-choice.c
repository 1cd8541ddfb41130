#include "recovery-choice.h"

#include "wait.h"

struct _LkRecoveryChoice {
	AdwBin parent_instance;

	GtkLabel *message;
	GtkWidget *keep;
};

G_DEFINE_FINAL_TYPE(LkRecoveryChoice, lk_recovery_choice, ADW_TYPE_BIN)

enum { KEEP, CREATE, SIGNALS };
static guint signals[SIGNALS];

static void keep_cb(LkRecoveryChoice *self)
{
	g_signal_emit(self, signals[KEEP], 0);
}

static void create_cb(LkRecoveryChoice *self)
{
	g_signal_emit(self, signals[CREATE], 0);
}

static gboolean lk_recovery_choice_grab_focus(GtkWidget *widget)
{
	return gtk_widget_grab_focus(LK_RECOVERY_CHOICE(widget)->keep);
}

static void lk_recovery_choice_class_init(LkRecoveryChoiceClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
	GType type = G_TYPE_FROM_CLASS(class);

	widget_class->grab_focus = lk_recovery_choice_grab_focus;
	signals[KEEP] = g_signal_new("keep", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
	signals[CREATE] = g_signal_new("create", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
	gtk_widget_class_set_template_from_resource(widget_class, LK_RESOURCES "/recovery-choice.ui");
	gtk_widget_class_bind_template_child(widget_class, LkRecoveryChoice, message);
	gtk_widget_class_bind_template_child(widget_class, LkRecoveryChoice, keep);
	gtk_widget_class_bind_template_callback(widget_class, keep_cb);
	gtk_widget_class_bind_template_callback(widget_class, create_cb);
}

static void lk_recovery_choice_init(LkRecoveryChoice *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
}

void lk_recovery_choice_say(LkRecoveryChoice *self, const char *sentence)
{
	lk_say(self->message, sentence);
}
