#include "account-groups.h"

#include <glib/gi18n.h>
#include <string.h>

#include "labels.h"
#include "own-words.h"
#include "text.h"

struct _LkAccountGroups {
	AdwBin parent_instance;

	GtkWidget *reminder;
	AdwAvatar *avatar;
	GtkLabel *name;
	GtkLabel *login;
	AdwActionRow *password;
	GtkWidget *addresses;
	GtkListBox *address_list;
	GtkWidget *others;
	AdwActionRow *app;
	GtkButton *set_up_app;
	AdwActionRow *codes;
	AdwComboRow *language;
	GtkWidget *events;
	GtkListBox *event_list;

	char *other_language; /* a preferredLanguage that is none of those offered; or NULL */
	gboolean filling;
};

G_DEFINE_FINAL_TYPE(LkAccountGroups, lk_account_groups, ADW_TYPE_BIN)

/* Those in which mails are written; "" leaves it to the organization. */
static const struct {
	const char *tag;
	const char *name;
} languages[] = {
	{"", N_("As the organization chooses")},
	{"ko-KR", "한국어"},
	{"en", "English"},
};

static void empty(GtkListBox *list)
{
	GtkWidget *row;

	while ((row = gtk_widget_get_first_child(GTK_WIDGET(list))) != NULL)
		gtk_list_box_remove(list, row);
}

/* What people wrote may look like markup, and is none. */
static AdwActionRow *make_row(const char *title, const char *subtitle)
{
	AdwActionRow *row = ADW_ACTION_ROW(adw_action_row_new());

	adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(row), FALSE);
	adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title);
	adw_action_row_set_subtitle(row, subtitle);
	adw_action_row_set_title_lines(row, 0);
	adw_action_row_set_subtitle_lines(row, 0);
	lk_labels_settle(GTK_WIDGET(row));
	return row;
}

static void show_who(LkAccountGroups *self, const struct lk_person *person)
{
	g_autofree char *name = lk_text_clean(lk_person_name(person)), *login = lk_text_clean(person->account->login);
	g_autofree char *line = *person->mail == '\0' ? g_strdup(login) : g_strconcat(login, " · ", person->mail, NULL);

	adw_avatar_set_text(self->avatar, name);
	gtk_label_set_label(self->name, name);
	gtk_label_set_label(self->login, line);
}

/* -- Ways back in -- */

static GtkWidget *make_remove(const char *address, gboolean last)
{
	g_autofree char *clean = lk_text_clean(address);
	g_autofree char *label = lk_text_fill(_("Remove {address}"), "address", clean, NULL);
	GtkWidget *button = gtk_button_new_from_icon_name("user-trash-symbolic");

	gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
	gtk_widget_add_css_class(button, "flat");
	gtk_widget_set_tooltip_text(button, last ? _("At least one recovery address is kept.") : label);
	gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
	if (last)
		gtk_widget_set_sensitive(button, FALSE);
	else
		gtk_actionable_set_action_target(GTK_ACTIONABLE(button), "s", address);
	if (!last)
		gtk_actionable_set_action_name(GTK_ACTIONABLE(button), "account.remove-address");
	return button;
}

static void show_addresses(LkAccountGroups *self, const struct lk_person *person)
{
	guint count = g_strv_length(person->addresses);

	empty(self->address_list);
	for (guint i = 0; i < count; i++) {
		g_autofree char *clean = lk_text_clean(person->addresses[i]);
		AdwActionRow *row = make_row(clean, "");
		adw_action_row_add_suffix(row, make_remove(person->addresses[i], count == 1));
		gtk_list_box_append(self->address_list, GTK_WIDGET(row));
	}
	if (count == 0)
		gtk_list_box_append(self->address_list,
			GTK_WIDGET(make_row(_("No recovery address"), _("Without one, no code can be mailed to you."))));
}

/* The value of latchkeyMethodState that begins with METHOD; NULL for none. */
static const char *find_state(const struct lk_person *person, const char *method)
{
	for (char **state = person->methods; *state != NULL; state++) {
		if (strncmp(*state, method, strlen(method)) == 0)
			return *state;
	}
	return NULL;
}

static void show_methods(LkAccountGroups *self, const struct lk_person *person)
{
	const char *codes = find_state(person, "recoveryCode"), *left = codes == NULL ? NULL : strchr(codes, ' ');
	gboolean has_app = find_state(person, "totp") != NULL;
	g_autofree char *number = left == NULL ? g_strdup(_("None yet"))
										   : lk_text_fill(_("Recovery codes left: {number}"), "number", left + 1, NULL);

	adw_action_row_set_subtitle(self->app, has_app ? _("Set up") : _("Not set up"));
	gtk_button_set_label(self->set_up_app, has_app ? _("Set up another…") : _("Set up…"));
	adw_action_row_set_subtitle(self->codes, number);
}

