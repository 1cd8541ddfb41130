#include "bulk-dialog.h"

#include <glib/gi18n.h>

#include "bulk-columns.h"
#include "bulk-how-page.h"
#include "bulk-names-page.h"
#include "bulk-table.h"
#include "kept.h"
#include "save-table.h"
#include "text.h"
#include "wait.h"

struct _LkBulkDialog {
	AdwWindow parent_instance;

	GtkWidget *close;
	GtkWidget *next;
	GtkSpinner *spinner;
	GtkStack *stack;
	LkBulkNamesPage *names_page;
	GtkWidget *list_page;
	LkBulkHowPage *how_page;
	GtkLabel *summary;
	GtkProgressBar *progress;
	GtkLabel *message;
	GtkColumnView *view;
	GtkWidget *pause;
	GtkWidget *cancel;
	GtkWidget *retry;
	GtkWidget *save;
	GtkToggleButton *reveal;
	GtkColumnViewColumn *passwords;

	LkSession *session;
	LkBulk *bulk; /* NULL before it is known whom */
	gboolean finding;
	gboolean begun;
	gboolean told; /* whoever opened this, of the resets so far */
};

G_DEFINE_FINAL_TYPE(LkBulkDialog, lk_bulk_dialog, ADW_TYPE_WINDOW)

static guint reset_signal;

static GtkWidget *current_page(LkBulkDialog *self)
{
	return gtk_stack_get_visible_child(self->stack);
}

/* -- What is shown -- */

static char *fill_count(const char *template, guint count)
{
	char number[16];

	g_snprintf(number, sizeof number, "%u", count);
	return lk_text_fill(template, "number", number, NULL);
}

static void add_count(GString *line, const char *template, guint count)
{
	g_autofree char *text = fill_count(template, count);

	if (count > 0)
		g_string_append_printf(line, "%s%s", line->len > 0 ? " " : "", text);
}

static char *summarize(LkBulkDialog *self)
{
	GString *line = g_string_new(NULL);
	guint done = lk_bulk_count(self->bulk, LK_BULK_DONE) + lk_bulk_count(self->bulk, LK_BULK_FOUND);

	if (lk_bulk_is_finding(self->bulk))
		g_string_append(line, _("Looking for the users…"));
	else if (!self->begun)
		add_count(line, _("Can be reset: {number}."), lk_bulk_count(self->bulk, LK_BULK_WAITING));
	else
		add_count(line, _("To do: {number}."), lk_bulk_count(self->bulk, LK_BULK_WAITING));
	add_count(line, _("Were reset: {number}."), done);
	add_count(line, _("Failed: {number}."), lk_bulk_count(self->bulk, LK_BULK_FAILED));
	add_count(line, _("Not certain: {number}."),
		lk_bulk_count(self->bulk, LK_BULK_UNSURE) + lk_bulk_count(self->bulk, LK_BULK_MISSED));
	add_count(line, _("Not begun: {number}."), lk_bulk_count(self->bulk, LK_BULK_LEFT));
	add_count(line, _("Cannot be reset: {number}."), lk_bulk_count(self->bulk, LK_BULK_BARRED));
	return g_string_free(line, FALSE);
}

static guint count_open(LkBulkDialog *self)
{
	return lk_bulk_count(self->bulk, LK_BULK_WAITING) + lk_bulk_count(self->bulk, LK_BULK_UNSURE);
}

static void show_progress(LkBulkDialog *self)
{
	guint all = g_list_model_get_n_items(G_LIST_MODEL(self->bulk)) - lk_bulk_count(self->bulk, LK_BULK_BARRED);

	gtk_widget_set_visible(GTK_WIDGET(self->progress), self->begun);
	if (all > 0)
		gtk_progress_bar_set_fraction(self->progress, (double)(all - count_open(self)) / all);
}

