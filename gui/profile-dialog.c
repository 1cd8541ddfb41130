#include "profile-dialog.h"

#include <glib/gi18n.h>

#include "keyring.h"
#include "profile.h"

struct _LkProfileDialog {
	AdwWindow parent_instance;

	GtkWidget *save;
	GtkEditable *name;
	GtkEditable *uris;
	GtkEditable *base;
	GtkEditable *ca_file;
	AdwComboRow *auth;
	GtkSwitch *start_tls;
	GtkLabel *message;
	GtkWidget *remove;

	GPtrArray *profiles;
	struct lk_profile *profile; /* a copy of the one that is edited, or a new one */
	gboolean is_new;
};

G_DEFINE_FINAL_TYPE(LkProfileDialog, lk_profile_dialog, ADW_TYPE_WINDOW)

static guint edited_signal;

static void replace_text(char **text, GtkEditable *field)
{
	g_free(*text);
	*text = g_strstrip(g_strdup(gtk_editable_get_text(field)));
}

static void read_fields(LkProfileDialog *self)
{
	replace_text(&self->profile->name, self->name);
	replace_text(&self->profile->uris, self->uris);
	replace_text(&self->profile->base, self->base);
	replace_text(&self->profile->ca_file, self->ca_file);
	self->profile->auth = (enum lk_auth)adw_combo_row_get_selected(self->auth);
	self->profile->start_tls = gtk_switch_get_active(self->start_tls);
}

static void changed_cb(LkProfileDialog *self)
{
	if (self->profile == NULL)
		return;
	read_fields(self);
	const char *fault = lk_profile_fault(self->profile);
	gtk_label_set_label(self->message, fault == NULL ? "" : _(fault));
	gtk_widget_set_sensitive(self->save, fault == NULL);
}

static void show_profile(LkProfileDialog *self, struct lk_profile *profile, gboolean is_new)
{
	struct lk_profile *before = g_steal_pointer(&self->profile);

	gtk_editable_set_text(self->name, profile->name);
	gtk_editable_set_text(self->uris, profile->uris);
	gtk_editable_set_text(self->base, profile->base);
	gtk_editable_set_text(self->ca_file, profile->ca_file);
	adw_combo_row_set_selected(self->auth, profile->auth);
	gtk_switch_set_active(self->start_tls, profile->start_tls);
	self->profile = profile;
	self->is_new = is_new;
	gtk_widget_set_visible(self->remove, !is_new && self->profiles->len > 1);
	lk_profile_free(before);
	changed_cb(self);
	gtk_widget_grab_focus(GTK_WIDGET(self->name));
}

static guint position_of(LkProfileDialog *self)
{
	for (guint i = 0; i < self->profiles->len; i++) {
		if (g_str_equal(((struct lk_profile *)self->profiles->pdata[i])->id, self->profile->id))
			return i;
	}
	return self->profiles->len;
}

static void save_cb(LkProfileDialog *self)
{
	guint position = position_of(self);
	struct lk_profile *saved = g_steal_pointer(&self->profile);

	if (position == self->profiles->len) {
		g_ptr_array_add(self->profiles, saved);
	} else {
		lk_profile_free(self->profiles->pdata[position]);
		self->profiles->pdata[position] = saved;
	}
	g_signal_emit(self, edited_signal, 0, position);
	gtk_window_destroy(GTK_WINDOW(self));
}

static void add_cb(LkProfileDialog *self)
{
	show_profile(self, lk_profile_new("", "ldaps://"), TRUE);
}

static void remove_cb(LkProfileDialog *self)
{
	lk_keyring_forget(self->profile);
	g_ptr_array_remove_index(self->profiles, position_of(self));
	g_signal_emit(self, edited_signal, 0, 0);
	gtk_window_destroy(GTK_WINDOW(self));
}

static void lk_profile_dialog_dispose(GObject *object)
{
	LkProfileDialog *self = LK_PROFILE_DIALOG(object);

	g_clear_pointer(&self->profile, lk_profile_free);
	g_clear_pointer(&self->profiles, g_ptr_array_unref);
	G_OBJECT_CLASS(lk_profile_dialog_parent_class)->dispose(object);
}

static void lk_profile_dialog_class_init(LkProfileDialogClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	G_OBJECT_CLASS(class)->dispose = lk_profile_dialog_dispose;
	edited_signal = g_signal_new(
		"edited", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
	gtk_widget_class_set_template_from_resource(widget_class, LK_RESOURCES "/profile-dialog.ui");
	gtk_widget_class_bind_template_child(widget_class, LkProfileDialog, save);
	gtk_widget_class_bind_template_child(widget_class, LkProfileDialog, name);
	gtk_widget_class_bind_template_child(widget_class, LkProfileDialog, uris);
	gtk_widget_class_bind_template_child(widget_class, LkProfileDialog, base);
	gtk_widget_class_bind_template_child(widget_class, LkProfileDialog, ca_file);
	gtk_widget_class_bind_template_child(widget_class, LkProfileDialog, auth);
	gtk_widget_class_bind_template_child(widget_class, LkProfileDialog, start_tls);
	gtk_widget_class_bind_template_child(widget_class, LkProfileDialog, message);
	gtk_widget_class_bind_template_child(widget_class, LkProfileDialog, remove);
	gtk_widget_class_bind_template_callback(widget_class, changed_cb);
	gtk_widget_class_bind_template_callback(widget_class, save_cb);
	gtk_widget_class_bind_template_callback(widget_class, add_cb);
	gtk_widget_class_bind_template_callback(widget_class, remove_cb);
	gtk_widget_class_add_binding_action(widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void lk_profile_dialog_init(LkProfileDialog *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
}

LkProfileDialog *lk_profile_dialog_new(GPtrArray *profiles, guint selected)
{
	LkProfileDialog *self = g_object_new(LK_TYPE_PROFILE_DIALOG, NULL);

	self->profiles = g_ptr_array_ref(profiles);
	show_profile(self, lk_profile_copy(profiles->pdata[MIN(selected, profiles->len - 1)]), FALSE);
	return self;
}
