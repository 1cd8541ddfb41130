#include "account-page.h"

#include <glib/gi18n.h>

#include "account-groups.h"
#include "address-dialog.h"
#include "change-page.h"
#include "codes-dialog.h"
#include "reminder.h"
#include "session-own.h"
#include "session-recovery.h"
#include "totp-dialog.h"
#include "wait.h"

struct _LkAccountPage {
	AdwBin parent_instance;

	GtkStack *stack;
	AdwStatusPage *error;
	GtkLabel *message;
	LkAccountGroups *groups;

	LkSession *session;
	struct lk_rules *rules; /* NULL before they are read */
	GCancellable *pending; /* of what the page reads; NULL for nothing */
};

G_DEFINE_FINAL_TYPE(LkAccountPage, lk_account_page, ADW_TYPE_BIN)

static guint reminds_signal;

/* -- Reading -- */

static void fail(LkAccountPage *self, const char *sentence)
{
	adw_status_page_set_description(self->error, sentence);
	gtk_stack_set_visible_child_name(self->stack, "error");
}

static void read_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(LkAccountPage) self = user_data;
	g_autoptr(GError) error = NULL;
	struct lk_person *person = lk_session_read_finish(LK_SESSION(source), result, &error);

	if (self->pending == NULL || g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
		lk_person_free(person);
		return;
	}
	g_clear_object(&self->pending);
	if (person == NULL) {
		fail(self, error->message);
		return;
	}
	gboolean reminds = lk_reminder_is_due(self->session, person, self->rules);
	lk_account_groups_show(self->groups, person, self->rules, reminds);
	lk_person_free(person);
	gtk_stack_set_visible_child_name(self->stack, "account");
	g_signal_emit(self, reminds_signal, 0, reminds);
}

static void rules_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(LkAccountPage) self = user_data;
	g_autoptr(GError) error = NULL;
	struct lk_rules *rules = lk_session_read_rules_finish(LK_SESSION(source), result, &error);

	if (self->pending == NULL || g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
		g_free(rules);
		return;
	}
	g_free(self->rules);
	self->rules = rules;
	lk_session_read_async(self->session, lk_session_get_dn(self->session), self->pending, read_cb, g_object_ref(self));
}

static void read_account(LkAccountPage *self)
{
	if (self->pending != NULL)
		return;
	if (lk_session_get_dn(self->session) == NULL) {
		fail(self, _("You are signed in, but not as an entry of this directory."));
		return;
	}
	self->pending = g_cancellable_new();
	lk_session_read_rules_async(self->session, self->pending, rules_cb, g_object_ref(self));
}

static void enrolled_cb(LkAccountPage *self)
{
	lk_say(self->message, NULL);
	read_account(self);
}

/* What is shown is what the directory has, also after a failure. */
static void done_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(LkAccountPage) self = user_data;
	g_autoptr(GError) error = NULL;

	lk_session_own_finish(LK_SESSION(source), result, &error);
	if (self->session == NULL)
		return;
	lk_say(self->message, error == NULL ? NULL : error->message);
	read_account(self);
}

/* -- Actions -- */

static void refresh_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	(void)name, (void)parameter;
	gtk_stack_set_visible_child_name(LK_ACCOUNT_PAGE(widget)->stack, "wait");
	read_account(LK_ACCOUNT_PAGE(widget));
}

static void changed_cb(LkAccountPage *self, LkChangePage *page)
{
	gtk_window_destroy(GTK_WINDOW(gtk_widget_get_root(GTK_WIDGET(page))));
	read_account(self);
}

static void change_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	LkAccountPage *self = LK_ACCOUNT_PAGE(widget);
	LkChangePage *page = lk_change_page_new(self->session, FALSE);
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
	GtkWidget *dialog = g_object_new(ADW_TYPE_WINDOW, "title", _("Change password"), "modal", TRUE, "transient-for",
		gtk_widget_get_root(widget), "destroy-with-parent", TRUE, "default-width", 420, "content", box, NULL);
	GtkEventController *keys = gtk_shortcut_controller_new();

	(void)name, (void)parameter;
	gtk_shortcut_controller_add_shortcut(GTK_SHORTCUT_CONTROLLER(keys),
		gtk_shortcut_new(gtk_keyval_trigger_new(GDK_KEY_Escape, 0), gtk_named_action_new("window.close")));
	gtk_widget_add_controller(dialog, keys);
	gtk_box_append(GTK_BOX(box), adw_header_bar_new());
	gtk_box_append(GTK_BOX(box), GTK_WIDGET(page));
	g_signal_connect_object(page, "changed", G_CALLBACK(changed_cb), self, G_CONNECT_SWAPPED);
	gtk_window_present(GTK_WINDOW(dialog));
}

static void present(LkAccountPage *self, GtkWindow *dialog)
{
	gtk_window_set_transient_for(dialog, GTK_WINDOW(gtk_widget_get_root(GTK_WIDGET(self))));
	g_signal_connect_object(dialog, "enrolled", G_CALLBACK(enrolled_cb), self, G_CONNECT_SWAPPED);
	gtk_window_present(dialog);
}

static void add_address_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	LkAccountPage *self = LK_ACCOUNT_PAGE(widget);

	(void)name, (void)parameter;
	present(self, GTK_WINDOW(lk_address_dialog_new(self->session)));
}

static void set_up_app_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	LkAccountPage *self = LK_ACCOUNT_PAGE(widget);

	(void)name, (void)parameter;
	present(self, GTK_WINDOW(lk_totp_dialog_new(self->session)));
}

static void make_codes_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	LkAccountPage *self = LK_ACCOUNT_PAGE(widget);

	(void)name, (void)parameter;
	present(self, GTK_WINDOW(lk_codes_dialog_new(self->session)));
}

