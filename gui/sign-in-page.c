#include "sign-in-page.h"

#include <glib/gi18n.h>

#include "keyring.h"
#include "profile-dialog.h"
#include "times.h"
#include "wait.h"

struct _LkSignInPage {
	AdwBin parent_instance;

	AdwComboRow *profiles;
	GtkWidget *edit;
	GtkEditable *user;
	GtkEditable *password;
	GtkWidget *remember_row;
	GtkSwitch *remember;
	GtkLabel *message;
	GtkWidget *sign_in;
	GtkWidget *cancel; /* in its place while the directory lets one wait */
	GtkWidget *recover;
	GtkSpinner *spinner;

	GPtrArray *known; /* of struct lk_profile */
	GCancellable *pending; /* of what the page waits for; NULL for nothing */
	guint spin; /* the source that shows that it does; 0 for none */
	gboolean from_keyring; /* the password in the field came from there */
	struct lk_secret *typed; /* what is being tried, to be kept in the keyring where it is right */
};

G_DEFINE_FINAL_TYPE(LkSignInPage, lk_sign_in_page, ADW_TYPE_BIN)

static guint signed_in_signal, recover_signal;

/* -- Helpers -- */

static struct lk_profile *current_profile(LkSignInPage *self)
{
	guint selected = adw_combo_row_get_selected(self->profiles);

	return selected < self->known->len ? self->known->pdata[selected] : NULL;
}

static void save_profiles(LkSignInPage *self)
{
	char *file = lk_profiles_file();
	GError *error = NULL;

	if (!lk_profiles_save(self->known, file, &error))
		g_message("%s", error->message);
	g_clear_error(&error);
	g_free(file);
}

static gboolean wants_password(LkSignInPage *self)
{
	struct lk_profile *profile = current_profile(self);

	return profile != NULL && profile->auth == LK_AUTH_PASSWORD;
}

static gboolean is_complete(LkSignInPage *self)
{
	if (current_profile(self) == NULL)
		return FALSE;
	return !wants_password(self) ||
		   (*gtk_editable_get_text(self->user) != '\0' && *gtk_editable_get_text(self->password) != '\0');
}

#define UNNOTICED_MILLISECONDS 150
#define CANCEL "sign-in.cancel"

static void set_spinning(LkSignInPage *self, gboolean spinning)
{
	gtk_widget_set_visible(self->sign_in, !spinning);
	gtk_widget_set_visible(self->cancel, spinning);
	gtk_widget_set_visible(GTK_WIDGET(self->spinner), spinning);
	gtk_spinner_set_spinning(self->spinner, spinning);
}

static gboolean spin_cb(gpointer user_data)
{
	LkSignInPage *self = user_data;

	self->spin = 0;
	set_spinning(self, TRUE);
	return G_SOURCE_REMOVE;
}

/* A wait that nobody notices is not shown: laying the page out for it would be most of it. */
static void show_wait(LkSignInPage *self, gboolean busy)
{
	g_clear_handle_id(&self->spin, g_source_remove);
	if (busy)
		self->spin = g_timeout_add(UNNOTICED_MILLISECONDS, spin_cb, self);
	else
		set_spinning(self, FALSE);
}

static void set_busy(LkSignInPage *self, gboolean busy)
{
	GtkWidget *fields[] = {
		GTK_WIDGET(self->profiles), GTK_WIDGET(self->user), GTK_WIDGET(self->password), self->remember_row};

	for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
		gtk_widget_set_sensitive(fields[i], !busy);
	show_wait(self, busy);
	gtk_widget_set_sensitive(self->sign_in, !busy && is_complete(self));
	gtk_widget_set_sensitive(self->recover, !busy && current_profile(self) != NULL);
	gtk_widget_action_set_enabled(GTK_WIDGET(self), CANCEL, busy);
}

/* Where one goes on: at what is missing, or was wrong. */
static void focus(LkSignInPage *self)
{
	if (!wants_password(self))
		gtk_widget_grab_focus(self->sign_in);
	else if (*gtk_editable_get_text(self->user) == '\0')
		gtk_widget_grab_focus(GTK_WIDGET(self->user));
	else
		gtk_widget_grab_focus(GTK_WIDGET(self->password));
}

static void abandon(LkSignInPage *self)
{
	g_cancellable_cancel(self->pending);
	g_clear_object(&self->pending);
}

static void clear_password(LkSignInPage *self)
{
	gtk_editable_set_text(self->password, "");
	self->from_keyring = FALSE;
}

/* -- The keyring -- */

static void found_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(LkSignInPage) self = user_data;
	struct lk_secret *secret = lk_keyring_find_finish(result);

	(void)source;
	/* What has been typed meanwhile counts more. */
	if (self->known != NULL && secret != NULL && *gtk_editable_get_text(self->password) == '\0' &&
		current_profile(self)->remember) {
		gtk_editable_set_text(self->password, lk_secret_open(secret, NULL));
		lk_secret_close(secret);
		self->from_keyring = TRUE;
	}
	lk_secret_free(secret);
}

