#include "user-pane.h"

#include <glib/gi18n.h>
#include <string.h>

#include "act-dialog.h"
#include "reset-dialog.h"
#include "rows.h"
#include "session-recovery.h"
#include "text.h"
#include "words.h"

struct _LkUserPane {
	AdwBin parent_instance;

	GtkLabel *name;
	GtkWidget *close;
	GtkLabel *apart;
	GtkLabel *dn;
	GtkWidget *acts;
	GtkWidget *reset;
	GtkWidget *unlock;
	GtkWidget *block;
	GtkLabel *verdict;
	GtkLabel *message;
	GtkLabel *state;
	GtkLabel *policy;
	GtkLabel *methods;
	GtkListBox *messages;
	GtkWidget *no_messages;
	GtkWidget *events_group;
	GtkListBox *events;

	LkSession *session;
	LkUser *user; /* NULL before one is opened */
	GCancellable *pending; /* of the details; NULL where they are there */
	GCancellable *pending_rules; /* the same of the policy */
	guint timer; /* of the next look at mails that are on their way; 0 for none */
	guint looks; /* since something was done */
	gboolean detailed; /* what is shown includes the details */
	gboolean wants_focus; /* the button for a reset takes the focus when it can be pressed */
};

G_DEFINE_FINAL_TYPE(LkUserPane, lk_user_pane, ADW_TYPE_BIN)

static guint closed_signal;

/* A mail is mostly sent within a second; one that is not is shown as it is. */
#define LOOK_MILLISECONDS 1500
#define MOST_LOOKS 20

/* -- What is shown -- */

static void set_text(GtkLabel *label, char *text)
{
	gtk_label_set_label(label, text);
	gtk_widget_set_visible(GTK_WIDGET(label), *text != '\0');
	g_free(text);
}

static void empty(GtkListBox *list)
{
	GtkWidget *row;

	while ((row = gtk_widget_get_first_child(GTK_WIDGET(list))) != NULL)
		gtk_list_box_remove(list, row);
}

static void show_messages(LkUserPane *self, const struct lk_account *account)
{
	empty(self->messages);
	for (size_t i = account->messages_count; i > 0; i--)
		gtk_list_box_append(self->messages, lk_rows_message(&account->messages[i - 1], NULL));
	gtk_widget_set_visible(GTK_WIDGET(self->messages), account->messages_count > 0);
	gtk_widget_set_visible(self->no_messages, account->messages_count == 0);
}

static void show_events(LkUserPane *self, const struct lk_account *account)
{
	empty(self->events);
	for (size_t i = 0; i < account->events_count; i++)
		gtk_list_box_append(self->events, lk_rows_event(&account->events[i]));
	gtk_widget_set_visible(self->events_group, account->events_count > 0);
}

/* Whether one may reset is said before one tries. */
static void show_verdict(LkUserPane *self, const struct lk_person *person)
{
	char *sentence = self->detailed ? lk_error_verdict(person->account->verdict) : NULL;

	gtk_widget_action_set_enabled(GTK_WIDGET(self), "user.reset", self->detailed && sentence == NULL);
	if (self->wants_focus && self->detailed && sentence == NULL)
		gtk_widget_grab_focus(self->reset);
	self->wants_focus = self->wants_focus && !self->detailed;
	set_text(self->verdict, sentence == NULL ? g_strdup("") : sentence);
}

static void show_acts(LkUserPane *self, const struct lk_account *account)
{
	gboolean closed = account->blocked || account->lock == LK_ACCOUNT_LOCKED;

	gtk_widget_set_visible(self->unlock, closed);
	gtk_widget_set_visible(self->block, !account->blocked);
}

static void show_person(LkUserPane *self)
{
	const struct lk_person *person = lk_user_get_person(self->user);

	set_text(self->name, lk_text_clean(lk_person_name(person)));
	set_text(self->apart, lk_words_apart(person));
	set_text(self->dn, lk_text_clean(person->account->dn));
	set_text(self->state, lk_words_account(person, time(NULL)));
	set_text(self->methods, lk_words_methods(person));
	show_verdict(self, person);
	show_acts(self, person->account);
	show_messages(self, person->account);
	show_events(self, person->account);
}

