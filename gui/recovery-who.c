#include "recovery-who.h"

#include <glib/gi18n.h>

#include "latchkey.h"
#include "text.h"
#include "wait.h"

struct _LkRecoveryWho {
	AdwBin parent_instance;

	GtkEditable *user;
	GtkLabel *note;
	GtkLabel *message;
	GtkWidget *request;
	GtkWidget *have_code;

	gboolean busy;
};

G_DEFINE_FINAL_TYPE(LkRecoveryWho, lk_recovery_who, ADW_TYPE_BIN)

enum { REQUEST, HAVE_CODE, SIGNALS };
static guint signals[SIGNALS];

static void show_note(LkRecoveryWho *self)
{
	const char *typed = gtk_editable_get_text(self->user);
	char *keys = lk_client_typed_keys(typed);
	g_autofree char *note = keys == NULL
								? g_strdup("")
								: lk_text_fill(_("“{typed}” was typed with the Korean input method on, and was "
												 "read as “{user}”. If that is wrong, correct it."),
									  "typed", typed, "user", keys, NULL);

	gtk_label_set_label(self->note, note);
	gtk_widget_set_visible(GTK_WIDGET(self->note), keys != NULL);
	ldap_memfree(keys);
}

static void typed_cb(LkRecoveryWho *self)
{
	g_autofree char *user = lk_recovery_who_get_user(self);
	gboolean ready = *user != '\0' && !self->busy;

	gtk_widget_set_sensitive(self->request, ready);
	gtk_widget_set_sensitive(self->have_code, ready);
	show_note(self);
}

static void request_cb(LkRecoveryWho *self)
{
	if (gtk_widget_get_sensitive(self->request))
		g_signal_emit(self, signals[REQUEST], 0);
}

static void have_code_cb(LkRecoveryWho *self)
{
	g_signal_emit(self, signals[HAVE_CODE], 0);
}

static gboolean lk_recovery_who_grab_focus(GtkWidget *widget)
{
	return gtk_widget_grab_focus(GTK_WIDGET(LK_RECOVERY_WHO(widget)->user));
}

static void lk_recovery_who_class_init(LkRecoveryWhoClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
	GType type = G_TYPE_FROM_CLASS(class);

	widget_class->grab_focus = lk_recovery_who_grab_focus;
	signals[REQUEST] = g_signal_new("request", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
	signals[HAVE_CODE] = g_signal_new("have-code", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
	gtk_widget_class_set_template_from_resource(widget_class, LK_RESOURCES "/recovery-who.ui");
	gtk_widget_class_bind_template_child(widget_class, LkRecoveryWho, user);
	gtk_widget_class_bind_template_child(widget_class, LkRecoveryWho, note);
	gtk_widget_class_bind_template_child(widget_class, LkRecoveryWho, message);
	gtk_widget_class_bind_template_child(widget_class, LkRecoveryWho, request);
	gtk_widget_class_bind_template_child(widget_class, LkRecoveryWho, have_code);
	gtk_widget_class_bind_template_callback(widget_class, typed_cb);
	gtk_widget_class_bind_template_callback(widget_class, request_cb);
	gtk_widget_class_bind_template_callback(widget_class, have_code_cb);
}

static void lk_recovery_who_init(LkRecoveryWho *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
}

char *lk_recovery_who_get_user(LkRecoveryWho *self)
{
	const char *typed = gtk_editable_get_text(self->user);
	char *keys = lk_client_typed_keys(typed);
	char *user = g_strstrip(g_strdup(keys == NULL ? typed : keys));

	ldap_memfree(keys);
	return user;
}

void lk_recovery_who_set_user(LkRecoveryWho *self, const char *user)
{
	gtk_editable_set_text(self->user, user);
}

void lk_recovery_who_say(LkRecoveryWho *self, const char *sentence)
{
	lk_say(self->message, sentence);
}

void lk_recovery_who_set_busy(LkRecoveryWho *self, gboolean busy)
{
	self->busy = busy;
	gtk_widget_set_sensitive(GTK_WIDGET(self->user), !busy);
	typed_cb(self);
}
