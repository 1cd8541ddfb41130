#include "application.h"

#include <glib-unix.h>
#include <glib/gi18n.h>

#include "clipboard.h"
#include "labels.h"
#include "secret.h"
#include "window.h"

struct _LkApplication {
	AdwApplication parent_instance;

	guint terminated; /* source of SIGTERM */
	struct lk_secret *password; /* of --password-file, until it was used; or NULL */
	gboolean recovery; /* --recover: nothing else can be reached */
};

G_DEFINE_FINAL_TYPE(LkApplication, lk_application, ADW_TYPE_APPLICATION)

static gpointer ref_window(gconstpointer window, gpointer user_data)
{
	(void)user_data;
	return g_object_ref((gpointer)window);
}

/* Dialogs are in the list too, and go with the window that they belong to. */
static void for_windows(LkApplication *self, void (*act)(GtkWindow *window))
{
	GList *windows = g_list_copy_deep(gtk_application_get_windows(GTK_APPLICATION(self)), ref_window, NULL);

	for (GList *at = windows; at != NULL; at = at->next) {
		if (LK_IS_WINDOW(at->data))
			act(at->data);
	}
	g_list_free_full(windows, g_object_unref);
}

static gboolean close_cb(gpointer application)
{
	for_windows(application, gtk_window_close);
	return G_SOURCE_REMOVE;
}

static void lock_window(GtkWindow *window)
{
	gtk_widget_activate_action(GTK_WIDGET(window), "win.lock", NULL);
}

static gboolean lock_cb(gpointer application)
{
	for_windows(application, lock_window);
	return G_SOURCE_REMOVE;
}

/* The dialog whose key it was goes, too: not before GTK is done with that key. */
static void once_handled(gpointer application, GSourceFunc act)
{
	g_idle_add_full(G_PRIORITY_DEFAULT, act, g_object_ref(application), g_object_unref);
}

/* Closing asks the window: a kiosk's refuses, and one that would lose something asks first. */
static void quit_action(GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
	(void)action, (void)parameter;
	once_handled(user_data, close_cb);
}

/* Of the application, since a dialog knows no actions of the window below it. */
static void lock_action(GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
	(void)action, (void)parameter;
	once_handled(user_data, lock_cb);
}

static void about_action(GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
	GtkApplication *application = user_data;

	(void)action, (void)parameter;
	adw_show_about_window(gtk_application_get_active_window(application), "application-name", "Latchkey",
		"application-icon", LK_APPLICATION_ID, "version", LK_VERSION, "developer-name", _("The Latchkey maintainers"),
		"license-type", GTK_LICENSE_MIT_X11, "comments",
		_("Helps people back into their accounts in an LDAP directory that runs Latchkey."), "translator-credits",
		/* TRANSLATORS: who translated, a line each. */ _("translator-credits"), NULL);
}

/* Nobody is there to be asked. In order: windows and what they hold are let go of, so that a leak would show. */
static gboolean terminated_cb(gpointer user_data)
{
	LkApplication *self = user_data;

	self->terminated = 0;
	for_windows(self, gtk_window_destroy);
	return G_SOURCE_REMOVE;
}

static gboolean key_cb(GtkWidget *dialog, GVariant *parameter, gpointer action)
{
	(void)dialog, (void)parameter;
	g_action_group_activate_action(G_ACTION_GROUP(g_application_get_default()), action, NULL);
	return TRUE;
}

static void add_key(GtkEventController *keys, guint key, GtkShortcutAction *action)
{
	gtk_shortcut_controller_add_shortcut(
		GTK_SHORTCUT_CONTROLLER(keys), gtk_shortcut_new(gtk_keyval_trigger_new(key, GDK_CONTROL_MASK), action));
}

/* GTK leaves dialogs without the application's keys. What opens files and prints keeps its own: Ctrl+L is one. */
static void above_cb(GtkWindow *dialog)
{
	if (gtk_window_get_transient_for(dialog) == NULL || !(ADW_IS_WINDOW(dialog) || ADW_IS_MESSAGE_DIALOG(dialog)))
		return;
	GtkEventController *keys = gtk_shortcut_controller_new();

	gtk_event_controller_set_propagation_phase(keys, GTK_PHASE_CAPTURE);
	add_key(keys, GDK_KEY_q, gtk_callback_action_new(key_cb, "quit", NULL));
	add_key(keys, GDK_KEY_l, gtk_callback_action_new(key_cb, "lock", NULL));
	add_key(keys, GDK_KEY_w, gtk_named_action_new("window.close"));
	gtk_widget_add_controller(GTK_WIDGET(dialog), keys);
}

