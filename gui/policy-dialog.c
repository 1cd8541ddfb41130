#include "policy-dialog.h"

#include <glib/gi18n.h>

#include "dn.h"
#include "policy-input.h"
#include "text.h"
#include "wait.h"

struct _LkPolicyDialog {
	AdwWindow parent_instance;

	AdwWindowTitle *title;
	GtkWidget *back;
	GtkWidget *cancel;
	GtkButton *next;
	GtkSpinner *spinner;
	GtkLabel *message;
	GtkStack *stack;
	AdwPreferencesPage *fields;
	GtkWidget *named;
	GtkEditable *name;
	GtkEditable *place;
	GtkLabel *consequences;

	LkSession *session;
	struct lk_policy_card *before, *after; /* AFTER is NULL before the check; BEFORE has no DN for a new policy */
	GPtrArray *inputs; /* of struct lk_policy_input, for each field */
	GCancellable *pending; /* NULL where nothing is awaited */
};

G_DEFINE_FINAL_TYPE(LkPolicyDialog, lk_policy_dialog, ADW_TYPE_WINDOW)

static gboolean is_confirming(LkPolicyDialog *self)
{
	return g_str_equal(gtk_stack_get_visible_child_name(self->stack), "confirm");
}

static void update(LkPolicyDialog *self)
{
	gboolean confirming = is_confirming(self);

	gtk_widget_set_visible(self->back, confirming);
	gtk_widget_set_visible(self->cancel, !confirming);
	gtk_button_set_label(self->next, confirming ? _("_Save") : _("_Next"));
	gtk_widget_set_sensitive(GTK_WIDGET(self->next), self->pending == NULL);
	gtk_widget_set_sensitive(self->back, self->pending == NULL);
	gtk_widget_set_sensitive(GTK_WIDGET(self->fields), self->pending == NULL);
}

static void show_page(LkPolicyDialog *self, const char *name)
{
	gtk_stack_set_visible_child_name(self->stack, name);
	update(self);
}

/* False where the dialog has been closed meanwhile. */
static gboolean end(LkPolicyDialog *self, const GError *error)
{
	gboolean there = lk_wait_end(&self->pending, self->spinner, self->message, error);

	if (there)
		update(self);
	return there;
}

static gboolean is_new(LkPolicyDialog *self)
{
	return self->before->dn == NULL;
}

/* -- What was typed -- */

static void read_name(LkPolicyDialog *self, struct lk_policy_card *card)
{
	g_autofree char *place = g_strstrip(g_strdup(gtk_editable_get_text(self->place)));

	g_free(card->name);
	card->name = g_strstrip(g_strdup(gtk_editable_get_text(self->name)));
	card->dn = lk_dn_below("cn", card->name, place);
}

static struct lk_policy_card *read_fields(LkPolicyDialog *self)
{
	struct lk_policy_card *card = lk_policy_card_copy(self->before);

	for (guint i = 0; i < self->inputs->len; i++) {
		g_auto(GStrv) values = lk_policy_input_read(self->inputs->pdata[i]);
		lk_policy_card_set(card, i, (const char *const *)values);
	}
	if (is_new(self)) {
		read_name(self, card);
		lk_policy_card_complete(card);
	}
	return card;
}

/* -- Saving -- */

static void saved_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(LkPolicyDialog) self = user_data;
	g_autoptr(GError) error = NULL;

	lk_session_save_policy_finish(LK_SESSION(source), result, &error);
	if (!end(self, error))
		return;
	if (error != NULL) {
		show_page(self, "edit");
		return;
	}
	gtk_window_close(GTK_WINDOW(self));
}

static void save(LkPolicyDialog *self)
{
	lk_wait_begin(&self->pending, self->spinner, self->message);
	update(self);
	lk_session_save_policy_async(self->session, self->before, self->after, saved_cb, g_object_ref(self));
}

/* -- Checking -- */

static void ask_to_confirm(LkPolicyDialog *self, const struct lk_findings *findings)
{
	g_autofree char *lines = lk_policy_consequences(self->before, self->after, findings);

	g_auto(GStrv) each = g_strsplit(lines, "\n", -1);
	g_autofree char *apart = g_strjoinv("\n\n", each);

	gtk_label_set_label(self->consequences, apart);
	show_page(self, "confirm");
	gtk_widget_grab_focus(GTK_WIDGET(self->next));
}

static void checked_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(LkPolicyDialog) self = user_data;
	g_autoptr(GError) error = NULL;
	struct lk_findings *findings = lk_session_check_policy_finish(LK_SESSION(source), result, &error);

	if (end(self, error) && findings != NULL) {
		g_autofree char *faults = lk_policy_faults_of(self->after, findings);
		if (*faults == '\0')
			ask_to_confirm(self, findings);
		else
			lk_say(self->message, faults);
	}
	lk_findings_free(findings);
}

/* Whether there is something to ask the directory about. */
static gboolean is_complete(LkPolicyDialog *self)
{
	if (!is_new(self)) {
		gboolean changed = !lk_policy_cards_same(self->before, self->after);
		lk_say(self->message, changed ? NULL : _("Nothing has been changed yet."));
		return changed;
	}
	if (*self->after->name == '\0') {
		lk_say(self->message, _("Give the policy a name."));
		gtk_widget_grab_focus(GTK_WIDGET(self->name));
		return FALSE;
	}
	if (*lk_dn_parent(self->after->dn) == '\0') {
		lk_say(self->message, _("Give the DN of the entry below which the policy is to stand."));
		gtk_widget_grab_focus(GTK_WIDGET(self->place));
		return FALSE;
	}
	return TRUE;
}