static void show_buttons(LkBulkDialog *self)
{
	gboolean over = lk_bulk_is_over(self->bulk), paused = self->begun && lk_bulk_is_paused(self->bulk);
	guint failed = lk_bulk_count(self->bulk, LK_BULK_FAILED) + lk_bulk_count(self->bulk, LK_BULK_MISSED);

	gtk_widget_set_visible(self->pause, !over);
	gtk_widget_set_visible(self->cancel, !over);
	gtk_widget_set_sensitive(self->cancel, lk_bulk_count(self->bulk, LK_BULK_WAITING) > 0);
	gtk_button_set_label(GTK_BUTTON(self->pause), paused ? _("Co_ntinue") : _("_Pause"));
	gtk_widget_set_visible(self->retry, over && failed > 0);
	gtk_widget_set_visible(self->save, over);
	gtk_widget_set_visible(GTK_WIDGET(self->reveal), over && lk_bulk_has_passwords(self->bulk));
}

static void show_list(LkBulkDialog *self)
{
	const GError *error = lk_bulk_get_error(self->bulk);
	g_autofree char *summary = summarize(self);
	g_autofree char *waits =
		error == NULL || !self->begun || lk_bulk_is_paused(self->bulk)
			? NULL
			: lk_text_fill(_("{error} It is tried again by itself."), "error", error->message, NULL);

	gtk_label_set_label(self->summary, summary);
	lk_say(self->message, waits != NULL ? waits : error == NULL ? NULL : error->message);
	show_progress(self);
	if (self->begun)
		show_buttons(self);
}

static gboolean can_go_on(LkBulkDialog *self)
{
	GtkWidget *page = current_page(self);

	if (page == GTK_WIDGET(self->names_page)) {
		g_auto(GStrv) names = lk_bulk_names_page_read(self->names_page);
		return names[0] != NULL;
	}
	if (page == GTK_WIDGET(self->how_page)) {
		struct lk_reset_request *how = lk_bulk_how_page_read(self->how_page);
		gboolean complete = how != NULL;
		lk_reset_request_free(how);
		return complete;
	}
	return lk_bulk_get_error(self->bulk) != NULL || lk_bulk_count(self->bulk, LK_BULK_WAITING) > 0;
}

static void label_next(LkBulkDialog *self)
{
	guint count = self->bulk == NULL ? 0 : lk_bulk_count(self->bulk, LK_BULK_WAITING);
	g_autofree char *resets =
		fill_count(g_dngettext(GETTEXT_PACKAGE, "Reset {number} user", "Reset {number} users", count), count);

	if (current_page(self) == GTK_WIDGET(self->how_page))
		gtk_button_set_label(GTK_BUTTON(self->next), resets);
	else if (self->bulk != NULL && lk_bulk_get_error(self->bulk) != NULL)
		gtk_button_set_label(GTK_BUTTON(self->next), _("_Try again"));
	else
		gtk_button_set_label(GTK_BUTTON(self->next), _("_Next"));
}

static void tell(LkBulkDialog *self)
{
	gboolean over = self->begun && lk_bulk_is_over(self->bulk);

	lk_kept_mark(GTK_WINDOW(self), over ? LK_LOSS_RESULTS : self->begun ? LK_LOSS_RUN : 0);
	if (over && !self->told)
		g_signal_emit(self, reset_signal, 0);
	self->told = over;
}

/* Only once all are there: a view that shows some holds on to them, and who cannot be reset is put in above. */
static void show_found(LkBulkDialog *self)
{
	GtkNoSelection *model = gtk_no_selection_new(g_object_ref(G_LIST_MODEL(self->bulk)));

	gtk_column_view_set_model(self->view, GTK_SELECTION_MODEL(model));
	g_object_unref(model);
}

static void update_cb(LkBulkDialog *self)
{
	if (self->session == NULL)
		return;
	gboolean finding = self->bulk != NULL && lk_bulk_is_finding(self->bulk);
	gboolean running = self->begun && !lk_bulk_is_over(self->bulk);

	if (self->bulk != NULL)
		show_list(self);
	if (self->finding && !finding)
		show_found(self);
	self->finding = finding;
	label_next(self);
	gtk_widget_set_visible(self->next, !self->begun);
	gtk_widget_set_sensitive(self->next, !self->begun && !finding && can_go_on(self));
	gtk_spinner_set_spinning(self->spinner, finding || (running && !lk_bulk_is_paused(self->bulk)));
	gtk_button_set_label(GTK_BUTTON(self->close), self->begun ? _("Close") : _("Cancel"));
	gtk_widget_set_sensitive(self->close, !running || lk_bulk_is_offline(self->bulk));
	tell(self);
}

