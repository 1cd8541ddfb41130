#include "policies-page.h"

#include <glib/gi18n.h>

#include "dn.h"
#include "policy-dialog.h"
#include "text.h"

struct _LkPoliciesPage {
	AdwBin parent_instance;

	GtkWidget *add;
	GtkStack *stack;
	AdwStatusPage *error;
	AdwPreferencesPage *list;

	LkSession *session;
	GPtrArray *groups; /* those in LIST; not owned */
	GPtrArray *cards; /* of struct lk_policy_card; NULL before they are read */
	GCancellable *pending; /* NULL where nothing is awaited */
};

G_DEFINE_FINAL_TYPE(LkPoliciesPage, lk_policies_page, ADW_TYPE_BIN)

static void read_policies(LkPoliciesPage *self);

/* Who is none may see the policies, as far as the directory lets them. */
static gboolean may_change(LkPoliciesPage *self)
{
	return (lk_session_get_roles(self->session) & LK_ROLES_GLOBAL) != 0;
}

/* -- Changing -- */

static void open_dialog(LkPoliciesPage *self, const struct lk_policy_card *card, const char *parent)
{
	LkPolicyDialog *dialog = lk_policy_dialog_new(self->session, card, parent);

	g_signal_connect_object(dialog, "unmap", G_CALLBACK(read_policies), self, G_CONNECT_SWAPPED);
	gtk_window_set_transient_for(GTK_WINDOW(dialog), GTK_WINDOW(gtk_widget_get_root(GTK_WIDGET(self))));
	gtk_window_present(GTK_WINDOW(dialog));
}

static void change_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	LkPoliciesPage *self = LK_POLICIES_PAGE(widget);
	guint which = g_variant_get_uint32(parameter);

	(void)name;
	if (self->cards != NULL && which < self->cards->len)
		open_dialog(self, self->cards->pdata[which], NULL);
}

/* Where policies stand is known from those that are there. */
static const struct lk_policy_card *any_policy(LkPoliciesPage *self)
{
	const struct lk_policy_card *first = self->cards == NULL || self->cards->len == 0 ? NULL : self->cards->pdata[0];

	return first != NULL && first->kind == &lk_policy_of_recovery ? first : NULL;
}

static void add_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	LkPoliciesPage *self = LK_POLICIES_PAGE(widget);
	const struct lk_policy_card *other = any_policy(self);
	struct lk_policy_card *card;

	(void)name, (void)parameter;
	if (other == NULL)
		return;
	card = lk_policy_card_new(&lk_policy_of_recovery);
	open_dialog(self, card, lk_dn_parent(other->dn));
	lk_policy_card_free(card);
}

/* -- Showing -- */

static GtkWidget *make_change_button(guint which, const char *name)
{
	GtkWidget *button = gtk_button_new_with_label(_("Change…"));
	g_autofree char *label = lk_text_fill(_("Change the policy “{name}”…"), "name", name, NULL);

	gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
	gtk_actionable_set_action_name(GTK_ACTIONABLE(button), "policies.change");
	gtk_actionable_set_action_target(GTK_ACTIONABLE(button), "u", which);
	gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
	return button;
}

/* A group takes its texts for markup. */
static void set_title(AdwPreferencesGroup *group, const struct lk_policy_card *card)
{
	g_autofree char *clean = lk_text_clean(card->name), *title = g_markup_escape_text(clean, -1);

	adw_preferences_group_set_title(group, title);
	adw_preferences_group_set_description(group, card->kind == &lk_policy_of_recovery
													 ? _("Recovery and resets")
													 : _("Passwords and their expiry, wherever it is the policy"));
}

static GtkWidget *make_label(const char *text)
{
	GtkWidget *label = gtk_label_new(text);

	gtk_label_set_xalign(GTK_LABEL(label), 0);
	gtk_label_set_wrap(GTK_LABEL(label), TRUE);
	gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
	return label;
}

/* The text is what the page is for: it is not dimmed, as the second line of Adwaita's rows is. */
static GtkWidget *make_row(const char *title, const char *text)
{
	GtkWidget *row = adw_preferences_row_new(), *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6),
			  *label = make_label(title);

	gtk_widget_add_css_class(label, "heading");
	gtk_widget_set_margin_start(box, 12);
	gtk_widget_set_margin_end(box, 12);
	gtk_widget_set_margin_top(box, 12);
	gtk_widget_set_margin_bottom(box, 12);
	gtk_box_append(GTK_BOX(box), label);
	gtk_box_append(GTK_BOX(box), make_label(text));
	adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title);
	gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(row), FALSE);
	gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(row), box);
	return row;
}

