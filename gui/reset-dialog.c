#include "reset-dialog.h"

#include <glib/gi18n.h>
#include <string.h>

#include "field.h"
#include "kept.h"
#include "reset-result.h"
#include "session-recovery.h"
#include "strength-bar.h"
#include "text.h"
#include "wait.h"
#include "words.h"

struct _LkResetDialog {
	AdwWindow parent_instance;

	GtkStack *stack;
	AdwWindowTitle *title;
	AdwPreferencesGroup *whom;
	GtkWidget *cancel;
	GtkWidget *reset;
	GtkSpinner *spinner;
	GtkWidget *form;
	GtkCheckButton *generate;
	GtkCheckButton *type;
	GtkEditable *password;
	LkStrengthBar *strength;
	GtkSwitch *must_change;
	AdwComboRow *where;
	GtkEditable *address;
	GtkEditable *address_again;
	GtkWidget *conceal_row;
	GtkSwitch *conceal;
	GtkLabel *note;
	GtkEditable *reason;
	GtkEditable *ticket;
	GtkLabel *message;

	LkSession *session;
	char *dn;
	char *name;
	char *login;
	gboolean wants_reason; /* the policy does */
	char **addresses; /* on record, in the order of WHERE */
	gboolean busy;
};

G_DEFINE_FINAL_TYPE(LkResetDialog, lk_reset_dialog, ADW_TYPE_WINDOW)

static guint reset_signal;

/* What is chosen in WHERE: an address on record, another one, or no mail at all. */
enum where {
	ON_RECORD,
	ELSEWHERE,
	NOWHERE,
};

static enum where current_where(LkResetDialog *self)
{
	guint selected = adw_combo_row_get_selected(self->where), known = g_strv_length(self->addresses);

	if (selected < known)
		return ON_RECORD;
	return selected == known ? ELSEWHERE : NOWHERE;
}

/* -- What is shown -- */

/* A sentence, or NULL where all is there. */
static const char *missing(LkResetDialog *self)
{
	const char *address = gtk_editable_get_text(self->address);

	if (gtk_check_button_get_active(self->type) && *gtk_editable_get_text(self->password) == '\0')
		return _("Type the new password.");
	if (self->wants_reason && *gtk_editable_get_text(self->reason) == '\0')
		return _("Give a reason; the policy wants one for each reset.");
	if (current_where(self) != ELSEWHERE)
		return NULL;
	if (strchr(address, '@') == NULL)
		return _("Give the address at which the user can be reached.");
	if (!g_str_equal(address, gtk_editable_get_text(self->address_again)))
		return _("Type the other address once more, the same in both fields.");
	return NULL;
}

static const char *explain_where(LkResetDialog *self)
{
	switch (current_where(self)) {
	case ON_RECORD:
		return _("The mail goes to this address on record.");
	case ELSEWHERE:
		return _("The temporary password goes to the other address. The user’s own addresses are told of it.");
	case NOWHERE:
		return _("No mail is sent. The password is shown here alone, so that you can tell the user.");
	}
	return "";
}

static void changed_cb(LkResetDialog *self)
{
	if (self->session == NULL)
		return;
	enum where where = current_where(self);
	gboolean generates = gtk_check_button_get_active(self->generate);
	const char *what = missing(self);

	/* To empty it is a change as well, also of what is empty. */
	if (generates && *gtk_editable_get_text(self->password) != '\0')
		gtk_editable_set_text(self->password, "");
	lk_strength_bar_judge(self->strength, gtk_editable_get_text(self->password), self->login);
	gtk_widget_set_visible(GTK_WIDGET(self->address), where == ELSEWHERE);
	gtk_widget_set_visible(GTK_WIDGET(self->address_again), where == ELSEWHERE);
	gtk_widget_set_visible(self->conceal_row, generates && where != NOWHERE);
	gtk_label_set_label(self->note, what != NULL ? what : explain_where(self));
	gtk_widget_set_sensitive(self->reset, !self->busy && what == NULL);
}

static void rules_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(LkResetDialog) self = user_data;
	g_autofree struct lk_rules *rules = lk_session_read_rules_finish(LK_SESSION(source), result, NULL);

	if (rules == NULL || self->session == NULL)
		return;
	lk_strength_bar_set_rules(self->strength, rules);
	self->wants_reason = rules->wants_reason;
	changed_cb(self);
}