static void check(LkPolicyDialog *self)
{
	lk_policy_card_free(self->after);
	self->after = read_fields(self);
	if (!is_complete(self))
		return;
	lk_wait_begin(&self->pending, self->spinner, self->message);
	update(self);
	lk_session_check_policy_async(self->session, self->after, self->pending, checked_cb, g_object_ref(self));
}

/* -- Callbacks -- */

static void next_cb(LkPolicyDialog *self)
{
	if (is_confirming(self))
		save(self);
	else
		check(self);
}

static void back_cb(LkPolicyDialog *self)
{
	show_page(self, "edit");
}

/* -- Rows -- */

static AdwPreferencesGroup *make_group(LkPolicyDialog *self, enum lk_policy_part part)
{
	AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP(adw_preferences_group_new());

	adw_preferences_group_set_title(group, lk_policy_part_title(part));
	adw_preferences_page_add(self->fields, group);
	return group;
}

/* Fields of one part stand together in the table. */
static void fill(LkPolicyDialog *self)
{
	const struct lk_policy_kind *kind = self->before->kind;
	AdwPreferencesGroup *group = NULL;

	for (size_t i = 0; i < kind->count; i++) {
		struct lk_policy_input *input =
			lk_policy_input_new(&kind->fields[i], (const char *const *)self->before->values[i]);
		if (i == 0 || kind->fields[i].part != kind->fields[i - 1].part)
			group = make_group(self, kind->fields[i].part);
		adw_preferences_group_add(group, lk_policy_input_get_row(input));
		g_ptr_array_add(self->inputs, input);
	}
}

static void input_free(gpointer input)
{
	lk_policy_input_free(input);
}

/* -- Overrides -- */

static void lk_policy_dialog_dispose(GObject *object)
{
	LkPolicyDialog *self = LK_POLICY_DIALOG(object);

	g_cancellable_cancel(self->pending);
	g_clear_object(&self->pending);
	g_clear_object(&self->session);
	g_ptr_array_set_size(self->inputs, 0);
	G_OBJECT_CLASS(lk_policy_dialog_parent_class)->dispose(object);
}

static void lk_policy_dialog_finalize(GObject *object)
{
	LkPolicyDialog *self = LK_POLICY_DIALOG(object);

	g_ptr_array_unref(self->inputs);
	lk_policy_card_free(self->before);
	lk_policy_card_free(self->after);
	G_OBJECT_CLASS(lk_policy_dialog_parent_class)->finalize(object);
}

static void lk_policy_dialog_class_init(LkPolicyDialogClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	G_OBJECT_CLASS(class)->dispose = lk_policy_dialog_dispose;
	G_OBJECT_CLASS(class)->finalize = lk_policy_dialog_finalize;
	gtk_widget_class_set_template_from_resource(widget_class, LK_RESOURCES "/policy-dialog.ui");
	gtk_widget_class_bind_template_child(widget_class, LkPolicyDialog, title);
	gtk_widget_class_bind_template_child(widget_class, LkPolicyDialog, back);
	gtk_widget_class_bind_template_child(widget_class, LkPolicyDialog, cancel);
	gtk_widget_class_bind_template_child(widget_class, LkPolicyDialog, next);
	gtk_widget_class_bind_template_child(widget_class, LkPolicyDialog, spinner);
	gtk_widget_class_bind_template_child(widget_class, LkPolicyDialog, message);
	gtk_widget_class_bind_template_child(widget_class, LkPolicyDialog, stack);
	gtk_widget_class_bind_template_child(widget_class, LkPolicyDialog, fields);
	gtk_widget_class_bind_template_child(widget_class, LkPolicyDialog, named);
	gtk_widget_class_bind_template_child(widget_class, LkPolicyDialog, name);
	gtk_widget_class_bind_template_child(widget_class, LkPolicyDialog, place);
	gtk_widget_class_bind_template_child(widget_class, LkPolicyDialog, consequences);
	gtk_widget_class_bind_template_callback(widget_class, next_cb);
	gtk_widget_class_bind_template_callback(widget_class, back_cb);
	gtk_widget_class_add_binding_action(widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void lk_policy_dialog_init(LkPolicyDialog *self)
{
	self->inputs = g_ptr_array_new_with_free_func(input_free);
	gtk_widget_init_template(GTK_WIDGET(self));
}

LkPolicyDialog *lk_policy_dialog_new(LkSession *session, const struct lk_policy_card *card, const char *place)
{
	LkPolicyDialog *self = g_object_new(LK_TYPE_POLICY_DIALOG, NULL);
	g_autofree char *name = lk_text_clean(card->name);

	self->session = g_object_ref(session);
	self->before = lk_policy_card_copy(card);
	gtk_window_set_title(GTK_WINDOW(self), is_new(self) ? _("Add a policy") : _("Change a policy"));
	adw_window_title_set_title(self->title, gtk_window_get_title(GTK_WINDOW(self)));
	adw_window_title_set_subtitle(self->title, name);
	gtk_widget_set_visible(self->named, is_new(self));
	gtk_editable_set_text(self->place, place == NULL ? "" : place);
	fill(self);
	update(self);
	if (is_new(self))
		gtk_widget_grab_focus(GTK_WIDGET(self->name));
	return self;
}