static void add_parts(AdwPreferencesGroup *group, const struct lk_policy_card *card)
{
	for (int part = 0; part < LK_PARTS; part++) {
		g_autofree char *words =
			lk_policy_part_words(card->kind, (enum lk_policy_part)part, (char *const *const *)card->values);
		if (*words != '\0')
			adw_preferences_group_add(group, make_row(lk_policy_part_title((enum lk_policy_part)part), words));
	}
}

static void add_card(LkPoliciesPage *self, guint which)
{
	AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP(adw_preferences_group_new());
	const struct lk_policy_card *card = self->cards->pdata[which];

	set_title(group, card);
	if (may_change(self))
		adw_preferences_group_set_header_suffix(group, make_change_button(which, card->name));
	add_parts(group, card);
	adw_preferences_page_add(self->list, group);
	g_ptr_array_add(self->groups, group);
}

static void show(LkPoliciesPage *self)
{
	for (guint i = 0; i < self->groups->len; i++)
		adw_preferences_page_remove(self->list, self->groups->pdata[i]);
	g_ptr_array_set_size(self->groups, 0);
	for (guint i = 0; i < self->cards->len; i++)
		add_card(self, i);
	gtk_widget_set_visible(self->add, may_change(self) && any_policy(self) != NULL);
	gtk_stack_set_visible_child_name(self->stack, self->cards->len == 0 ? "empty" : "list");
}

/* -- Reading -- */

static void read_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(LkPoliciesPage) self = user_data;
	g_autoptr(GError) error = NULL;
	GPtrArray *cards = lk_session_read_policies_finish(LK_SESSION(source), result, &error);

	if (self->pending == NULL || g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
		g_clear_pointer(&cards, g_ptr_array_unref);
		return;
	}
	g_clear_object(&self->pending);
	if (cards == NULL) {
		adw_status_page_set_description(self->error, error->message);
		gtk_stack_set_visible_child_name(self->stack, "error");
		return;
	}
	g_clear_pointer(&self->cards, g_ptr_array_unref);
	self->cards = cards;
	show(self);
}

static void read_policies(LkPoliciesPage *self)
{
	/* A dialog may go with the page, when the window is closed. */
	if (self->pending != NULL || self->session == NULL)
		return;
	self->pending = g_cancellable_new();
	lk_session_read_policies_async(self->session, self->pending, read_cb, g_object_ref(self));
}

static void refresh_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	(void)name, (void)parameter;
	read_policies(LK_POLICIES_PAGE(widget));
}

/* -- Overrides -- */

static void lk_policies_page_map(GtkWidget *widget)
{
	GTK_WIDGET_CLASS(lk_policies_page_parent_class)->map(widget);
	read_policies(LK_POLICIES_PAGE(widget));
}

static void lk_policies_page_dispose(GObject *object)
{
	LkPoliciesPage *self = LK_POLICIES_PAGE(object);

	g_cancellable_cancel(self->pending);
	g_clear_object(&self->pending);
	g_clear_object(&self->session);
	g_clear_pointer(&self->cards, g_ptr_array_unref);
	g_clear_pointer(&self->groups, g_ptr_array_unref);
	G_OBJECT_CLASS(lk_policies_page_parent_class)->dispose(object);
}

static void lk_policies_page_class_init(LkPoliciesPageClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	G_OBJECT_CLASS(class)->dispose = lk_policies_page_dispose;
	widget_class->map = lk_policies_page_map;
	gtk_widget_class_set_template_from_resource(widget_class, LK_RESOURCES "/policies-page.ui");
	gtk_widget_class_bind_template_child(widget_class, LkPoliciesPage, add);
	gtk_widget_class_bind_template_child(widget_class, LkPoliciesPage, stack);
	gtk_widget_class_bind_template_child(widget_class, LkPoliciesPage, error);
	gtk_widget_class_bind_template_child(widget_class, LkPoliciesPage, list);
	gtk_widget_class_install_action(widget_class, "policies.refresh", NULL, refresh_action);
	gtk_widget_class_install_action(widget_class, "policies.add", NULL, add_action);
	gtk_widget_class_install_action(widget_class, "policies.change", "u", change_action);
	gtk_widget_class_add_binding_action(widget_class, GDK_KEY_F5, 0, "policies.refresh", NULL);
}

static void lk_policies_page_init(LkPoliciesPage *self)
{
	self->groups = g_ptr_array_new();
	gtk_widget_init_template(GTK_WIDGET(self));
}

LkPoliciesPage *lk_policies_page_new(LkSession *session)
{
	LkPoliciesPage *self = g_object_new(LK_TYPE_POLICIES_PAGE, NULL);

	self->session = g_object_ref(session);
	return self;
}
