#include "policy-input.h"

#include <glib/gi18n.h>
#include <stdlib.h>

struct lk_policy_input {
	const struct lk_policy_field *field;
	char **given;
	char **at_first; /* what the row said before anybody touched it */
	GtkWidget *row;
	GtkWidget *widget; /* what is edited; of LK_FIELD_FLAGS the row */
	GPtrArray *switches; /* of LK_FIELD_FLAGS, one for each word; not owned */
};

static const char *title_of(const struct lk_policy_field *field)
{
	return _(field->unit != NULL ? field->unit : field->title);
}

static void name(GtkWidget *widget, const char *title)
{
	gtk_accessible_update_property(GTK_ACCESSIBLE(widget), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
}

static GtkWidget *make_action_row(const char *title, GtkWidget *suffix)
{
	GtkWidget *row = adw_action_row_new();

	adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(row), FALSE);
	adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title);
	adw_action_row_set_title_lines(ADW_ACTION_ROW(row), 0);
	gtk_widget_set_valign(suffix, GTK_ALIGN_CENTER);
	adw_action_row_add_suffix(ADW_ACTION_ROW(row), suffix);
	adw_action_row_set_activatable_widget(ADW_ACTION_ROW(row), suffix); /* which is named by the row then */
	return row;
}

/* -- Each type: how it is made, and read -- */

static const char *first_of(struct lk_policy_input *input, char **effective)
{
	return effective[0] == NULL ? input->field->preset : effective[0];
}

static void make_text(struct lk_policy_input *input, char **effective)
{
	(void)effective;
	input->row = input->widget = adw_entry_row_new();
	adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(input->row), FALSE);
	adw_preferences_row_set_title(ADW_PREFERENCES_ROW(input->row), title_of(input->field));
	gtk_editable_set_text(GTK_EDITABLE(input->widget), input->given[0] == NULL ? "" : input->given[0]);
}

static char **read_text(struct lk_policy_input *input)
{
	g_autofree char *text = g_strstrip(g_strdup(gtk_editable_get_text(GTK_EDITABLE(input->widget))));
	const char *values[] = {*text == '\0' ? NULL : text, NULL};

	return g_strdupv((char **)values);
}

static long unit_of(const struct lk_policy_field *field)
{
	return field->type == LK_FIELD_SECONDS ? field->in_unit : 1;
}

/* The least whole number of units that is no less than what is allowed. */
static void make_number(struct lk_policy_input *input, char **effective)
{
	const struct lk_policy_field *field = input->field;
	long unit = unit_of(field);

	input->widget =
		gtk_spin_button_new_with_range((double)((field->least + unit - 1) / unit), (double)(field->most / unit), 1);
	gtk_spin_button_set_value(GTK_SPIN_BUTTON(input->widget), (double)(atol(first_of(input, effective)) / unit));
	gtk_spin_button_set_numeric(GTK_SPIN_BUTTON(input->widget), TRUE);
	input->row = make_action_row(title_of(field), input->widget);
}

/* What stands in the field counts also while it is being typed. */
static char **read_number(struct lk_policy_input *input)
{
	gtk_spin_button_update(GTK_SPIN_BUTTON(input->widget));
	long number = gtk_spin_button_get_value_as_int(GTK_SPIN_BUTTON(input->widget)) * unit_of(input->field);

	g_autofree char *text = g_strdup_printf("%ld", number);
	const char *values[] = {text, NULL};

	return g_strdupv((char **)values);
}

static guint place_of(const struct lk_field_word *words, const char *value)
{
	for (guint i = 0; words[i].value != NULL; i++) {
		if (g_ascii_strcasecmp(words[i].value, value) == 0)
			return i;
	}
	return 0;
}

static void setup_word_cb(GtkSignalListItemFactory *factory, GtkListItem *item)
{
	GtkWidget *label = gtk_label_new(NULL);

	(void)factory;
	gtk_label_set_xalign(GTK_LABEL(label), 0);
	gtk_label_set_wrap(GTK_LABEL(label), TRUE);
	gtk_label_set_max_width_chars(GTK_LABEL(label), 40);
	gtk_list_item_set_child(item, label);
}

static void bind_word_cb(GtkSignalListItemFactory *factory, GtkListItem *item)
{
	GtkStringObject *word = gtk_list_item_get_item(item);

	(void)factory;
	gtk_label_set_label(GTK_LABEL(gtk_list_item_get_child(item)), gtk_string_object_get_string(word));
}

