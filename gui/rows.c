#include "rows.h"

#include <glib/gi18n.h>
#include <string.h>

#include "labels.h"
#include "text.h"
#include "words.h"

static const char *icon_of(const char *state)
{
	static const char *const icons[][2] = {
		{"queued", "mail-send-symbolic"},
		{"deferred", "document-open-recent-symbolic"},
		{"sent", "object-select-symbolic"},
		{"failed", "dialog-warning-symbolic"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(icons); i++) {
		if (strcmp(icons[i][0], state) == 0)
			return icons[i][1];
	}
	return "dialog-question-symbolic";
}

static void add_text(GString *lines, const char *template, const char *text)
{
	if (*text != '\0')
		lk_text_add_line(lines, lk_text_fill(template, "text", text, NULL));
}

/* What people wrote may look like markup, and is none. */
static GtkWidget *make_row(const char *title, GString *subtitle)
{
	GtkWidget *row = adw_action_row_new();

	adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(row), FALSE);
	adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title);
	adw_action_row_set_subtitle(ADW_ACTION_ROW(row), subtitle->str);
	adw_action_row_set_subtitle_lines(ADW_ACTION_ROW(row), 0);
	adw_action_row_set_title_lines(ADW_ACTION_ROW(row), 0);
	g_string_free(subtitle, TRUE);
	lk_labels_settle(row);
	return row;
}

GtkWidget *lk_rows_message(const struct lk_account_message *message, GtkWidget *suffix)
{
	GString *lines = g_string_new(NULL);

	lk_text_add_line(lines, g_strdup(lk_words_delivery(message->state)));
	add_text(lines, _("To {text}"), message->to);
	lk_text_add_time(lines, _("Written on {time}"), message->created);
	if (strcmp(message->state, "deferred") == 0)
		lk_text_add_time(lines, _("Next try: {time}"), message->due);
	add_text(lines, _("The mail server said: {text}"), message->answer);
	if (message->expires != 0)
		lk_text_add_time(lines, _("What it holds can be used until {time}."), message->expires);
	add_text(lines, _("Asked for by {text}"), message->actor);

	GtkWidget *row = make_row(lk_words_kind(message->kind), lines);
	GtkWidget *icon = gtk_image_new_from_icon_name(icon_of(message->state));
	if (strcmp(message->state, "failed") == 0)
		gtk_widget_add_css_class(icon, "error");
	adw_action_row_add_prefix(ADW_ACTION_ROW(row), icon);
	if (suffix != NULL)
		adw_action_row_add_suffix(ADW_ACTION_ROW(row), suffix);
	return row;
}

GtkWidget *lk_rows_event(const struct lk_account_event *event)
{
	GString *lines = g_string_new(NULL);

	lk_text_add_line(lines, lk_text_time(event->time));
	lk_text_add_line(lines, lk_words_event_details(event));
	return make_row(lk_words_event(event->what, event->rule), lines);
}
