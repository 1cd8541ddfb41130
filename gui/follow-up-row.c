#include "follow-up-row.h"

#include <glib/gi18n.h>
#include <string.h>

#include "act-dialog.h"
#include "labels.h"
#include "reset-dialog.h"
#include "text.h"
#include "toast.h"
#include "words.h"

struct _LkFollowUpRow {
	AdwActionRow parent_instance;

	LkSession *session;
	LkMatter *matter;
};

G_DEFINE_FINAL_TYPE(LkFollowUpRow, lk_follow_up_row, ADW_TYPE_ACTION_ROW)

static guint acted_signal;

static const char *const icons[] = {
	[LK_MATTER_FAILED] = "dialog-warning-symbolic",
	[LK_MATTER_LAPSED] = "action-unavailable-symbolic",
	[LK_MATTER_LAPSING] = "alarm-symbolic",
	[LK_MATTER_DEFERRED] = "document-open-recent-symbolic",
	[LK_MATTER_WAITING] = "mail-send-symbolic",
	[LK_MATTER_UNCHANGED] = "dialog-password-symbolic",
};

static const struct lk_person *person_of(LkFollowUpRow *self)
{
	return lk_user_get_person(lk_matter_get_user(self->matter));
}

static const struct lk_account_message *message_of(LkFollowUpRow *self)
{
	return lk_matter_get(self->matter)->message;
}

/* -- What is shown -- */

static void add_message(GString *lines, const struct lk_account_message *message)
{
	lk_text_add_line(lines,
		lk_text_fill(_("{kind}, to {address}"), "kind", lk_words_kind(message->kind), "address", message->to, NULL));
	lk_text_add_time(lines, _("Written on {time}"), message->created);
	if (strcmp(message->state, "deferred") == 0)
		lk_text_add_time(lines, _("Next try: {time}"), message->due);
	if (*message->answer != '\0' && strcmp(message->state, "sent") != 0)
		lk_text_add_line(lines, lk_text_fill(_("The mail server said: {text}"), "text", message->answer, NULL));
}

static void show(LkFollowUpRow *self)
{
	const struct lk_matter *matter = lk_matter_get(self->matter);
	const struct lk_person *person = person_of(self);
	g_autofree char *name = lk_text_clean(lk_person_name(person));
	GString *lines = g_string_new(NULL);
	GtkWidget *icon = gtk_image_new_from_icon_name(icons[matter->kind]);

	lk_text_add_line(lines, g_strdup(lk_words_matter(matter->kind)));
	lk_text_add_line(lines, lk_words_apart(person));
	if (matter->message != NULL)
		add_message(lines, matter->message);
	if (person->account->temporary_until != 0)
		lk_text_add_time(lines, _("What it holds can be used until {time}."), person->account->temporary_until);
	adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(self), FALSE);
	adw_preferences_row_set_title(ADW_PREFERENCES_ROW(self), name);
	adw_action_row_set_subtitle(ADW_ACTION_ROW(self), lines->str);
	adw_action_row_set_subtitle_lines(ADW_ACTION_ROW(self), 0);
	if (matter->kind <= LK_MATTER_LAPSED)
		gtk_widget_add_css_class(icon, "error");
	adw_action_row_add_prefix(ADW_ACTION_ROW(self), icon);
	g_string_free(lines, TRUE);
}

/* -- Actions -- */

static void acted_cb(LkFollowUpRow *self)
{
	g_signal_emit(self, acted_signal, 0);
}

static void resent_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(LkFollowUpRow) self = user_data;
	g_autoptr(GError) error = NULL;
	gboolean done = lk_session_act_finish(LK_SESSION(source), result, &error);

	if (self->session == NULL)
		return;
	gtk_widget_action_set_enabled(GTK_WIDGET(self), "matter.resend", TRUE);
	lk_toast(GTK_WIDGET(self), done ? _("The mail is sent once more.") : error->message);
	acted_cb(self);
}

static void resend_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	LkFollowUpRow *self = LK_FOLLOW_UP_ROW(widget);
	const struct lk_act act = {.what = LK_STEP_RESEND, .dn = person_of(self)->account->dn, .id = message_of(self)->id};

	(void)name, (void)parameter;
	gtk_widget_action_set_enabled(widget, "matter.resend", FALSE);
	lk_session_act_async(self->session, &act, NULL, resent_cb, g_object_ref(self));
}