/* Adwaita's own cuts words off after some twenty letters. */
static void let_words_wrap(GtkWidget *row)
{
	g_autoptr(GtkListItemFactory) factory = gtk_signal_list_item_factory_new();

	g_signal_connect(factory, "setup", G_CALLBACK(setup_word_cb), NULL);
	g_signal_connect(factory, "bind", G_CALLBACK(bind_word_cb), NULL);
	adw_combo_row_set_list_factory(ADW_COMBO_ROW(row), factory);
}

static void make_choice(struct lk_policy_input *input, char **effective)
{
	g_autoptr(GtkStringList) words = gtk_string_list_new(NULL);

	for (const struct lk_field_word *word = input->field->words; word->value != NULL; word++)
		gtk_string_list_append(words, _(word->words));
	input->row = input->widget = adw_combo_row_new();
	adw_preferences_row_set_title(ADW_PREFERENCES_ROW(input->row), title_of(input->field));
	adw_combo_row_set_use_subtitle(ADW_COMBO_ROW(input->row), TRUE);
	adw_action_row_set_subtitle_lines(ADW_ACTION_ROW(input->row), 0);
	let_words_wrap(input->row);
	adw_combo_row_set_model(ADW_COMBO_ROW(input->row), G_LIST_MODEL(words));
	adw_combo_row_set_selected(ADW_COMBO_ROW(input->row), place_of(input->field->words, first_of(input, effective)));
}

static char **read_choice(struct lk_policy_input *input)
{
	guint selected = adw_combo_row_get_selected(ADW_COMBO_ROW(input->row));
	const char *values[] = {input->field->words[selected].value, NULL};

	return g_strdupv((char **)values);
}

static bool has_word(char **values, const char *word)
{
	for (; *values != NULL; values++) {
		if (g_ascii_strcasecmp(*values, word) == 0)
			return true;
	}
	return false;
}

static void make_flags(struct lk_policy_input *input, char **effective)
{
	input->row = input->widget = adw_expander_row_new();
	adw_preferences_row_set_title(ADW_PREFERENCES_ROW(input->row), title_of(input->field));
	adw_expander_row_set_expanded(ADW_EXPANDER_ROW(input->row), TRUE);
	for (const struct lk_field_word *word = input->field->words; word->value != NULL; word++) {
		GtkWidget *flag = gtk_switch_new();
		gtk_switch_set_active(GTK_SWITCH(flag), has_word(effective, word->value));
		adw_expander_row_add_row(ADW_EXPANDER_ROW(input->row), make_action_row(_(word->words), flag));
		g_ptr_array_add(input->switches, flag);
	}
}

/* None at all is a value of its own, or "", which the check finds fault with. */
static char **read_flags(struct lk_policy_input *input)
{
	const struct lk_policy_field *field = input->field;
	GPtrArray *values = g_ptr_array_new();

	for (guint i = 0; i < input->switches->len; i++) {
		if (gtk_switch_get_active(input->switches->pdata[i]))
			g_ptr_array_add(values, g_strdup(field->words[i].value));
	}
	if (values->len == 0)
		g_ptr_array_add(values, g_strdup(field->none == NULL ? "" : field->none));
	g_ptr_array_add(values, NULL);
	return (char **)g_ptr_array_free(values, FALSE);
}

static void make_switch(struct lk_policy_input *input, char **effective)
{
	input->widget = gtk_switch_new();
	gtk_switch_set_active(GTK_SWITCH(input->widget), g_ascii_strcasecmp(first_of(input, effective), "TRUE") == 0);
	input->row = make_action_row(title_of(input->field), input->widget);
}

static char **read_switch(struct lk_policy_input *input)
{
	const char *values[] = {gtk_switch_get_active(GTK_SWITCH(input->widget)) ? "TRUE" : "FALSE", NULL};

	return g_strdupv((char **)values);
}

static GtkWidget *make_label(const char *text, const char *class)
{
	GtkWidget *label = gtk_label_new(text);

	gtk_label_set_xalign(GTK_LABEL(label), 0);
	gtk_label_set_wrap(GTK_LABEL(label), TRUE);
	if (class != NULL)
		gtk_widget_add_css_class(label, class);
	return label;
}

#define UNHYPHENATED "unhyphenated"

/* What is typed or set has no tag at first. */
static void changed_cb(GtkTextBuffer *buffer)
{
	GtkTextIter begin, end;

	gtk_text_buffer_get_bounds(buffer, &begin, &end);
	gtk_text_buffer_apply_tag_by_name(buffer, UNHYPHENATED, &begin, &end);
}

