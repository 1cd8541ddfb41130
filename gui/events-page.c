#include "events-page.h"

#include <glib/gi18n.h>

#include "csv.h"
#include "drop-down.h"
#include "labels.h"
#include "save-table.h"
#include "text.h"
#include "trail-list.h"
#include "trail.h"
#include "words.h"

struct _LkEventsPage {
	AdwBin parent_instance;

	GtkEditable *search;
	GtkDropDown *time;
	GtkDropDown *kind;
	GtkStack *stack;
	GtkListView *view;
	AdwStatusPage *error;
	GtkLabel *count;

	LkTrailList *list;
};

G_DEFINE_FINAL_TYPE(LkEventsPage, lk_events_page, ADW_TYPE_BIN)

/* -- What is asked for -- */

/* Midnight here, DAYS days before today. */
static time_t midnight(int days)
{
	g_autoptr(GDateTime) now = g_date_time_new_now_local();
	g_autoptr(GDateTime) today = g_date_time_new_local(
		g_date_time_get_year(now), g_date_time_get_month(now), g_date_time_get_day_of_month(now), 0, 0, 0);
	g_autoptr(GDateTime) then = g_date_time_add_days(today == NULL ? now : today, -days);

	return g_date_time_to_unix(then);
}

/* In the order of the list in the .ui. */
static time_t wished_since(LkEventsPage *self)
{
	static const int days[] = {0, 6, 29, LK_TRAIL_DAYS};
	guint selected = gtk_drop_down_get_selected(self->time);

	return midnight(selected < G_N_ELEMENTS(days) ? days[selected] : LK_TRAIL_DAYS);
}

static void read_again(LkEventsPage *self)
{
	if (self->list != NULL)
		lk_trail_list_read(self->list, wished_since(self));
}

/* "All events" comes before the kinds. */
static void narrow_cb(LkEventsPage *self)
{
	guint selected = gtk_drop_down_get_selected(self->kind);
	const char *kind = selected == 0 || selected == GTK_INVALID_LIST_POSITION ? NULL : lk_trail_kinds[selected - 1];

	if (self->list != NULL)
		lk_trail_list_narrow(self->list, kind, gtk_editable_get_text(self->search));
}

static void search_stopped_cb(LkEventsPage *self)
{
	gtk_editable_set_text(self->search, "");
}

/* -- What is shown -- */

static char *count_text(LkEventsPage *self)
{
	guint count = g_list_model_get_n_items(G_LIST_MODEL(self->list));
	char number[16];

	g_snprintf(number, sizeof number, "%u", count);
	if (lk_trail_list_get_busy(self->list))
		return lk_text_fill(_("Reading… Events so far: {number}."), "number", number, NULL);
	if (lk_trail_list_get_cut(self->list))
		return lk_text_fill(
			_("Events: {number}. There are more, which are not read: choose a shorter time."), "number", number, NULL);
	return lk_text_fill(
		g_dngettext(GETTEXT_PACKAGE, "{number} event", "{number} events", count), "number", number, NULL);
}

static const char *page_name(LkEventsPage *self)
{
	if (g_list_model_get_n_items(G_LIST_MODEL(self->list)) > 0)
		return "list";
	if (lk_trail_list_get_error(self->list) != NULL)
		return "error";
	return lk_trail_list_get_busy(self->list) ? "wait" : "empty";
}

static void update_cb(LkEventsPage *self)
{
	const GError *error = lk_trail_list_get_error(self->list);
	g_autofree char *text = error == NULL ? count_text(self) : g_strdup(error->message);

	gtk_label_set_label(self->count, text);
	adw_status_page_set_description(self->error, error == NULL ? NULL : error->message);
	gtk_stack_set_visible_child_name(self->stack, page_name(self));
}

static GtkWidget *make_label(const char *class)
{
	GtkWidget *label = gtk_label_new(NULL);

	gtk_label_set_xalign(GTK_LABEL(label), 0);
	gtk_label_set_wrap(GTK_LABEL(label), TRUE);
	gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
	lk_labels_settle(label);
	gtk_widget_add_css_class(label, class);
	return label;
}

static void setup_cb(LkEventsPage *self, GtkListItem *item)
{
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 3);

	(void)self;
	gtk_widget_set_margin_start(box, 12);
	gtk_widget_set_margin_end(box, 12);
	gtk_widget_set_margin_top(box, 8);
	gtk_widget_set_margin_bottom(box, 8);
	gtk_box_append(GTK_BOX(box), make_label("heading"));
	gtk_box_append(GTK_BOX(box), make_label("caption"));
	gtk_list_item_set_child(item, box);
}

static void bind_cb(LkEventsPage *self, GtkListItem *list_item)
{
	LkTrailItem *item = gtk_list_item_get_item(list_item);
	const struct lk_person *person = lk_trail_item_get_person(item);
	const struct lk_account_event *event = lk_trail_item_get_event(item);
	GtkWidget *title = gtk_widget_get_first_child(gtk_list_item_get_child(list_item));
	g_autofree char *title_text = lk_trail_title(person, event);
	g_autofree char *details = lk_words_event_details(event);
	GString *lines = g_string_new(NULL);

	(void)self;
	lk_text_add_line(lines, lk_text_when(event->time, time(NULL)));
	lk_text_add_line(lines, lk_words_apart(person));
	lk_text_add_line(lines, lk_text_fill(_("Entry: {text}"), "text", person->account->dn, NULL));
	lk_text_add_line(lines, g_steal_pointer(&details));
	gtk_label_set_label(GTK_LABEL(title), title_text);
	gtk_label_set_label(GTK_LABEL(gtk_widget_get_next_sibling(title)), lines->str);
	g_string_free(lines, TRUE);
}