/* -- Reading -- */

static void read_details(LkUserPane *self);

static gboolean is_on_its_way(const struct lk_account *account)
{
	for (size_t i = 0; i < account->messages_count; i++) {
		if (strcmp(account->messages[i].state, "queued") == 0)
			return TRUE;
	}
	return FALSE;
}

static gboolean time_cb(gpointer user_data)
{
	LkUserPane *self = user_data;

	self->timer = 0;
	self->looks++;
	read_details(self);
	return G_SOURCE_REMOVE;
}

static void look_again(LkUserPane *self, const struct lk_account *account)
{
	if (self->timer == 0 && self->looks < MOST_LOOKS && is_on_its_way(account))
		self->timer = g_timeout_add(LOOK_MILLISECONDS, time_cb, self);
}

static void abandon(LkUserPane *self)
{
	g_clear_handle_id(&self->timer, g_source_remove);
	g_cancellable_cancel(self->pending);
	g_clear_object(&self->pending);
}

static void rules_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(LkUserPane) self = user_data;
	g_autoptr(GError) error = NULL;
	g_autofree struct lk_rules *rules = lk_session_read_rules_finish(LK_SESSION(source), result, &error);

	if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		return;
	g_clear_object(&self->pending_rules);
	set_text(self->policy, rules == NULL ? g_strdup(error->message) : lk_rules_govern(rules));
}

static void abandon_rules(LkUserPane *self)
{
	g_cancellable_cancel(self->pending_rules);
	g_clear_object(&self->pending_rules);
}

/* A policy changes seldom: it is read once each time that somebody is opened. */
static void read_rules(LkUserPane *self)
{
	abandon_rules(self);
	set_text(self->policy, g_strdup(""));
	self->pending_rules = g_cancellable_new();
	lk_session_read_rules_for_async(
		self->session, lk_user_get_person(self->user)->account->dn, self->pending_rules, rules_cb, g_object_ref(self));
}

static void read_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(LkUserPane) self = user_data;
	g_autoptr(GError) error = NULL;
	struct lk_person *person = lk_session_read_finish(LK_SESSION(source), result, &error);

	if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		return;
	g_clear_object(&self->pending);
	set_text(self->message, g_strdup(error == NULL ? "" : error->message));
	if (person == NULL)
		return;
	self->detailed = TRUE;
	lk_user_take_person(self->user, person);
	show_person(self);
	look_again(self, person->account);
}

static void read_details(LkUserPane *self)
{
	abandon(self);
	self->pending = g_cancellable_new();
	lk_session_read_async(
		self->session, lk_user_get_person(self->user)->account->dn, self->pending, read_cb, g_object_ref(self));
}

/* -- Actions -- */

static void acted_cb(LkUserPane *self)
{
	self->looks = 0;
	if (self->user != NULL)
		read_details(self);
}

static void open_dialog(LkUserPane *self, GtkWindow *dialog, const char *signal)
{
	gtk_window_set_transient_for(dialog, GTK_WINDOW(gtk_widget_get_root(GTK_WIDGET(self))));
	g_signal_connect_object(dialog, signal, G_CALLBACK(acted_cb), self, G_CONNECT_SWAPPED);
	gtk_window_present(dialog);
}

static void reset_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	LkUserPane *self = LK_USER_PANE(widget);

	(void)name, (void)parameter;
	open_dialog(self, GTK_WINDOW(lk_reset_dialog_new(self->session, lk_user_get_person(self->user))), "reset");
}

static void unlock_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	LkUserPane *self = LK_USER_PANE(widget);

	(void)name, (void)parameter;
	open_dialog(self,
		GTK_WINDOW(lk_act_dialog_new(self->session, LK_STEP_UNLOCK, lk_user_get_person(self->user), NULL)), "done");
}

