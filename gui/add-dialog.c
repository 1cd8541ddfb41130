#include "add-dialog.h"

#include <glib/gi18n.h>
#include <string.h>

#include "dn.h"
#include "field.h"
#include "reset-result.h"
#include "session-find.h"
#include "session-recovery.h"
#include "session-welcome.h"
#include "text.h"
#include "wait.h"

struct _LkAddDialog {
	AdwWindow parent_instance;

	GtkStack *stack;
	GtkWidget *cancel;
	GtkWidget *add;
	GtkSpinner *spinner;
	GtkWidget *form;
	GtkEditable *name;
	GtkEditable *family;
	GtkEditable *given;
	GtkEditable *login;
	GtkEditable *mail;
	GtkEditable *address;
	GtkEditable *department;
	GtkEditable *job_title;
	GtkEditable *number;
	AdwComboRow *place;
	GtkEditable *other_place;
	GtkLabel *policy;
	GtkEditable *reason;
	GtkEditable *ticket;
	GtkLabel *message;

	LkSession *session;
	char **places; /* in the order of PLACE */
	GCancellable *pending_rules;
	gboolean wants_reason;
	gboolean busy;
	struct lk_newcomer *newcomer; /* while it is being looked whether the name is free; or NULL */
};

G_DEFINE_FINAL_TYPE(LkAddDialog, lk_add_dialog, ADW_TYPE_WINDOW)

static guint added_signal;

/* The DN that is chosen or typed; "" for none. Valid until something changes. */
static const char *current_place(LkAddDialog *self)
{
	guint selected = adw_combo_row_get_selected(self->place);

	if (selected < g_strv_length(self->places))
		return self->places[selected];
	return gtk_editable_get_text(self->other_place);
}

static gboolean is_given(GtkEditable *field)
{
	return *gtk_editable_get_text(field) != '\0';
}

static gboolean is_complete(LkAddDialog *self)
{
	return is_given(self->name) && is_given(self->family) && is_given(self->login) && *current_place(self) != '\0' &&
		   (!self->wants_reason || is_given(self->reason));
}

static void changed_cb(LkAddDialog *self)
{
	if (self->places != NULL)
		gtk_widget_set_sensitive(self->add, !self->busy && is_complete(self));
}

/* -- The policy of the place -- */

static void rules_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(LkAddDialog) self = user_data;
	g_autoptr(GError) error = NULL;
	g_autofree struct lk_rules *rules = lk_session_read_rules_finish(LK_SESSION(source), result, &error);

	if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->session == NULL)
		return;
	g_clear_object(&self->pending_rules);
	g_autofree char *text = rules == NULL ? g_strdup("") : lk_rules_govern(rules);
	self->wants_reason = rules != NULL && rules->wants_reason;
	gtk_label_set_label(self->policy, text);
	changed_cb(self);
}

static void abandon_rules(LkAddDialog *self)
{
	g_cancellable_cancel(self->pending_rules);
	g_clear_object(&self->pending_rules);
}

static void place_cb(LkAddDialog *self)
{
	if (self->session == NULL)
		return;
	gboolean other = adw_combo_row_get_selected(self->place) >= g_strv_length(self->places);

	gtk_widget_set_visible(GTK_WIDGET(self->other_place), other);
	abandon_rules(self);
	self->pending_rules = g_cancellable_new();
	lk_session_read_rules_for_async(
		self->session, current_place(self), self->pending_rules, rules_cb, g_object_ref(self));
	changed_cb(self);
}

/* -- Adding -- */

static void set_busy(LkAddDialog *self, gboolean busy)
{
	self->busy = busy;
	gtk_spinner_set_spinning(self->spinner, busy);
	gtk_widget_set_sensitive(self->cancel, !busy);
	gtk_widget_set_sensitive(self->form, !busy);
	changed_cb(self);
}

static void fail(LkAddDialog *self, const char *sentence)
{
	set_busy(self, FALSE);
	lk_say(self->message, sentence);
}

