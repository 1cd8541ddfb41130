#include "policies-page.h"

#include <glib/gi18n.h>

#include "dn.h"
#include "labels.h"
#include "policy-dialog.h"
#include "policy-removal.h"
#include "text.h"

struct _LkPoliciesPage {
	AdwBin parent_instance;

	GtkWidget *add;
	GtkStack *stack;
	AdwStatusPage *empty;
	GtkWidget *write_first;
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

/* What it changes is looked at when it is closed. */
static void open_dialog(LkPoliciesPage *self, gpointer dialog)
{
	g_signal_connect_object(dialog, "unmap", G_CALLBACK(read_policies), self, G_CONNECT_SWAPPED);
	gtk_window_set_transient_for(GTK_WINDOW(dialog), GTK_WINDOW(gtk_widget_get_root(GTK_WIDGET(self))));
	gtk_window_present(GTK_WINDOW(dialog));
}

/* NULL where the page has changed meanwhile. */
static const struct lk_policy_card *card_of(LkPoliciesPage *self, GVariant *parameter)
{
	guint which = g_variant_get_uint32(parameter);

	return self->cards != NULL && which < self->cards->len ? self->cards->pdata[which] : NULL;
}

static void change_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	LkPoliciesPage *self = LK_POLICIES_PAGE(widget);
	const struct lk_policy_card *card = card_of(self, parameter);

	(void)name;
	if (card != NULL)
		open_dialog(self, lk_policy_dialog_new(self->session, card, NULL));
}

static void remove_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	LkPoliciesPage *self = LK_POLICIES_PAGE(widget);
	const struct lk_policy_card *card = card_of(self, parameter);

	(void)name;
	if (card != NULL)
		open_dialog(self, lk_policy_removal_new(self->session, card, self->cards));
}

/* Those of Latchkey's come first. */
static gboolean has_policy(LkPoliciesPage *self)
{
	const struct lk_policy_card *first = self->cards->len == 0 ? NULL : self->cards->pdata[0];

	return first != NULL && first->kind == &lk_policy_of_recovery;
}

/* Where policies stand is known from those that are there, of either kind; where none is, it is as the manual has
 * it. */
static char *propose_place(LkPoliciesPage *self)
{
	const struct lk_policy_card *first = self->cards->len == 0 ? NULL : self->cards->pdata[0];

	return first != NULL ? g_strdup(lk_dn_parent(first->dn))
						 : g_strdup_printf("ou=policies,%s", lk_session_get_base(self->session));
}

static void add_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	LkPoliciesPage *self = LK_POLICIES_PAGE(widget);

	(void)name, (void)parameter;
	if (self->cards == NULL || !may_change(self))
		return;
	g_autofree char *place = propose_place(self);
	struct lk_policy_card *card = lk_policy_card_new(&lk_policy_of_recovery);
	open_dialog(self, lk_policy_dialog_new(self->session, card, place));
	lk_policy_card_free(card);
}

/* -- Showing -- */

static void set_up_button(GtkWidget *button, const char *action, guint which, const char *template, const char *name)
{
	g_autofree char *label = lk_text_fill(template, "name", name, NULL);

	gtk_actionable_set_action_name(GTK_ACTIONABLE(button), action);
	gtk_actionable_set_action_target(GTK_ACTIONABLE(button), "u", which);
	gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

/* One for passwords is not removed here: whose it is stands with each of its users, or in cn=config. */
static GtkWidget *make_buttons(guint which, const struct lk_policy_card *card)
{
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6), *change = gtk_button_new_with_label(_("Change…"));

	gtk_widget_set_valign(box, GTK_ALIGN_CENTER);
	set_up_button(change, "policies.change", which, _("Change the policy “{name}”…"), card->name);
	gtk_box_append(GTK_BOX(box), change);
	if (card->kind == &lk_policy_of_recovery) {
		GtkWidget *remove = gtk_button_new_from_icon_name("user-trash-symbolic");
		set_up_button(remove, "policies.remove", which, _("Remove the policy “{name}”…"), card->name);
		gtk_widget_set_tooltip_text(remove, _("Remove…"));
		gtk_box_append(GTK_BOX(box), remove);
	}
	return box;
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
	lk_labels_settle(label);
	return label;
}