/* Where the policy cannot be read, everything is offered: the directory says what it does not take. */
static void show_offer(LkAccountGroups *self, const struct lk_rules *rules)
{
	unsigned methods = rules->recovery_known ? rules->methods : LK_METHOD_BITS_ALL;

	gtk_widget_set_visible(self->addresses, (methods & LK_METHOD_BIT_MAIL) != 0);
	gtk_widget_set_visible(GTK_WIDGET(self->app), (methods & LK_METHOD_BIT_TOTP) != 0);
	gtk_widget_set_visible(GTK_WIDGET(self->codes), (methods & LK_METHOD_BIT_CODES) != 0);
	gtk_widget_set_visible(self->others, (methods & (LK_METHOD_BIT_TOTP | LK_METHOD_BIT_CODES)) != 0);
}

/* -- Language -- */

static const char *tag_of(LkAccountGroups *self, guint index)
{
	return index < G_N_ELEMENTS(languages) ? languages[index].tag : self->other_language;
}

/* preferredLanguage may be a list with weights (RFC 2798); its first tag counts, and of that the language. */
static guint index_of(const char *language)
{
	size_t length = strcspn(language, "-,; ");

	for (guint i = 0; i < G_N_ELEMENTS(languages); i++) {
		if (strcspn(languages[i].tag, "-") == length && g_ascii_strncasecmp(languages[i].tag, language, length) == 0)
			return i;
	}
	return G_N_ELEMENTS(languages);
}

static void show_language(LkAccountGroups *self, const char *language)
{
	g_autoptr(GtkStringList) names = gtk_string_list_new(NULL);
	guint index = index_of(language);

	for (guint i = 0; i < G_N_ELEMENTS(languages); i++)
		gtk_string_list_append(names, i == 0 ? _(languages[i].name) : languages[i].name);
	g_clear_pointer(&self->other_language, g_free);
	if (index == G_N_ELEMENTS(languages)) {
		self->other_language = g_strdup(language);
		gtk_string_list_append(names, language);
	}
	adw_combo_row_set_model(self->language, G_LIST_MODEL(names));
	adw_combo_row_set_selected(self->language, index);
}

static void language_cb(LkAccountGroups *self)
{
	const char *tag = tag_of(self, adw_combo_row_get_selected(self->language));

	if (!self->filling && tag != NULL)
		gtk_widget_activate_action(GTK_WIDGET(self), "account.set-language", "s", tag);
}

/* -- Events -- */

static void show_events(LkAccountGroups *self, const struct lk_account *account)
{
	time_t now = time(NULL);

	empty(self->event_list);
	for (size_t i = 0; i < account->events_count; i++) {
		const struct lk_account_event *event = &account->events[i];
		g_autofree char *details = lk_own_words_event_details(event, now);
		gtk_list_box_append(self->event_list, GTK_WIDGET(make_row(lk_own_words_event(event, account->dn), details)));
	}
	if (account->events_count == 0)
		gtk_list_box_append(self->event_list, GTK_WIDGET(make_row(_("Nothing in the last 90 days"), "")));
}

/* -- Overrides -- */

static void lk_account_groups_finalize(GObject *object)
{
	g_free(LK_ACCOUNT_GROUPS(object)->other_language);
	G_OBJECT_CLASS(lk_account_groups_parent_class)->finalize(object);
}

static void lk_account_groups_class_init(LkAccountGroupsClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	G_OBJECT_CLASS(class)->finalize = lk_account_groups_finalize;
	gtk_widget_class_set_template_from_resource(widget_class, LK_RESOURCES "/account-groups.ui");
	gtk_widget_class_bind_template_child(widget_class, LkAccountGroups, reminder);
	gtk_widget_class_bind_template_child(widget_class, LkAccountGroups, avatar);
	gtk_widget_class_bind_template_child(widget_class, LkAccountGroups, name);
	gtk_widget_class_bind_template_child(widget_class, LkAccountGroups, login);
	gtk_widget_class_bind_template_child(widget_class, LkAccountGroups, password);
	gtk_widget_class_bind_template_child(widget_class, LkAccountGroups, addresses);
	gtk_widget_class_bind_template_child(widget_class, LkAccountGroups, address_list);
	gtk_widget_class_bind_template_child(widget_class, LkAccountGroups, others);
	gtk_widget_class_bind_template_child(widget_class, LkAccountGroups, app);
	gtk_widget_class_bind_template_child(widget_class, LkAccountGroups, set_up_app);
	gtk_widget_class_bind_template_child(widget_class, LkAccountGroups, codes);
	gtk_widget_class_bind_template_child(widget_class, LkAccountGroups, language);
	gtk_widget_class_bind_template_child(widget_class, LkAccountGroups, events);
	gtk_widget_class_bind_template_child(widget_class, LkAccountGroups, event_list);
	gtk_widget_class_bind_template_callback(widget_class, language_cb);
}

static void lk_account_groups_init(LkAccountGroups *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
}

void lk_account_groups_show(
	LkAccountGroups *self, const struct lk_person *person, const struct lk_rules *rules, gboolean reminds)
{
	g_autofree char *password = lk_own_words_password(person->account);

	self->filling = TRUE;
	show_who(self, person);
	adw_action_row_set_subtitle(self->password, password);
	show_addresses(self, person);
	show_methods(self, person);
	show_offer(self, rules);
	gtk_widget_set_visible(self->reminder, reminds);
	show_language(self, person->language);
	show_events(self, person->account);
	self->filling = FALSE;
}