static void show_result(LkAddDialog *self, struct lk_reset_result *result)
{
	g_autofree char *dn = lk_dn_below("uid", self->newcomer->login, self->newcomer->place);
	g_autofree char *name = lk_text_clean(self->newcomer->name);
	GtkWidget *page = GTK_WIDGET(lk_reset_result_new_welcome(self->session, dn, name, result));

	gtk_stack_add_child(self->stack, page);
	gtk_stack_set_visible_child(self->stack, page);
	g_signal_emit(self, added_signal, 0);
}

static struct lk_newcomer *read_form(LkAddDialog *self)
{
	struct lk_newcomer *newcomer = g_new0(struct lk_newcomer, 1);

	*newcomer = (struct lk_newcomer){.place = g_strdup(current_place(self)),
		.login = lk_field_text(self->login),
		.name = lk_field_text(self->name),
		.family = lk_field_text(self->family),
		.given = lk_field_text(self->given),
		.mail = lk_field_text(self->mail),
		.address = lk_field_text(self->address),
		.department = lk_field_text(self->department),
		.title = lk_field_text(self->job_title),
		.number = lk_field_text(self->number),
		.reason = lk_field_text(self->reason),
		.ticket = lk_field_text(self->ticket)};
	return newcomer;
}

static void added_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(LkAddDialog) self = user_data;
	g_autoptr(GError) error = NULL;
	struct lk_reset_result *made = lk_session_welcome_finish(LK_SESSION(source), result, &error);

	if (self->session == NULL) {
		lk_client_reset_result_free(made);
		return;
	}
	if (made == NULL) {
		fail(self, error->message);
		return;
	}
	set_busy(self, FALSE);
	show_result(self, made);
}

/* Somebody who answers to one of the names that the new user would have, cleaned for display; NULL where nobody does. */
static char *find_namesake(GPtrArray *all)
{
	for (guint i = 0; i < all->len; i++) {
		const struct lk_found *found = all->pdata[i];
		if (found->rc == LDAP_SUCCESS)
			return lk_text_clean(found->person->account->dn);
		if (found->rc == LDAP_MORE_RESULTS_TO_RETURN)
			return lk_text_clean(found->given);
	}
	return NULL;
}

static void found_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(LkAddDialog) self = user_data;
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) all = lk_session_find_finish(LK_SESSION(source), result, &error);

	if (self->session == NULL)
		return;
	if (all == NULL) {
		fail(self, error->message);
		return;
	}
	g_autofree char *namesake = find_namesake(all);
	if (namesake != NULL) {
		g_autofree char *text =
			lk_text_fill(_("Somebody answers to this user name, mail address or employee number already: {name}"),
				"name", namesake, NULL);
		fail(self, text);
		return;
	}
	lk_session_welcome_async(self->session, read_form(self), NULL, added_cb, g_object_ref(self));
}

/* A name that two people answer to signs in neither of them, so it is looked for in the whole directory first. */
static void add_cb(LkAddDialog *self)
{
	const char *names[4] = {NULL};
	size_t count = 0;

	if (self->busy || !is_complete(self))
		return;
	lk_newcomer_free(self->newcomer);
	self->newcomer = read_form(self);
	if (self->newcomer->login == NULL || self->newcomer->name == NULL || self->newcomer->family == NULL)
		return;
	names[count++] = self->newcomer->login;
	if (self->newcomer->mail != NULL)
		names[count++] = self->newcomer->mail;
	if (self->newcomer->number != NULL)
		names[count++] = self->newcomer->number;
	lk_say(self->message, NULL);
	set_busy(self, TRUE);
	lk_session_find_async(self->session, names, NULL, found_cb, g_object_ref(self));
}

/* -- Overrides -- */

/* As with a reset: the window stays until it is known whether it was done. */
static gboolean lk_add_dialog_close_request(GtkWindow *window)
{
	if (LK_ADD_DIALOG(window)->busy)
		return TRUE;
	return GTK_WINDOW_CLASS(lk_add_dialog_parent_class)->close_request(window);
}