static void opened_cb(GListModel *windows, guint position, guint removed, guint added)
{
	(void)removed;
	for (guint i = 0; i < added; i++) {
		g_autoptr(GtkWindow) window = g_list_model_get_item(windows, position + i);
		g_signal_connect(window, "notify::transient-for", G_CALLBACK(above_cb), NULL);
	}
}

/* The whole contents are the password, as with ldapsearch -y. */
static int lk_application_handle_local_options(GApplication *application, GVariantDict *options)
{
	LkApplication *self = LK_APPLICATION(application);
	g_autofree char *file = NULL;
	g_autoptr(GError) error = NULL;
	char *text = NULL;

	self->recovery = g_variant_dict_contains(options, "recover");
	if (self->recovery || !g_variant_dict_lookup(options, "password-file", "^ay", &file))
		return -1;
	if (!g_file_get_contents(file, &text, NULL, &error)) {
		g_printerr("latchkey-desktop: %s\n", error->message);
		return 2;
	}
	self->password = lk_secret_new(text);
	lk_secret_wipe(text);
	return -1;
}

static void lk_application_startup(GApplication *application)
{
	static const GActionEntry entries[] = {{"quit", quit_action}, {"lock", lock_action}, {"about", about_action}};
	static const struct {
		const char *action, *keys[2];
	} shortcuts[] = {
		{"app.quit", {"<Control>q"}},
		{"win.shortcuts", {"<Control>question"}},
		{"app.lock", {"<Control>l"}},
		{"window.close", {"<Control>w"}},
	};
	LkApplication *self = LK_APPLICATION(application);

	G_APPLICATION_CLASS(lk_application_parent_class)->startup(application);
	g_action_map_add_action_entries(G_ACTION_MAP(self), entries, G_N_ELEMENTS(entries), self);
	for (size_t i = 0; i < G_N_ELEMENTS(shortcuts) && !self->recovery; i++)
		gtk_application_set_accels_for_action(
			GTK_APPLICATION(self), shortcuts[i].action, (const char *const[]){shortcuts[i].keys[0], NULL});
	g_signal_connect(gtk_window_get_toplevels(), "items-changed", G_CALLBACK(opened_cb), NULL);
	lk_labels_watch();
	gtk_window_set_default_icon_name(LK_APPLICATION_ID);
	self->terminated = g_unix_signal_add(SIGTERM, terminated_cb, self);
}

static void lk_application_activate(GApplication *application)
{
	GtkWindow *window = gtk_application_get_active_window(GTK_APPLICATION(application));

	LkApplication *self = LK_APPLICATION(application);

	if (window == NULL && self->recovery)
		window = GTK_WINDOW(lk_window_new_for_recovery(self));
	else if (window == NULL)
		window = GTK_WINDOW(lk_window_new(self));
	gtk_window_present(window);
	if (self->password == NULL)
		return;
	lk_window_sign_in(LK_WINDOW(window), self->password);
	g_clear_pointer(&self->password, lk_secret_free);
}

static void lk_application_shutdown(GApplication *application)
{
	LkApplication *self = LK_APPLICATION(application);

	g_clear_handle_id(&self->terminated, g_source_remove);
	g_clear_pointer(&self->password, lk_secret_free);
	lk_clipboard_clear();
	G_APPLICATION_CLASS(lk_application_parent_class)->shutdown(application);
}

static void lk_application_class_init(LkApplicationClass *class)
{
	GApplicationClass *application_class = G_APPLICATION_CLASS(class);

	application_class->startup = lk_application_startup;
	application_class->handle_local_options = lk_application_handle_local_options;
	application_class->activate = lk_application_activate;
	application_class->shutdown = lk_application_shutdown;
}

static void lk_application_init(LkApplication *self)
{
	static const GOptionEntry options[] = {
		{"password-file", 0, 0, G_OPTION_ARG_FILENAME, NULL,
			N_("Sign in to the first directory with the contents of this file as password"), N_("FILE")},
		{"recover", 0, 0, G_OPTION_ARG_NONE, NULL,
			N_("Let people back into their accounts, and nothing else, as at a kiosk"), NULL},
		{NULL},
	};

	g_application_add_main_option_entries(G_APPLICATION(self), options);
}

LkApplication *lk_application_new(void)
{
	/* Each start is a process of its own: one administrator, several directories. */
	return g_object_new(LK_TYPE_APPLICATION, "application-id", LK_APPLICATION_ID, "flags", G_APPLICATION_NON_UNIQUE,
		"resource-base-path", LK_RESOURCES, NULL);
}