static AdwMessageDialog *ask(LkAccountPage *self, const char *heading, const char *body, const char *label)
{
	GtkWidget *dialog = adw_message_dialog_new(GTK_WINDOW(gtk_widget_get_root(GTK_WIDGET(self))), heading, body);

	adw_message_dialog_add_responses(ADW_MESSAGE_DIALOG(dialog), "cancel", _("_Cancel"), "do", label, NULL);
	adw_message_dialog_set_response_appearance(ADW_MESSAGE_DIALOG(dialog), "do", ADW_RESPONSE_DESTRUCTIVE);
	adw_message_dialog_set_default_response(ADW_MESSAGE_DIALOG(dialog), "cancel");
	return ADW_MESSAGE_DIALOG(dialog);
}

static void remove_cb(LkAccountPage *self, const char *response, AdwMessageDialog *dialog)
{
	const char *address = g_object_get_data(G_OBJECT(dialog), "address");

	if (g_str_equal(response, "do") && self->session != NULL)
		lk_session_own_async(self->session, LK_STEP_ADDRESS_REMOVE, address, NULL, done_cb, g_object_ref(self));
}

static void remove_address_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	LkAccountPage *self = LK_ACCOUNT_PAGE(widget);
	const char *address = g_variant_get_string(parameter, NULL);
	AdwMessageDialog *dialog =
		ask(self, _("Remove this recovery address?"), _("Codes are not mailed there any more."), _("_Remove"));

	(void)name;
	adw_message_dialog_set_body_use_markup(dialog, FALSE);
	g_object_set_data_full(G_OBJECT(dialog), "address", g_strdup(address), g_free);
	g_signal_connect_object(dialog, "response", G_CALLBACK(remove_cb), self, G_CONNECT_SWAPPED);
	gtk_window_present(GTK_WINDOW(dialog));
}

static void set_language_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	LkAccountPage *self = LK_ACCOUNT_PAGE(widget);

	(void)name;
	lk_session_own_async(
		self->session, LK_STEP_LANGUAGE, g_variant_get_string(parameter, NULL), NULL, done_cb, g_object_ref(self));
}

/* -- "This wasn't me" -- */

static void reported_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(LkAccountPage) self = user_data;
	g_autoptr(GError) error = NULL;
	gboolean done = lk_session_own_finish(LK_SESSION(source), result, &error);

	if (self->session == NULL)
		return;
	lk_say(self->message, done ? NULL : error->message);
	read_account(self);
	if (done)
		gtk_widget_activate_action(GTK_WIDGET(self), "account.change-password", NULL);
}

static void misuse_cb(LkAccountPage *self, const char *response)
{
	if (g_str_equal(response, "do") && self->session != NULL)
		lk_session_own_async(self->session, LK_STEP_MISUSE, NULL, NULL, reported_cb, g_object_ref(self));
}

static void misuse_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	LkAccountPage *self = LK_ACCOUNT_PAGE(widget);
	AdwMessageDialog *dialog = ask(self, _("Was this not you?"),
		_("The administrators are told, and codes that are on their way stop working. Then choose a new password."),
		_("_Report and change password"));

	(void)name, (void)parameter;
	g_signal_connect_object(dialog, "response", G_CALLBACK(misuse_cb), self, G_CONNECT_SWAPPED);
	gtk_window_present(GTK_WINDOW(dialog));
}

/* -- Overrides -- */

static void lk_account_page_dispose(GObject *object)
{
	LkAccountPage *self = LK_ACCOUNT_PAGE(object);

	g_cancellable_cancel(self->pending);
	g_clear_object(&self->pending);
	g_clear_object(&self->session);
	g_clear_pointer(&self->rules, g_free);
	G_OBJECT_CLASS(lk_account_page_parent_class)->dispose(object);
}

static void lk_account_page_class_init(LkAccountPageClass *class)
{
	static const struct {
		const char *name, *type;
		GtkWidgetActionActivateFunc activate;
	} actions[] = {
		{"account.refresh", NULL, refresh_action},
		{"account.change-password", NULL, change_action},
		{"account.add-address", NULL, add_address_action},
		{"account.remove-address", "s", remove_address_action},
		{"account.set-up-app", NULL, set_up_app_action},
		{"account.make-codes", NULL, make_codes_action},
		{"account.set-language", "s", set_language_action},
		{"account.report-misuse", NULL, misuse_action},
	};
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	G_OBJECT_CLASS(class)->dispose = lk_account_page_dispose;
	reminds_signal = g_signal_new(
		"reminds", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
	g_type_ensure(LK_TYPE_ACCOUNT_GROUPS);
	gtk_widget_class_set_template_from_resource(widget_class, LK_RESOURCES "/account-page.ui");
	gtk_widget_class_bind_template_child(widget_class, LkAccountPage, stack);
	gtk_widget_class_bind_template_child(widget_class, LkAccountPage, error);
	gtk_widget_class_bind_template_child(widget_class, LkAccountPage, message);
	gtk_widget_class_bind_template_child(widget_class, LkAccountPage, groups);
	for (size_t i = 0; i < G_N_ELEMENTS(actions); i++)
		gtk_widget_class_install_action(widget_class, actions[i].name, actions[i].type, actions[i].activate);
}

static void lk_account_page_init(LkAccountPage *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
}

LkAccountPage *lk_account_page_new(LkSession *session)
{
	LkAccountPage *self = g_object_new(LK_TYPE_ACCOUNT_PAGE, NULL);
	gboolean has_password = lk_session_get_profile(session)->auth == LK_AUTH_PASSWORD;

	self->session = g_object_ref(session);
	gtk_widget_action_set_enabled(GTK_WIDGET(self), "account.change-password", has_password);
	read_account(self);
	return self;
}