static void lk_add_dialog_dispose(GObject *object)
{
	LkAddDialog *self = LK_ADD_DIALOG(object);

	abandon_rules(self);
	g_clear_object(&self->session);
	g_clear_pointer(&self->places, g_strfreev);
	g_clear_pointer(&self->newcomer, lk_newcomer_free);
	G_OBJECT_CLASS(lk_add_dialog_parent_class)->dispose(object);
}

static void bind_children(GtkWidgetClass *widget_class)
{
	gtk_widget_class_bind_template_child(widget_class, LkAddDialog, stack);
	gtk_widget_class_bind_template_child(widget_class, LkAddDialog, cancel);
	gtk_widget_class_bind_template_child(widget_class, LkAddDialog, add);
	gtk_widget_class_bind_template_child(widget_class, LkAddDialog, spinner);
	gtk_widget_class_bind_template_child(widget_class, LkAddDialog, form);
	gtk_widget_class_bind_template_child(widget_class, LkAddDialog, name);
	gtk_widget_class_bind_template_child(widget_class, LkAddDialog, family);
	gtk_widget_class_bind_template_child(widget_class, LkAddDialog, given);
	gtk_widget_class_bind_template_child(widget_class, LkAddDialog, login);
	gtk_widget_class_bind_template_child(widget_class, LkAddDialog, mail);
	gtk_widget_class_bind_template_child(widget_class, LkAddDialog, address);
	gtk_widget_class_bind_template_child(widget_class, LkAddDialog, department);
	gtk_widget_class_bind_template_child(widget_class, LkAddDialog, job_title);
	gtk_widget_class_bind_template_child(widget_class, LkAddDialog, number);
	gtk_widget_class_bind_template_child(widget_class, LkAddDialog, place);
	gtk_widget_class_bind_template_child(widget_class, LkAddDialog, other_place);
	gtk_widget_class_bind_template_child(widget_class, LkAddDialog, policy);
	gtk_widget_class_bind_template_child(widget_class, LkAddDialog, reason);
	gtk_widget_class_bind_template_child(widget_class, LkAddDialog, ticket);
	gtk_widget_class_bind_template_child(widget_class, LkAddDialog, message);
}

static void lk_add_dialog_class_init(LkAddDialogClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	G_OBJECT_CLASS(class)->dispose = lk_add_dialog_dispose;
	GTK_WINDOW_CLASS(class)->close_request = lk_add_dialog_close_request;
	added_signal =
		g_signal_new("added", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
	gtk_widget_class_set_template_from_resource(widget_class, LK_RESOURCES "/add-dialog.ui");
	bind_children(widget_class);
	gtk_widget_class_bind_template_callback(widget_class, changed_cb);
	gtk_widget_class_bind_template_callback(widget_class, place_cb);
	gtk_widget_class_bind_template_callback(widget_class, add_cb);
	gtk_widget_class_add_binding_action(widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void lk_add_dialog_init(LkAddDialog *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
}

static void show_places(LkAddDialog *self)
{
	g_autoptr(GtkStringList) choices = gtk_string_list_new(NULL);

	for (size_t i = 0; self->places[i] != NULL; i++) {
		g_autofree char *clean = lk_text_clean(self->places[i]);
		gtk_string_list_append(choices, clean);
	}
	gtk_string_list_append(choices, _("Another place"));
	adw_combo_row_set_model(self->place, G_LIST_MODEL(choices));
}

LkAddDialog *lk_add_dialog_new(LkSession *session, const char *const *places)
{
	LkAddDialog *self = g_object_new(LK_TYPE_ADD_DIALOG, NULL);

	self->places = g_strdupv((char **)places);
	show_places(self);
	self->session = g_object_ref(session);
	place_cb(self);
	gtk_widget_grab_focus(GTK_WIDGET(self->name));
	return self;
}