/* The text is what the page is for: it is not dimmed, as the second line of Adwaita's rows is. */
static GtkWidget *make_row(const char *title, const char *text, const char *class)
{
	GtkWidget *row = adw_preferences_row_new(), *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6),
			  *label = make_label(title);

	gtk_widget_add_css_class(label, "heading");
	if (class != NULL)
		gtk_widget_add_css_class(label, class);
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
			adw_preferences_group_add(group, make_row(lk_policy_part_title((enum lk_policy_part)part), words, NULL));
	}
}

static GtkWidget *make_warning(const struct lk_policy_card *card)
{
	const char *scope = card->values[lk_policy_field_of(card->kind, "latchkeyScope")][0];
	g_autofree char *text =
		lk_text_fill(_("Below {name} the directory keeps to no policy. It reads policies where its configuration says "
					   "(olcLatchkeyPolicyBase); this one seems to stand elsewhere: {dn}"),
			"name", scope, "dn", card->dn, NULL);

	return make_row(_("Not in effect"), text, "warning");
}

static void add_group(LkPoliciesPage *self, AdwPreferencesGroup *group)
{
	lk_labels_settle(GTK_WIDGET(group));
	adw_preferences_page_add(self->list, group);
	g_ptr_array_add(self->groups, group);
}

/* Beside policies for passwords. */
static void add_invitation(LkPoliciesPage *self)
{
	AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP(adw_preferences_group_new());
	GtkWidget *button = gtk_button_new_with_label(_("Write the first policy…"));

	adw_preferences_group_set_title(group, _("No policies for recovery and resets"));
	adw_preferences_group_set_description(group, adw_status_page_get_description(self->empty));
	gtk_widget_set_halign(button, GTK_ALIGN_START);
	gtk_actionable_set_action_name(GTK_ACTIONABLE(button), "policies.add");
	adw_preferences_group_add(group, button);
	add_group(self, group);
}

static void add_card(LkPoliciesPage *self, guint which)
{
	AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP(adw_preferences_group_new());
	const struct lk_policy_card *card = self->cards->pdata[which];

	set_title(group, card);
	if (may_change(self))
		adw_preferences_group_set_header_suffix(group, make_buttons(which, card));
	if (card->ignored)
		adw_preferences_group_add(group, make_warning(card));
	add_parts(group, card);
	add_group(self, group);
}

static void show(LkPoliciesPage *self)
{
	for (guint i = 0; i < self->groups->len; i++)
		adw_preferences_page_remove(self->list, self->groups->pdata[i]);
	g_ptr_array_set_size(self->groups, 0);
	if (self->cards->len > 0 && !has_policy(self) && may_change(self))
		add_invitation(self);
	for (guint i = 0; i < self->cards->len; i++)
		add_card(self, i);
	gtk_widget_set_visible(self->add, may_change(self) && has_policy(self));
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
	gtk_widget_class_bind_template_child(widget_class, LkPoliciesPage, empty);
	gtk_widget_class_bind_template_child(widget_class, LkPoliciesPage, write_first);
	gtk_widget_class_bind_template_child(widget_class, LkPoliciesPage, error);
	gtk_widget_class_bind_template_child(widget_class, LkPoliciesPage, list);
	gtk_widget_class_install_action(widget_class, "policies.refresh", NULL, refresh_action);
	gtk_widget_class_install_action(widget_class, "policies.add", NULL, add_action);
	gtk_widget_class_install_action(widget_class, "policies.change", "u", change_action);
	gtk_widget_class_install_action(widget_class, "policies.remove", "u", remove_action);
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
	gtk_widget_set_visible(self->write_first, may_change(self));
	adw_status_page_set_description(self->empty,
		may_change(self) ? _("No policy governs anybody: users cannot recover their accounts, and whoever slapd lets "
							 "write a password resets it.")
						 : _("There are none, or none that you may see."));
	return self;
}