/* A DN is broken where the line ends; a hyphen there would be read as part of it. */
static GtkWidget *make_text_view(const char *text)
{
	GtkWidget *widget = gtk_text_view_new();
	GtkTextView *view = GTK_TEXT_VIEW(widget);
	GtkTextBuffer *buffer = gtk_text_view_get_buffer(view);

	gtk_text_view_set_accepts_tab(view, FALSE);
	gtk_text_view_set_wrap_mode(view, GTK_WRAP_CHAR);
	gtk_text_view_set_top_margin(view, 6);
	gtk_text_view_set_bottom_margin(view, 6);
	gtk_text_view_set_left_margin(view, 6);
	gtk_text_view_set_right_margin(view, 6);
	gtk_widget_set_size_request(widget, -1, 56);
	gtk_widget_add_css_class(widget, "view");
	gtk_text_buffer_create_tag(buffer, UNHYPHENATED, "insert-hyphens", FALSE, NULL);
	g_signal_connect(buffer, "changed", G_CALLBACK(changed_cb), NULL);
	gtk_text_buffer_set_text(buffer, text, -1);
	return widget;
}

/* Several values, one a line: DNs hold commas. */
static void make_lines(struct lk_policy_input *input, char **effective)
{
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
	g_autofree char *text = g_strjoinv("\n", effective);

	input->widget = make_text_view(text);
	name(input->widget, title_of(input->field));
	gtk_box_append(GTK_BOX(box), make_label(title_of(input->field), NULL));
	gtk_box_append(GTK_BOX(box), input->widget);
	gtk_box_append(GTK_BOX(box), make_label(_("One a line."), "dim-label"));
	gtk_widget_set_margin_start(box, 12);
	gtk_widget_set_margin_end(box, 12);
	gtk_widget_set_margin_top(box, 12);
	gtk_widget_set_margin_bottom(box, 12);
	input->row = adw_preferences_row_new();
	adw_preferences_row_set_title(ADW_PREFERENCES_ROW(input->row), title_of(input->field));
	gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(input->row), FALSE);
	gtk_widget_set_focusable(input->row, FALSE);
	gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(input->row), box);
}

static char **read_lines(struct lk_policy_input *input)
{
	GtkTextBuffer *buffer = gtk_text_view_get_buffer(GTK_TEXT_VIEW(input->widget));
	GPtrArray *values = g_ptr_array_new();
	GtkTextIter begin, end;

	gtk_text_buffer_get_bounds(buffer, &begin, &end);
	g_autofree char *text = gtk_text_buffer_get_text(buffer, &begin, &end, FALSE);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (size_t i = 0; lines[i] != NULL; i++) {
		if (*g_strstrip(lines[i]) != '\0')
			g_ptr_array_add(values, g_strdup(lines[i]));
	}
	g_ptr_array_add(values, NULL);
	return (char **)g_ptr_array_free(values, FALSE);
}

static const struct {
	void (*make)(struct lk_policy_input *input, char **effective);
	char **(*read)(struct lk_policy_input *input);
} types[] = {
	[LK_FIELD_NAMES] = {make_lines, read_lines},
	[LK_FIELD_LINES] = {make_lines, read_lines},
	[LK_FIELD_TEXT] = {make_text, read_text},
	[LK_FIELD_NUMBER] = {make_number, read_number},
	[LK_FIELD_SECONDS] = {make_number, read_number},
	[LK_FIELD_CHOICE] = {make_choice, read_choice},
	[LK_FIELD_FLAGS] = {make_flags, read_flags},
	[LK_FIELD_SWITCH] = {make_switch, read_switch},
};

/* -- Public -- */

struct lk_policy_input *lk_policy_input_new(const struct lk_policy_field *field, const char *const *values)
{
	struct lk_policy_input *input = g_new0(struct lk_policy_input, 1);
	g_auto(GStrv) effective = lk_policy_field_effective(field, values);

	input->field = field;
	input->given = g_strdupv((char **)values);
	input->switches = g_ptr_array_new();
	types[field->type].make(input, effective);
	g_object_ref_sink(input->row);
	input->at_first = types[field->type].read(input);
	return input;
}

void lk_policy_input_free(struct lk_policy_input *input)
{
	g_strfreev(input->given);
	g_strfreev(input->at_first);
	g_ptr_array_unref(input->switches);
	g_object_unref(input->row);
	g_free(input);
}

GtkWidget *lk_policy_input_get_row(struct lk_policy_input *input)
{
	return input->row;
}

char **lk_policy_input_read(struct lk_policy_input *input)
{
	char **now = types[input->field->type].read(input);

	if (!g_strv_equal((const char *const *)now, (const char *const *)input->at_first))
		return now;
	g_strfreev(now);
	return g_strdupv(input->given);
}