/* -- Going on -- */

static void look_for(LkBulkDialog *self, const char *const *names)
{
	self->bulk = lk_bulk_new(self->session);
	g_signal_connect_object(self->bulk, "changed", G_CALLBACK(update_cb), self, G_CONNECT_SWAPPED);
	gtk_stack_set_visible_child(self->stack, self->list_page);
	lk_bulk_find(self->bulk, names);
	update_cb(self);
}

static void ask_how(LkBulkDialog *self)
{
	gtk_stack_set_visible_child(self->stack, GTK_WIDGET(self->how_page));
	lk_bulk_how_page_ask(self->how_page, lk_bulk_count(self->bulk, LK_BULK_WAITING),
		lk_bulk_count(self->bulk, LK_BULK_BARRED), lk_bulk_wants_reason(self->bulk));
	gtk_widget_grab_focus(self->next);
}

static void begin(LkBulkDialog *self)
{
	self->begun = TRUE;
	gtk_stack_set_visible_child(self->stack, self->list_page);
	lk_bulk_start(self->bulk, lk_bulk_how_page_read(self->how_page));
	gtk_widget_grab_focus(self->pause);
}

static void next_cb(LkBulkDialog *self)
{
	GtkWidget *page = current_page(self);

	if (page == GTK_WIDGET(self->names_page)) {
		g_auto(GStrv) names = lk_bulk_names_page_read(self->names_page);
		look_for(self, (const char *const *)names);
	} else if (page == GTK_WIDGET(self->how_page)) {
		begin(self);
	} else if (lk_bulk_get_error(self->bulk) != NULL) {
		lk_bulk_find_again(self->bulk);
	} else {
		ask_how(self);
	}
}

static void pause_cb(LkBulkDialog *self)
{
	if (lk_bulk_is_paused(self->bulk))
		lk_bulk_go_on(self->bulk);
	else
		lk_bulk_pause(self->bulk);
}

static void cancel_cb(LkBulkDialog *self)
{
	lk_bulk_cancel(self->bulk);
}

static void retry_cb(LkBulkDialog *self)
{
	lk_bulk_retry(self->bulk);
}

/* -- What came of it -- */

static void reveal_cb(LkBulkDialog *self)
{
	gboolean revealed = gtk_toggle_button_get_active(self->reveal);

	lk_bulk_reveal(self->bulk, revealed);
	gtk_column_view_column_set_visible(self->passwords, revealed);
}

static void save(LkBulkDialog *self, gboolean with_passwords)
{
	lk_save_table(GTK_WIDGET(self->list_page), _("Save the results"), _("resets.csv"),
		lk_bulk_table(self->bulk, with_passwords), _("The results were saved."));
}

static void chosen_cb(LkBulkDialog *self, const char *response)
{
	if (!g_str_equal(response, "cancel"))
		save(self, g_str_equal(response, "with"));
}

/* Passwords go to a file only for whoever says so. */
static void ask_about_passwords(LkBulkDialog *self)
{
	GtkWidget *dialog = adw_message_dialog_new(GTK_WINDOW(self), _("Save the passwords too?"),
		_("Whoever reads the file can sign in with them until they are changed."));

	adw_message_dialog_add_responses(ADW_MESSAGE_DIALOG(dialog), "cancel", _("_Cancel"), "without",
		_("With_out passwords"), "with", _("_With passwords"), NULL);
	adw_message_dialog_set_response_appearance(ADW_MESSAGE_DIALOG(dialog), "with", ADW_RESPONSE_DESTRUCTIVE);
	adw_message_dialog_set_default_response(ADW_MESSAGE_DIALOG(dialog), "without");
	adw_message_dialog_set_close_response(ADW_MESSAGE_DIALOG(dialog), "cancel");
	g_signal_connect_object(dialog, "response", G_CALLBACK(chosen_cb), self, G_CONNECT_SWAPPED);
	gtk_window_present(GTK_WINDOW(dialog));
}