static void fill_kinds(LkEventsPage *self)
{
	g_autoptr(GtkStringList) kinds = gtk_string_list_new(NULL);

	gtk_string_list_append(kinds, _("All events"));
	for (size_t i = 0; lk_trail_kinds[i] != NULL; i++)
		gtk_string_list_append(kinds, lk_words_event(lk_trail_kinds[i], ""));
	gtk_drop_down_set_model(self->kind, G_LIST_MODEL(kinds));
}

/* -- Actions -- */

static void refresh_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	(void)name, (void)parameter;
	read_again(LK_EVENTS_PAGE(widget));
}

static void find_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	(void)name, (void)parameter;
	gtk_widget_grab_focus(GTK_WIDGET(LK_EVENTS_PAGE(widget)->search));
}

static void export_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	GListModel *list = G_LIST_MODEL(LK_EVENTS_PAGE(widget)->list);
	GString *table = lk_csv_new();

	(void)name, (void)parameter;
	lk_trail_append_titles(table);
	for (guint i = 0; i < g_list_model_get_n_items(list); i++) {
		g_autoptr(LkTrailItem) item = g_list_model_get_item(list, i);
		lk_trail_append(table, lk_trail_item_get_person(item), lk_trail_item_get_event(item));
	}
	lk_save_table(widget, _("Save what is shown"), _("events.csv"), table, _("The list was saved."));
}

/* -- Overrides -- */

static void lk_events_page_map(GtkWidget *widget)
{
	GTK_WIDGET_CLASS(lk_events_page_parent_class)->map(widget);
	gtk_widget_grab_focus(GTK_WIDGET(LK_EVENTS_PAGE(widget)->search));
	read_again(LK_EVENTS_PAGE(widget));
}

static void lk_events_page_dispose(GObject *object)
{
	g_clear_object(&LK_EVENTS_PAGE(object)->list);
	G_OBJECT_CLASS(lk_events_page_parent_class)->dispose(object);
}

static void lk_events_page_class_init(LkEventsPageClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	G_OBJECT_CLASS(class)->dispose = lk_events_page_dispose;
	widget_class->map = lk_events_page_map;
	gtk_widget_class_set_template_from_resource(widget_class, LK_RESOURCES "/events-page.ui");
	gtk_widget_class_bind_template_child(widget_class, LkEventsPage, search);
	gtk_widget_class_bind_template_child(widget_class, LkEventsPage, time);
	gtk_widget_class_bind_template_child(widget_class, LkEventsPage, kind);
	gtk_widget_class_bind_template_child(widget_class, LkEventsPage, stack);
	gtk_widget_class_bind_template_child(widget_class, LkEventsPage, view);
	gtk_widget_class_bind_template_child(widget_class, LkEventsPage, error);
	gtk_widget_class_bind_template_child(widget_class, LkEventsPage, count);
	gtk_widget_class_bind_template_callback(widget_class, narrow_cb);
	gtk_widget_class_bind_template_callback(widget_class, read_again);
	gtk_widget_class_bind_template_callback(widget_class, search_stopped_cb);
	gtk_widget_class_bind_template_callback(widget_class, setup_cb);
	gtk_widget_class_bind_template_callback(widget_class, bind_cb);
	gtk_widget_class_install_action(widget_class, "events.refresh", NULL, refresh_action);
	gtk_widget_class_install_action(widget_class, "events.find", NULL, find_action);
	gtk_widget_class_install_action(widget_class, "events.export", NULL, export_action);
	gtk_widget_class_add_binding_action(widget_class, GDK_KEY_F5, 0, "events.refresh", NULL);
	gtk_widget_class_add_binding_action(widget_class, GDK_KEY_f, GDK_CONTROL_MASK, "events.find", NULL);
}

static void lk_events_page_init(LkEventsPage *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
	fill_kinds(self);
	lk_drop_down_give_way(self->time, PANGO_ELLIPSIZE_END, -1);
	lk_drop_down_give_way(self->kind, PANGO_ELLIPSIZE_END, -1);
}

/* What is read begins as soon as the page is looked at. */
LkEventsPage *lk_events_page_new(LkSession *session)
{
	LkEventsPage *self = g_object_new(LK_TYPE_EVENTS_PAGE, NULL);
	GListModel *model;

	self->list = lk_trail_list_new(session);
	model = G_LIST_MODEL(g_object_ref(self->list));
	gtk_list_view_set_model(self->view, GTK_SELECTION_MODEL(gtk_no_selection_new(model)));
	g_signal_connect_object(self->list, "notify", G_CALLBACK(update_cb), self, G_CONNECT_SWAPPED);
	return self;
}
