#include "follow-up-page.h"

#include <glib/gi18n.h>

#include "follow-up-row.h"

struct _LkFollowUpPage {
	AdwBin parent_instance;

	GtkStack *stack;
	AdwStatusPage *error;
	GtkListBox *list;

	LkSession *session;
	LkFollowUps *follow_ups;
};

G_DEFINE_FINAL_TYPE(LkFollowUpPage, lk_follow_up_page, ADW_TYPE_BIN)

static GtkWidget *make_row(gpointer item, gpointer user_data)
{
	LkFollowUpPage *self = user_data;
	LkFollowUpRow *row = lk_follow_up_row_new(self->session, item);

	g_signal_connect_object(row, "acted", G_CALLBACK(lk_follow_ups_refresh), self->follow_ups, G_CONNECT_SWAPPED);
	return GTK_WIDGET(row);
}

static const char *page_name(LkFollowUpPage *self)
{
	if (g_list_model_get_n_items(G_LIST_MODEL(self->follow_ups)) > 0)
		return "list";
	if (lk_follow_ups_get_error(self->follow_ups) != NULL)
		return "error";
	return lk_follow_ups_has_looked(self->follow_ups) ? "empty" : "wait";
}

static void update_cb(LkFollowUpPage *self)
{
	adw_status_page_set_description(self->error, lk_follow_ups_get_error(self->follow_ups));
	gtk_stack_set_visible_child_name(self->stack, page_name(self));
}

static void refresh_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	(void)name, (void)parameter;
	lk_follow_ups_refresh(LK_FOLLOW_UP_PAGE(widget)->follow_ups);
}

static void lk_follow_up_page_map(GtkWidget *widget)
{
	GTK_WIDGET_CLASS(lk_follow_up_page_parent_class)->map(widget);
	lk_follow_ups_refresh(LK_FOLLOW_UP_PAGE(widget)->follow_ups);
}

static void lk_follow_up_page_dispose(GObject *object)
{
	LkFollowUpPage *self = LK_FOLLOW_UP_PAGE(object);

	g_clear_object(&self->follow_ups);
	g_clear_object(&self->session);
	G_OBJECT_CLASS(lk_follow_up_page_parent_class)->dispose(object);
}

static void lk_follow_up_page_class_init(LkFollowUpPageClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	G_OBJECT_CLASS(class)->dispose = lk_follow_up_page_dispose;
	widget_class->map = lk_follow_up_page_map;
	gtk_widget_class_set_template_from_resource(widget_class, LK_RESOURCES "/follow-up-page.ui");
	gtk_widget_class_bind_template_child(widget_class, LkFollowUpPage, stack);
	gtk_widget_class_bind_template_child(widget_class, LkFollowUpPage, error);
	gtk_widget_class_bind_template_child(widget_class, LkFollowUpPage, list);
	gtk_widget_class_install_action(widget_class, "follow-up.refresh", NULL, refresh_action);
	gtk_widget_class_add_binding_action(widget_class, GDK_KEY_F5, 0, "follow-up.refresh", NULL);
}

static void lk_follow_up_page_init(LkFollowUpPage *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
}

LkFollowUpPage *lk_follow_up_page_new(LkSession *session, LkFollowUps *follow_ups)
{
	LkFollowUpPage *self = g_object_new(LK_TYPE_FOLLOW_UP_PAGE, NULL);

	self->session = g_object_ref(session);
	self->follow_ups = g_object_ref(follow_ups);
	gtk_list_box_bind_model(self->list, G_LIST_MODEL(follow_ups), make_row, self, NULL);
	g_signal_connect_object(follow_ups, "looked", G_CALLBACK(update_cb), self, G_CONNECT_SWAPPED);
	update_cb(self);
	return self;
}
