#include "reset-result.h"

#include <glib/gi18n.h>
#include <string.h>

#include "aloud-view.h"
#include "clipboard.h"
#include "labels.h"
#include "letter.h"
#include "rows.h"
#include "text.h"

/* The mailer asks for its messages many times a second, so the state of a mail is worth a look every second; one that
 * has to wait is looked at less often. */
#define LOOK_MILLISECONDS 1000
#define LOOKS_AT_ONCE 30
#define LATER_MILLISECONDS 10000

struct _LkResetResult {
	AdwBin parent_instance;

	AdwWindowTitle *title;
	GtkLabel *sentence;
	GtkWidget *secret;
	GtkLabel *password;
	GtkWidget *copy;
	GtkToggleButton *aloud;
	LkAloudView *letters;
	GtkLabel *validity;
	GtkWidget *mail_group;
	GtkListBox *mail;
	GtkWidget *close;

	LkSession *session;
	char *dn;
	char *who; /* the name, for a letter */
	char *id; /* the mail's; NULL where none is sent */
	char *shown; /* the state of the mail that is shown; NULL for none yet */
	struct lk_secret *value; /* the password; NULL where it is not to be seen */
	GCancellable *pending;
	guint timer;
	guint looks;
};

G_DEFINE_FINAL_TYPE(LkResetResult, lk_reset_result, ADW_TYPE_BIN)

static void look_cb(GObject *source, GAsyncResult *result, gpointer user_data);

/* -- The mail -- */

static gboolean time_cb(gpointer user_data)
{
	LkResetResult *self = user_data;

	self->timer = 0;
	self->looks++;
	self->pending = g_cancellable_new();
	lk_session_read_async(self->session, self->dn, self->pending, look_cb, g_object_ref(self));
	return G_SOURCE_REMOVE;
}

static void look_later(LkResetResult *self)
{
	self->timer = g_timeout_add(self->looks < LOOKS_AT_ONCE ? LOOK_MILLISECONDS : LATER_MILLISECONDS, time_cb, self);
}

static const struct lk_account_message *find_mail(LkResetResult *self, const struct lk_account *account)
{
	for (size_t i = 0; i < account->messages_count; i++) {
		if (strcmp(account->messages[i].id, self->id) == 0)
			return &account->messages[i];
	}
	return NULL;
}

/* Only what changes is made anew, so that a screen reader says it once. */
static void show_mail(LkResetResult *self, const struct lk_account_message *message)
{
	g_autofree char *state = g_strdup_printf("%s %u %s", message->state, message->tries, message->answer);
	GtkWidget *row = gtk_widget_get_first_child(GTK_WIDGET(self->mail));

	if (g_strcmp0(state, self->shown) == 0)
		return;
	if (row != NULL)
		gtk_list_box_remove(self->mail, row);
	gtk_list_box_append(self->mail, lk_rows_message(message, NULL));
	g_free(self->shown);
	self->shown = g_steal_pointer(&state);
}

static void look_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(LkResetResult) self = user_data;
	g_autoptr(GError) error = NULL;
	struct lk_person *person = lk_session_read_finish(LK_SESSION(source), result, &error);

	if (self->pending == NULL || g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
		lk_person_free(person);
		return;
	}
	g_clear_object(&self->pending);
	const struct lk_account_message *message = person == NULL ? NULL : find_mail(self, person->account);
	if (message != NULL)
		show_mail(self, message);
	if (message == NULL || strcmp(message->state, "queued") == 0 || strcmp(message->state, "deferred") == 0)
		look_later(self);
	lk_person_free(person);
}

/* -- The password -- */

static void aloud_cb(LkResetResult *self)
{
	lk_aloud_view_show(self->letters, gtk_toggle_button_get_active(self->aloud) ? self->value : NULL);
}

static void print_cb(LkResetResult *self)
{
	GtkWindow *parent = GTK_WINDOW(gtk_widget_get_root(GTK_WIDGET(self)));

	lk_letter_print(parent, self->who, self->value, gtk_label_get_label(self->validity));
}

static void copy_cb(LkResetResult *self)
{
	GSettings *settings = g_settings_new(LK_APPLICATION_ID);

	lk_clipboard_lend(gtk_widget_get_display(GTK_WIDGET(self)), lk_secret_open(self->value, NULL),
		g_settings_get_uint(settings, "clipboard-seconds"));
	lk_secret_close(self->value);
	gtk_button_set_label(GTK_BUTTON(self->copy), _("Copied"));
	g_object_unref(settings);
}

/* -- What is shown -- */

static char *describe_validity(const struct lk_reset_result *result)
{
	g_autofree char *until = result->expires == 0 ? NULL : lk_text_time(result->expires);

	if (until != NULL && result->code)
		return lk_text_fill(
			_("A code was mailed, with which the user chooses a password until {time}. The old password no "
			  "longer works."),
			"time", until, NULL);
	if (until != NULL && result->must_change)
		return lk_text_fill(
			_("It works until {time}, and has to be changed at the next sign-in."), "time", until, NULL);
	if (until != NULL)
		return lk_text_fill(_("It works until {time}."), "time", until, NULL);
	if (result->must_change)
		return g_strdup(_("It has to be changed at the next sign-in."));
	return g_strdup("");
}