/* -- Signing in -- */

static void settle_keyring(LkSignInPage *self, struct lk_profile *profile)
{
	if (profile->remember && self->typed != NULL)
		lk_keyring_keep(profile, self->typed);
	else if (!profile->remember)
		lk_keyring_forget(profile);
}

static void say_fault(LkSignInPage *self, const char *sentence)
{
	gtk_widget_add_css_class(GTK_WIDGET(self->message), "error");
	lk_say(self->message, sentence);
}

static void fail(LkSignInPage *self, const GError *error)
{
	say_fault(self, error->message);
	if (g_error_matches(error, LK_ERROR, LDAP_INVALID_CREDENTIALS)) {
		if (current_profile(self)->remember)
			lk_keyring_forget(current_profile(self));
		clear_password(self);
	}
	focus(self);
}

static void signed_in_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(LkSignInPage) self = user_data;
	g_autoptr(GError) error = NULL;
	gboolean done = lk_session_sign_in_finish(LK_SESSION(source), result, &error);

	if (self->pending == NULL || g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		return;
	g_clear_object(&self->pending);
	set_busy(self, FALSE);
	if (done) {
		settle_keyring(self, current_profile(self));
		clear_password(self);
		g_signal_emit(self, signed_in_signal, 0, source);
	} else {
		fail(self, error);
	}
	g_clear_pointer(&self->typed, lk_secret_free);
}

static void remember_choices(LkSignInPage *self, struct lk_profile *profile)
{
	g_free(profile->user);
	profile->user = g_strdup(wants_password(self) ? gtk_editable_get_text(self->user) : "");
	profile->remember = wants_password(self) && gtk_switch_get_active(self->remember);
	save_profiles(self);
}

static void sign_in_cb(LkSignInPage *self)
{
	if (self->pending != NULL || !is_complete(self))
		return;

	struct lk_profile *profile = current_profile(self);
	const char *fault = lk_profile_fault(profile);
	if (fault != NULL) {
		say_fault(self, _(fault));
		return;
	}
	remember_choices(self, profile);
	struct lk_secret *password = wants_password(self) ? lk_secret_new(gtk_editable_get_text(self->password)) : NULL;
	self->typed = wants_password(self) ? lk_secret_new(gtk_editable_get_text(self->password)) : NULL;
	g_autoptr(LkSession) session = lk_session_new(profile, profile->user, password);
	lk_say(self->message, NULL);
	self->pending = g_cancellable_new();
	set_busy(self, TRUE);
	lk_times_note("sign-in", 0);
	lk_session_sign_in_async(session, self->pending, signed_in_cb, g_object_ref(self));
}

/* Whatever comes of it counts no more. What was typed stays, to be tried again or mended. */
static void cancel_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	LkSignInPage *self = LK_SIGN_IN_PAGE(widget);

	(void)name, (void)parameter;
	abandon(self);
	g_clear_pointer(&self->typed, lk_secret_free);
	set_busy(self, FALSE);
	focus(self);
}

/* -- Other callbacks -- */

static void typed_cb(LkSignInPage *self)
{
	gtk_widget_set_sensitive(self->sign_in, self->pending == NULL && is_complete(self));
}

static void profile_changed_cb(LkSignInPage *self)
{
	struct lk_profile *profile = current_profile(self);
	gboolean password = wants_password(self);

	lk_say(self->message, NULL);
	clear_password(self);
	if (profile == NULL)
		return;
	gtk_editable_set_text(self->user, profile->user);
	gtk_switch_set_active(self->remember, profile->remember);
	gtk_widget_set_visible(GTK_WIDGET(self->user), password);
	gtk_widget_set_visible(GTK_WIDGET(self->password), password);
	gtk_widget_set_visible(self->remember_row, password);
	typed_cb(self);
	if (password && profile->remember)
		lk_keyring_find_async(profile, NULL, found_cb, g_object_ref(self));
}

static void show_profiles(LkSignInPage *self, guint selected)
{
	g_autoptr(GtkStringList) names = gtk_string_list_new(NULL);

	for (guint i = 0; i < self->known->len; i++)
		gtk_string_list_append(names, ((struct lk_profile *)self->known->pdata[i])->name);
	adw_combo_row_set_model(self->profiles, G_LIST_MODEL(names));
	adw_combo_row_set_selected(self->profiles, selected);
	profile_changed_cb(self);
}

static void edited_cb(LkProfileDialog *dialog, guint selected, LkSignInPage *self)
{
	(void)dialog;
	save_profiles(self);
	show_profiles(self, selected);
}