static void open_dialog(LkFollowUpRow *self, GtkWindow *dialog, const char *signal)
{
	gtk_window_set_transient_for(dialog, GTK_WINDOW(gtk_widget_get_root(GTK_WIDGET(self))));
	g_signal_connect_object(dialog, signal, G_CALLBACK(acted_cb), self, G_CONNECT_SWAPPED);
	gtk_window_present(dialog);
}

static void elsewhere_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	LkFollowUpRow *self = LK_FOLLOW_UP_ROW(widget);

	(void)name, (void)parameter;
	open_dialog(self,
		GTK_WINDOW(lk_act_dialog_new(self->session, LK_STEP_RESEND, person_of(self), message_of(self)->id)), "done");
}

static void reset_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	LkFollowUpRow *self = LK_FOLLOW_UP_ROW(widget);

	(void)name, (void)parameter;
	open_dialog(self, GTK_WINDOW(lk_reset_dialog_new(self->session, person_of(self))), "reset");
}

static void add_buttons(LkFollowUpRow *self)
{
	const struct lk_account_message *message = message_of(self);
	GMenu *menu = g_menu_new();
	GtkWidget *more = gtk_menu_button_new();
	GtkWidget *resend = gtk_button_new_with_label(_("Resend"));
	g_autofree char *name = lk_text_clean(lk_person_name(person_of(self)));
	g_autofree char *label = lk_text_fill(_("More for {name}"), "name", name, NULL);

	gtk_widget_set_valign(resend, GTK_ALIGN_CENTER);
	gtk_actionable_set_action_name(GTK_ACTIONABLE(resend), "matter.resend");
	gtk_widget_action_set_enabled(
		GTK_WIDGET(self), "matter.resend", message != NULL && lk_matter_get(self->matter)->kind != LK_MATTER_LAPSED);
	adw_action_row_add_suffix(ADW_ACTION_ROW(self), resend);

	g_menu_append(menu, _("Send elsewhere…"), "matter.elsewhere");
	g_menu_append(menu, _("Reset again…"), "matter.reset");
	gtk_widget_action_set_enabled(
		GTK_WIDGET(self), "matter.elsewhere", message != NULL && lk_matter_may_go_elsewhere(message));
	gtk_menu_button_set_menu_model(GTK_MENU_BUTTON(more), G_MENU_MODEL(menu));
	gtk_menu_button_set_icon_name(GTK_MENU_BUTTON(more), "view-more-symbolic");
	gtk_widget_set_valign(more, GTK_ALIGN_CENTER);
	gtk_widget_set_tooltip_text(more, _("More"));
	gtk_accessible_update_property(GTK_ACCESSIBLE(more), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
	gtk_widget_add_css_class(more, "flat");
	adw_action_row_add_suffix(ADW_ACTION_ROW(self), more);
	g_object_unref(menu);
}

static void lk_follow_up_row_dispose(GObject *object)
{
	LkFollowUpRow *self = LK_FOLLOW_UP_ROW(object);

	g_clear_object(&self->session);
	g_clear_object(&self->matter);
	G_OBJECT_CLASS(lk_follow_up_row_parent_class)->dispose(object);
}

static void lk_follow_up_row_class_init(LkFollowUpRowClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	G_OBJECT_CLASS(class)->dispose = lk_follow_up_row_dispose;
	acted_signal =
		g_signal_new("acted", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
	gtk_widget_class_install_action(widget_class, "matter.resend", NULL, resend_action);
	gtk_widget_class_install_action(widget_class, "matter.elsewhere", NULL, elsewhere_action);
	gtk_widget_class_install_action(widget_class, "matter.reset", NULL, reset_action);
}

static void lk_follow_up_row_init(LkFollowUpRow *self)
{
	(void)self;
}

LkFollowUpRow *lk_follow_up_row_new(LkSession *session, LkMatter *matter)
{
	LkFollowUpRow *self = g_object_new(LK_TYPE_FOLLOW_UP_ROW, NULL);

	self->session = g_object_ref(session);
	self->matter = g_object_ref(matter);
	show(self);
	add_buttons(self);
	lk_labels_settle(GTK_WIDGET(self));
	return self;
}