static void block_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	LkUserPane *self = LK_USER_PANE(widget);

	(void)name, (void)parameter;
	open_dialog(self, GTK_WINDOW(lk_act_dialog_new(self->session, LK_STEP_BLOCK, lk_user_get_person(self->user), NULL)),
		"done");
}

static void close_cb(LkUserPane *self)
{
	g_signal_emit(self, closed_signal, 0);
}

static void close_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	(void)name, (void)parameter;
	close_cb(LK_USER_PANE(widget));
}

/* -- Overrides -- */

static void lk_user_pane_dispose(GObject *object)
{
	LkUserPane *self = LK_USER_PANE(object);

	abandon(self);
	abandon_rules(self);
	g_clear_object(&self->user);
	g_clear_object(&self->session);
	G_OBJECT_CLASS(lk_user_pane_parent_class)->dispose(object);
}

static void lk_user_pane_class_init(LkUserPaneClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	G_OBJECT_CLASS(class)->dispose = lk_user_pane_dispose;
	closed_signal =
		g_signal_new("closed", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
	gtk_widget_class_set_template_from_resource(widget_class, LK_RESOURCES "/user-pane.ui");
	gtk_widget_class_bind_template_child(widget_class, LkUserPane, name);
	gtk_widget_class_bind_template_child(widget_class, LkUserPane, close);
	gtk_widget_class_bind_template_child(widget_class, LkUserPane, apart);
	gtk_widget_class_bind_template_child(widget_class, LkUserPane, dn);
	gtk_widget_class_bind_template_child(widget_class, LkUserPane, acts);
	gtk_widget_class_bind_template_child(widget_class, LkUserPane, reset);
	gtk_widget_class_bind_template_child(widget_class, LkUserPane, unlock);
	gtk_widget_class_bind_template_child(widget_class, LkUserPane, block);
	gtk_widget_class_bind_template_child(widget_class, LkUserPane, verdict);
	gtk_widget_class_bind_template_child(widget_class, LkUserPane, message);
	gtk_widget_class_bind_template_child(widget_class, LkUserPane, state);
	gtk_widget_class_bind_template_child(widget_class, LkUserPane, policy);
	gtk_widget_class_bind_template_child(widget_class, LkUserPane, methods);
	gtk_widget_class_bind_template_child(widget_class, LkUserPane, messages);
	gtk_widget_class_bind_template_child(widget_class, LkUserPane, no_messages);
	gtk_widget_class_bind_template_child(widget_class, LkUserPane, events_group);
	gtk_widget_class_bind_template_child(widget_class, LkUserPane, events);
	gtk_widget_class_bind_template_callback(widget_class, close_cb);
	gtk_widget_class_install_action(widget_class, "user.reset", NULL, reset_action);
	gtk_widget_class_install_action(widget_class, "user.unlock", NULL, unlock_action);
	gtk_widget_class_install_action(widget_class, "user.block", NULL, block_action);
	gtk_widget_class_install_action(widget_class, "user.close", NULL, close_action);
	gtk_widget_class_add_binding_action(widget_class, GDK_KEY_Escape, 0, "user.close", NULL);
}

static void lk_user_pane_init(LkUserPane *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
	gtk_widget_action_set_enabled(GTK_WIDGET(self), "user.reset", FALSE);
}

LkUserPane *lk_user_pane_new(LkSession *session, gboolean acts)
{
	LkUserPane *self = g_object_new(LK_TYPE_USER_PANE, NULL);

	self->session = g_object_ref(session);
	gtk_widget_set_visible(self->acts, acts);
	gtk_widget_set_visible(self->close, acts);
	return self;
}

void lk_user_pane_open(LkUserPane *self, LkUser *user)
{
	if (self->user != user)
		self->detailed = FALSE;
	self->looks = 0;
	g_set_object(&self->user, user);
	set_text(self->message, g_strdup(""));
	show_person(self);
	read_details(self);
	read_rules(self);
}

void lk_user_pane_focus_reset(LkUserPane *self)
{
	gtk_widget_grab_focus(self->reset);
	self->wants_focus = !self->detailed;
}