static void edit_cb(LkSignInPage *self)
{
	LkProfileDialog *dialog = lk_profile_dialog_new(self->known, adw_combo_row_get_selected(self->profiles));

	gtk_window_set_transient_for(GTK_WINDOW(dialog), GTK_WINDOW(gtk_widget_get_root(GTK_WIDGET(self))));
	g_signal_connect_object(dialog, "edited", G_CALLBACK(edited_cb), self, 0);
	gtk_window_present(GTK_WINDOW(dialog));
}

static void recover_cb(LkSignInPage *self)
{
	if (self->pending != NULL || current_profile(self) == NULL)
		return;
	clear_password(self);
	lk_say(self->message, NULL);
	g_signal_emit(self, recover_signal, 0);
}

/* -- Overrides -- */

static void lk_sign_in_page_map(GtkWidget *widget)
{
	LkSignInPage *self = LK_SIGN_IN_PAGE(widget);

	GTK_WIDGET_CLASS(lk_sign_in_page_parent_class)->map(widget);
	focus(self);
}

static void lk_sign_in_page_dispose(GObject *object)
{
	LkSignInPage *self = LK_SIGN_IN_PAGE(object);

	abandon(self);
	g_clear_handle_id(&self->spin, g_source_remove);
	g_clear_pointer(&self->typed, lk_secret_free);
	g_clear_pointer(&self->known, g_ptr_array_unref);
	G_OBJECT_CLASS(lk_sign_in_page_parent_class)->dispose(object);
}

static void lk_sign_in_page_class_init(LkSignInPageClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	G_OBJECT_CLASS(class)->dispose = lk_sign_in_page_dispose;
	widget_class->map = lk_sign_in_page_map;
	signed_in_signal = g_signal_new(
		"signed-in", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, LK_TYPE_SESSION);
	recover_signal =
		g_signal_new("recover", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
	gtk_widget_class_install_action(widget_class, CANCEL, NULL, cancel_action);
	gtk_widget_class_set_template_from_resource(widget_class, LK_RESOURCES "/sign-in-page.ui");
	gtk_widget_class_bind_template_child(widget_class, LkSignInPage, profiles);
	gtk_widget_class_bind_template_child(widget_class, LkSignInPage, edit);
	gtk_widget_class_bind_template_child(widget_class, LkSignInPage, user);
	gtk_widget_class_bind_template_child(widget_class, LkSignInPage, password);
	gtk_widget_class_bind_template_child(widget_class, LkSignInPage, remember_row);
	gtk_widget_class_bind_template_child(widget_class, LkSignInPage, remember);
	gtk_widget_class_bind_template_child(widget_class, LkSignInPage, message);
	gtk_widget_class_bind_template_child(widget_class, LkSignInPage, sign_in);
	gtk_widget_class_bind_template_child(widget_class, LkSignInPage, cancel);
	gtk_widget_class_bind_template_child(widget_class, LkSignInPage, recover);
	gtk_widget_class_bind_template_child(widget_class, LkSignInPage, spinner);
	gtk_widget_class_bind_template_callback(widget_class, sign_in_cb);
	gtk_widget_class_bind_template_callback(widget_class, recover_cb);
	gtk_widget_class_bind_template_callback(widget_class, edit_cb);
	gtk_widget_class_bind_template_callback(widget_class, typed_cb);
	gtk_widget_class_bind_template_callback(widget_class, profile_changed_cb);
}

static void lk_sign_in_page_init(LkSignInPage *self)
{
	char *file = lk_profiles_file();

	self->known = lk_profiles_load(file);
	g_free(file);
	gtk_widget_init_template(GTK_WIDGET(self));
	gtk_widget_action_set_enabled(GTK_WIDGET(self), CANCEL, FALSE);
	show_profiles(self, 0);
}

LkSignInPage *lk_sign_in_page_new(void)
{
	return g_object_new(LK_TYPE_SIGN_IN_PAGE, NULL);
}

void lk_sign_in_page_try(LkSignInPage *self, struct lk_secret *password)
{
	gtk_editable_set_text(self->password, lk_secret_open(password, NULL));
	lk_secret_close(password);
	sign_in_cb(self);
}

const struct lk_profile *lk_sign_in_page_get_profile(LkSignInPage *self)
{
	return current_profile(self);
}

const char *lk_sign_in_page_get_user(LkSignInPage *self)
{
	return gtk_editable_get_text(self->user);
}

void lk_sign_in_page_resume(LkSignInPage *self, const char *user, struct lk_secret *password)
{
	gtk_editable_set_text(self->user, user);
	clear_password(self);
	if (password != NULL)
		lk_sign_in_page_try(self, password);
}

void lk_sign_in_page_say(LkSignInPage *self, const char *sentence)
{
	gtk_widget_remove_css_class(GTK_WIDGET(self->message), "error");
	lk_say(self->message, sentence);
}