static void save_cb(LkBulkDialog *self)
{
	if (lk_bulk_has_passwords(self->bulk))
		ask_about_passwords(self);
	else
		save(self, FALSE);
}

/* -- Overrides -- */

/* As with one reset: the window stays until it is known what was done, unless nobody can say. */
static gboolean lk_bulk_dialog_close_request(GtkWindow *window)
{
	if (!gtk_widget_get_sensitive(LK_BULK_DIALOG(window)->close))
		return TRUE;
	return GTK_WINDOW_CLASS(lk_bulk_dialog_parent_class)->close_request(window);
}

static void lk_bulk_dialog_dispose(GObject *object)
{
	LkBulkDialog *self = LK_BULK_DIALOG(object);

	if (self->bulk != NULL)
		lk_bulk_end(self->bulk);
	g_clear_object(&self->session);
	g_clear_object(&self->bulk);
	G_OBJECT_CLASS(lk_bulk_dialog_parent_class)->dispose(object);
}

static void bind_children(GtkWidgetClass *widget_class)
{
	gtk_widget_class_bind_template_child(widget_class, LkBulkDialog, close);
	gtk_widget_class_bind_template_child(widget_class, LkBulkDialog, next);
	gtk_widget_class_bind_template_child(widget_class, LkBulkDialog, spinner);
	gtk_widget_class_bind_template_child(widget_class, LkBulkDialog, stack);
	gtk_widget_class_bind_template_child(widget_class, LkBulkDialog, names_page);
	gtk_widget_class_bind_template_child(widget_class, LkBulkDialog, list_page);
	gtk_widget_class_bind_template_child(widget_class, LkBulkDialog, how_page);
	gtk_widget_class_bind_template_child(widget_class, LkBulkDialog, summary);
	gtk_widget_class_bind_template_child(widget_class, LkBulkDialog, progress);
	gtk_widget_class_bind_template_child(widget_class, LkBulkDialog, message);
	gtk_widget_class_bind_template_child(widget_class, LkBulkDialog, view);
	gtk_widget_class_bind_template_child(widget_class, LkBulkDialog, pause);
	gtk_widget_class_bind_template_child(widget_class, LkBulkDialog, cancel);
	gtk_widget_class_bind_template_child(widget_class, LkBulkDialog, retry);
	gtk_widget_class_bind_template_child(widget_class, LkBulkDialog, save);
	gtk_widget_class_bind_template_child(widget_class, LkBulkDialog, reveal);
}

static void lk_bulk_dialog_class_init(LkBulkDialogClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	G_OBJECT_CLASS(class)->dispose = lk_bulk_dialog_dispose;
	GTK_WINDOW_CLASS(class)->close_request = lk_bulk_dialog_close_request;
	reset_signal =
		g_signal_new("reset", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
	g_type_ensure(LK_TYPE_BULK_NAMES_PAGE);
	g_type_ensure(LK_TYPE_BULK_HOW_PAGE);
	gtk_widget_class_set_template_from_resource(widget_class, LK_RESOURCES "/bulk-dialog.ui");
	bind_children(widget_class);
	gtk_widget_class_bind_template_callback(widget_class, update_cb);
	gtk_widget_class_bind_template_callback(widget_class, next_cb);
	gtk_widget_class_bind_template_callback(widget_class, pause_cb);
	gtk_widget_class_bind_template_callback(widget_class, cancel_cb);
	gtk_widget_class_bind_template_callback(widget_class, retry_cb);
	gtk_widget_class_bind_template_callback(widget_class, save_cb);
	gtk_widget_class_bind_template_callback(widget_class, reveal_cb);
	gtk_widget_class_add_binding_action(widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void lk_bulk_dialog_init(LkBulkDialog *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
	self->passwords = lk_bulk_columns_add(self->view);
}

LkBulkDialog *lk_bulk_dialog_new(LkSession *session, const char *const *dns)
{
	LkBulkDialog *self = g_object_new(LK_TYPE_BULK_DIALOG, NULL);

	self->session = g_object_ref(session);
	if (dns != NULL)
		look_for(self, dns);
	else
		gtk_widget_grab_focus(GTK_WIDGET(self->names_page));
	update_cb(self);
	return self;
}