static char *describe_welcome(const struct lk_reset_result *result)
{
	g_autofree char *until = result->expires == 0 ? NULL : lk_text_time(result->expires);

	if (until == NULL)
		return g_strdup(_("A temporary password is mailed to the user, and to nobody else."));
	if (result->code)
		return lk_text_fill(
			_("A code is mailed, with which the user chooses a password until {time}."), "time", until, NULL);
	return lk_text_fill(_("A temporary password is mailed to the user, and to nobody else. It works until {time}."),
		"time", until, NULL);
}

static void show(LkResetResult *self, const char *template, char *validity, const struct lk_reset_result *result)
{
	g_autofree char *sentence = lk_text_fill(template, "name", self->who, NULL);

	gtk_label_set_label(self->sentence, sentence);
	gtk_label_set_label(self->validity, validity);
	g_free(validity);
	gtk_widget_set_visible(self->secret, result->password != NULL);
	gtk_widget_set_visible(self->mail_group, self->id != NULL);
	gtk_label_set_label(self->password, result->password == NULL ? "" : result->password);
}

/* -- Overrides -- */

static void lk_reset_result_map(GtkWidget *widget)
{
	LkResetResult *self = LK_RESET_RESULT(widget);

	GTK_WIDGET_CLASS(lk_reset_result_parent_class)->map(widget);
	gtk_widget_grab_focus(self->value == NULL ? self->close : self->copy);
}

static void lk_reset_result_dispose(GObject *object)
{
	LkResetResult *self = LK_RESET_RESULT(object);

	g_clear_handle_id(&self->timer, g_source_remove);
	g_cancellable_cancel(self->pending);
	g_clear_object(&self->pending);
	g_clear_object(&self->session);
	g_clear_pointer(&self->value, lk_secret_free);
	g_clear_pointer(&self->dn, g_free);
	g_clear_pointer(&self->who, g_free);
	g_clear_pointer(&self->id, g_free);
	g_clear_pointer(&self->shown, g_free);
	G_OBJECT_CLASS(lk_reset_result_parent_class)->dispose(object);
}

static void lk_reset_result_class_init(LkResetResultClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	G_OBJECT_CLASS(class)->dispose = lk_reset_result_dispose;
	widget_class->map = lk_reset_result_map;
	g_type_ensure(LK_TYPE_ALOUD_VIEW);
	gtk_widget_class_set_template_from_resource(widget_class, LK_RESOURCES "/reset-result.ui");
	gtk_widget_class_bind_template_child(widget_class, LkResetResult, title);
	gtk_widget_class_bind_template_child(widget_class, LkResetResult, sentence);
	gtk_widget_class_bind_template_child(widget_class, LkResetResult, secret);
	gtk_widget_class_bind_template_child(widget_class, LkResetResult, password);
	gtk_widget_class_bind_template_child(widget_class, LkResetResult, copy);
	gtk_widget_class_bind_template_child(widget_class, LkResetResult, aloud);
	gtk_widget_class_bind_template_child(widget_class, LkResetResult, letters);
	gtk_widget_class_bind_template_child(widget_class, LkResetResult, validity);
	gtk_widget_class_bind_template_child(widget_class, LkResetResult, mail_group);
	gtk_widget_class_bind_template_child(widget_class, LkResetResult, mail);
	gtk_widget_class_bind_template_child(widget_class, LkResetResult, close);
	gtk_widget_class_bind_template_callback(widget_class, copy_cb);
	gtk_widget_class_bind_template_callback(widget_class, aloud_cb);
	gtk_widget_class_bind_template_callback(widget_class, print_cb);
}

static void lk_reset_result_init(LkResetResult *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
	g_signal_connect(self, "map", G_CALLBACK(lk_labels_settle), NULL); /* its dialog has been settled by then */
}

static LkResetResult *make(LkSession *session, const char *dn, const char *name, const struct lk_reset_result *result)
{
	LkResetResult *self = g_object_new(LK_TYPE_RESET_RESULT, NULL);

	self->session = g_object_ref(session);
	self->dn = g_strdup(dn);
	self->who = g_strdup(name);
	self->id = g_strdup(result->id);
	self->value = lk_secret_new(result->password);
	return self;
}

static void watch_mail(LkResetResult *self)
{
	if (self->id != NULL)
		time_cb(self);
}

LkResetResult *lk_reset_result_new(LkSession *session, const char *dn, const char *name, struct lk_reset_result *result)
{
	LkResetResult *self = make(session, dn, name, result);

	show(self, _("The password of {name} was reset."), describe_validity(result), result);
	lk_client_reset_result_free(result);
	watch_mail(self);
	return self;
}

LkResetResult *lk_reset_result_new_welcome(
	LkSession *session, const char *dn, const char *name, struct lk_reset_result *result)
{
	LkResetResult *self = make(session, dn, name, result);

	adw_window_title_set_title(self->title, _("Add a user"));
	show(self, _("The account of {name} was added."), describe_welcome(result), result);
	lk_client_reset_result_free(result);
	watch_mail(self);
	return self;
}