static void set_busy(LkResetDialog *self, gboolean busy)
{
	self->busy = busy;
	gtk_spinner_set_spinning(self->spinner, busy);
	gtk_widget_set_sensitive(self->cancel, !busy);
	changed_cb(self);
}

static void show_whom(LkResetDialog *self, const struct lk_person *person)
{
	g_autofree char *apart = lk_words_apart(person);
	g_autofree char *name = lk_text_clean(lk_person_name(person));
	g_autofree char *login = lk_text_clean(person->account->login);
	g_autofree char *line = *apart == '\0' ? g_strdup(login) : g_strconcat(login, " · ", apart, NULL);
	GtkWidget *row = adw_action_row_new();

	adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(row), FALSE);
	adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), name);
	adw_action_row_set_subtitle(ADW_ACTION_ROW(row), line);
	adw_action_row_set_subtitle_lines(ADW_ACTION_ROW(row), 0);
	adw_action_row_add_prefix(ADW_ACTION_ROW(row), adw_avatar_new(40, name, TRUE));
	adw_preferences_group_add(self->whom, row);
}

static void show_addresses(LkResetDialog *self)
{
	g_autoptr(GtkStringList) choices = gtk_string_list_new(NULL);

	for (size_t i = 0; self->addresses[i] != NULL; i++) {
		char *clean = lk_text_clean(self->addresses[i]);
		gtk_string_list_append(choices, clean);
		g_free(clean);
	}
	gtk_string_list_append(choices, _("Another address"));
	gtk_string_list_append(choices, _("No mail"));
	adw_combo_row_set_model(self->where, G_LIST_MODEL(choices));
}

/* -- Resetting -- */

static struct lk_reset_request *make_request(LkResetDialog *self)
{
	struct lk_reset_request *request = g_new0(struct lk_reset_request, 1);
	enum where where = current_where(self);

	request->user = g_strdup(self->dn);
	request->notify = where != NOWHERE;
	request->must_change = gtk_switch_get_active(self->must_change);
	request->reason = lk_field_text(self->reason);
	request->ticket = lk_field_text(self->ticket);
	if (gtk_check_button_get_active(self->type))
		request->password = lk_secret_new(gtk_editable_get_text(self->password));
	if (!request->notify)
		return request;
	request->conceal = request->password == NULL && gtk_switch_get_active(self->conceal);
	request->to = where == ELSEWHERE ? lk_field_text(self->address)
									 : g_strdup(self->addresses[adw_combo_row_get_selected(self->where)]);
	return request;
}

static void succeed(LkResetDialog *self, struct lk_reset_result *result)
{
	GtkWidget *page = GTK_WIDGET(lk_reset_result_new(self->session, self->dn, self->name, result));

	gtk_stack_add_child(self->stack, page);
	gtk_stack_set_visible_child(self->stack, page);
	g_signal_emit(self, reset_signal, 0);
}

static void done_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(LkResetDialog) self = user_data;
	g_autoptr(GError) error = NULL;
	struct lk_reset_result *made = lk_session_reset_finish(LK_SESSION(source), result, &error);

	if (self->session == NULL) {
		lk_client_reset_result_free(made);
		return;
	}
	gtk_editable_set_text(self->password, "");
	set_busy(self, FALSE);
	lk_kept_mark(GTK_WINDOW(self), made != NULL && made->password != NULL ? LK_LOSS_SECRET : 0);
	lk_say(self->message, error == NULL ? NULL : error->message);
	if (made != NULL)
		succeed(self, made);
}

static void reset_cb(LkResetDialog *self)
{
	if (!gtk_widget_get_sensitive(self->reset))
		return;
	struct lk_reset_request *request = make_request(self);

	lk_say(self->message, NULL);
	set_busy(self, TRUE);
	lk_kept_mark(GTK_WINDOW(self), LK_LOSS_RUN);
	lk_session_reset_async(self->session, request, NULL, done_cb, g_object_ref(self));
}

/* -- Overrides -- */

