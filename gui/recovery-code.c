#include "recovery-code.h"

#include <glib/gi18n.h>
#include <sodium.h>

#include "code-help.h"
#include "latchkey.h"
#include "text.h"
#include "typed-words.h"

struct _LkRecoveryCode {
	AdwBin parent_instance;

	GtkLabel *sent;
	GtkEditable *code;
	LkCodeHelp *help;
	AdwExpanderRow *more;
	GtkEditable *second;
	GtkLabel *message;
	GtkWidget *go_on;
	GtkWidget *again;
	GtkLabel *wait;

	gint64 again_at; /* monotonic; before, nobody needs to ask again */
	guint timer;
};

G_DEFINE_FINAL_TYPE(LkRecoveryCode, lk_recovery_code, ADW_TYPE_BIN)

enum { GO_ON, AGAIN, SIGNALS };
static guint signals[SIGNALS];

static void show(GtkLabel *label, const char *text)
{
	gtk_label_set_label(label, text == NULL ? "" : text);
	gtk_widget_set_visible(GTK_WIDGET(label), text != NULL && *text != '\0');
}

/* -- Typing -- */

static void typed_cb(LkRecoveryCode *self)
{
	gtk_widget_set_sensitive(self->go_on, lk_code_help_read(self->help, gtk_editable_get_text(self->code)));
}

static char *find_fault(LkRecoveryCode *self)
{
	struct lk_client_typed first, second;

	lk_client_typed_read(gtk_editable_get_text(self->code), &first);
	lk_client_typed_read(gtk_editable_get_text(self->second), &second);
	char *fault = lk_typed_fault(&first, FALSE);
	if (fault == NULL && second.kind != LK_CLIENT_TYPED_NOTHING)
		fault = lk_typed_fault(&second, TRUE);
	if (fault == NULL && first.kind == second.kind)
		fault = g_strdup(_("Both are of one kind. The second proof is another one than the first."));
	sodium_memzero(&first, sizeof first);
	sodium_memzero(&second, sizeof second);
	return fault;
}

static void go_on_cb(LkRecoveryCode *self)
{
	g_autofree char *fault = find_fault(self);

	lk_recovery_code_say(self, fault);
	if (fault == NULL)
		g_signal_emit(self, signals[GO_ON], 0);
}

static void again_cb(LkRecoveryCode *self)
{
	g_signal_emit(self, signals[AGAIN], 0);
}

/* -- When one may ask again -- */

static gboolean tick_cb(gpointer user_data)
{
	LkRecoveryCode *self = user_data;
	gint64 left = (self->again_at - g_get_monotonic_time() + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC;
	char number[24];

	gtk_widget_set_sensitive(self->again, left <= 0);
	if (left <= 0) {
		show(self->wait, NULL);
		self->timer = 0;
		return G_SOURCE_REMOVE;
	}
	g_snprintf(number, sizeof number, "%" G_GINT64_FORMAT, left);
	g_autofree char *text =
		lk_text_fill(_("If no mail comes, you can ask again in {number} seconds."), "number", number, NULL);
	show(self->wait, text);
	return G_SOURCE_CONTINUE;
}

static void let_wait(LkRecoveryCode *self, gboolean requested)
{
	g_autoptr(GSettings) settings = g_settings_new(LK_APPLICATION_ID);

	g_clear_handle_id(&self->timer, g_source_remove);
	if (requested)
		self->again_at = g_get_monotonic_time() + g_settings_get_uint(settings, "ask-again-seconds") * G_USEC_PER_SEC;
	if (tick_cb(self) == G_SOURCE_CONTINUE)
		self->timer = g_timeout_add_seconds(1, tick_cb, self);
}

/* -- Overrides -- */

static gboolean lk_recovery_code_grab_focus(GtkWidget *widget)
{
	return gtk_widget_grab_focus(GTK_WIDGET(LK_RECOVERY_CODE(widget)->code));
}

static void lk_recovery_code_dispose(GObject *object)
{
	LkRecoveryCode *self = LK_RECOVERY_CODE(object);

	g_clear_handle_id(&self->timer, g_source_remove);
	G_OBJECT_CLASS(lk_recovery_code_parent_class)->dispose(object);
}

static void lk_recovery_code_class_init(LkRecoveryCodeClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
	GType type = G_TYPE_FROM_CLASS(class);

	G_OBJECT_CLASS(class)->dispose = lk_recovery_code_dispose;
	widget_class->grab_focus = lk_recovery_code_grab_focus;
	signals[GO_ON] = g_signal_new("go-on", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
	signals[AGAIN] = g_signal_new("again", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
	g_type_ensure(LK_TYPE_CODE_HELP);
	gtk_widget_class_set_template_from_resource(widget_class, LK_RESOURCES "/recovery-code.ui");
	gtk_widget_class_bind_template_child(widget_class, LkRecoveryCode, sent);
	gtk_widget_class_bind_template_child(widget_class, LkRecoveryCode, code);
	gtk_widget_class_bind_template_child(widget_class, LkRecoveryCode, help);
	gtk_widget_class_bind_template_child(widget_class, LkRecoveryCode, more);
	gtk_widget_class_bind_template_child(widget_class, LkRecoveryCode, second);
	gtk_widget_class_bind_template_child(widget_class, LkRecoveryCode, message);
	gtk_widget_class_bind_template_child(widget_class, LkRecoveryCode, go_on);
	gtk_widget_class_bind_template_child(widget_class, LkRecoveryCode, again);
	gtk_widget_class_bind_template_child(widget_class, LkRecoveryCode, wait);
	gtk_widget_class_bind_template_callback(widget_class, typed_cb);
	gtk_widget_class_bind_template_callback(widget_class, go_on_cb);
	gtk_widget_class_bind_template_callback(widget_class, again_cb);
}

static void lk_recovery_code_init(LkRecoveryCode *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
}

void lk_recovery_code_set_user(LkRecoveryCode *self, const char *user, gboolean requested)
{
	g_autofree char *sent =
		lk_text_fill(_("If the account “{user}” exists and has a recovery address, a mail with a code "
					   "is on its way. It takes a minute or two."),
			"user", user, NULL);

	show(self->sent, requested ? sent : _("Enter the code from the mail, or one of your printed recovery codes."));
	let_wait(self, requested);
}

static struct lk_secret *read_field(GtkEditable *field)
{
	struct lk_client_typed typed;

	lk_client_typed_read(gtk_editable_get_text(field), &typed);
	struct lk_secret *secret = lk_secret_new(typed.code);
	sodium_memzero(&typed, sizeof typed);
	return secret;
}

struct lk_secret *lk_recovery_code_get_first(LkRecoveryCode *self)
{
	return read_field(self->code);
}

struct lk_secret *lk_recovery_code_get_second(LkRecoveryCode *self)
{
	return read_field(self->second);
}

void lk_recovery_code_say(LkRecoveryCode *self, const char *sentence)
{
	show(self->message, sentence);
}

void lk_recovery_code_clear(LkRecoveryCode *self)
{
	gtk_editable_set_text(self->code, "");
	gtk_editable_set_text(self->second, "");
	adw_expander_row_set_expanded(self->more, FALSE);
	show(self->message, NULL);
}