/* While the directory is asked, nobody knows whether it was done: the window stays until that is known. */
static gboolean lk_reset_dialog_close_request(GtkWindow *window)
{
	if (LK_RESET_DIALOG(window)->busy)
		return TRUE;
	return GTK_WINDOW_CLASS(lk_reset_dialog_parent_class)->close_request(window);
}

static void lk_reset_dialog_dispose(GObject *object)
{
	LkResetDialog *self = LK_RESET_DIALOG(object);

	g_clear_object(&self->session);
	g_clear_pointer(&self->dn, g_free);
	g_clear_pointer(&self->name, g_free);
	g_clear_pointer(&self->login, g_free);
	g_clear_pointer(&self->addresses, g_strfreev);
	G_OBJECT_CLASS(lk_reset_dialog_parent_class)->dispose(object);
}

static void bind_children(GtkWidgetClass *widget_class)
{
	gtk_widget_class_bind_template_child(widget_class, LkResetDialog, stack);
	gtk_widget_class_bind_template_child(widget_class, LkResetDialog, title);
	gtk_widget_class_bind_template_child(widget_class, LkResetDialog, whom);
	gtk_widget_class_bind_template_child(widget_class, LkResetDialog, cancel);
	gtk_widget_class_bind_template_child(widget_class, LkResetDialog, reset);
	gtk_widget_class_bind_template_child(widget_class, LkResetDialog, spinner);
	gtk_widget_class_bind_template_child(widget_class, LkResetDialog, form);
	gtk_widget_class_bind_template_child(widget_class, LkResetDialog, generate);
	gtk_widget_class_bind_template_child(widget_class, LkResetDialog, type);
	gtk_widget_class_bind_template_child(widget_class, LkResetDialog, password);
	gtk_widget_class_bind_template_child(widget_class, LkResetDialog, strength);
	gtk_widget_class_bind_template_child(widget_class, LkResetDialog, must_change);
	gtk_widget_class_bind_template_child(widget_class, LkResetDialog, where);
	gtk_widget_class_bind_template_child(widget_class, LkResetDialog, address);
	gtk_widget_class_bind_template_child(widget_class, LkResetDialog, address_again);
	gtk_widget_class_bind_template_child(widget_class, LkResetDialog, conceal_row);
	gtk_widget_class_bind_template_child(widget_class, LkResetDialog, conceal);
	gtk_widget_class_bind_template_child(widget_class, LkResetDialog, note);
	gtk_widget_class_bind_template_child(widget_class, LkResetDialog, reason);
	gtk_widget_class_bind_template_child(widget_class, LkResetDialog, ticket);
	gtk_widget_class_bind_template_child(widget_class, LkResetDialog, message);
}

static void lk_reset_dialog_class_init(LkResetDialogClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	G_OBJECT_CLASS(class)->dispose = lk_reset_dialog_dispose;
	GTK_WINDOW_CLASS(class)->close_request = lk_reset_dialog_close_request;
	reset_signal =
		g_signal_new("reset", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
	g_type_ensure(LK_TYPE_STRENGTH_BAR);
	gtk_widget_class_set_template_from_resource(widget_class, LK_RESOURCES "/reset-dialog.ui");
	bind_children(widget_class);
	gtk_widget_class_bind_template_callback(widget_class, changed_cb);
	gtk_widget_class_bind_template_callback(widget_class, reset_cb);
	gtk_widget_class_add_binding_action(widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void lk_reset_dialog_init(LkResetDialog *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
}

LkResetDialog *lk_reset_dialog_new(LkSession *session, const struct lk_person *person)
{
	LkResetDialog *self = g_object_new(LK_TYPE_RESET_DIALOG, NULL);

	self->dn = g_strdup(person->account->dn);
	self->name = lk_text_clean(lk_person_name(person));
	self->login = g_strdup(person->account->login == NULL ? "" : person->account->login);
	self->addresses = g_strdupv(person->addresses);
	show_whom(self, person);
	show_addresses(self);
	self->session = g_object_ref(session);
	changed_cb(self);
	lk_session_read_rules_for_async(session, self->dn, NULL, rules_cb, g_object_ref(self));
	gtk_widget_grab_focus(self->reset);
	return self;
}
