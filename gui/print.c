#include "print.h"

#include "secret.h"
#include "toast.h"

#define GAP 14.0 /* points */

struct printing {
	GtkWindow *parent; /* NULL once it has gone */
	char *title, *who, *text, *foot;
	char **lines;
};

/* -- The page -- */

static PangoLayout *make_layout(GtkPrintContext *context, const char *font)
{
	PangoLayout *layout = gtk_print_context_create_pango_layout(context);
	PangoFontDescription *description = pango_font_description_from_string(font);

	pango_layout_set_font_description(layout, description);
	pango_layout_set_width(layout, (int)(gtk_print_context_get_width(context) * PANGO_SCALE));
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	pango_font_description_free(description);
	return layout;
}

static void draw_text(GtkPrintContext *context, const char *font, const char *text, double *top)
{
	PangoLayout *layout = make_layout(context, font);
	cairo_t *cairo = gtk_print_context_get_cairo_context(context);
	int height;

	pango_layout_set_text(layout, text, -1);
	pango_layout_get_size(layout, NULL, &height);
	cairo_move_to(cairo, 0, *top);
	pango_cairo_show_layout(cairo, layout);
	*top += (double)height / PANGO_SCALE + GAP;
	g_object_unref(layout);
}

static void draw_page_cb(GtkPrintOperation *operation, GtkPrintContext *context, int number, gpointer user_data)
{
	const struct printing *page = user_data;
	double top = 0;

	(void)operation, (void)number;
	draw_text(context, "Sans Bold 18", page->title, &top);
	draw_text(context, "Sans 10", page->who, &top);
	draw_text(context, "Sans 11", page->text, &top);
	for (size_t i = 0; page->lines[i] != NULL; i++)
		draw_text(context, "Monospace 13", page->lines[i], &top);
	if (page->foot != NULL)
		draw_text(context, "Sans 9", page->foot, &top);
}

/* -- Its life -- */

/* What is printed is secret, and so is not left behind on the screen by a window that was closed, by the idle lock for instance. */
static void closed_cb(GtkWidget *parent)
{
	GList *windows = gtk_window_list_toplevels();

	for (GList *at = windows; at != NULL; at = at->next) {
		if (GTK_IS_DIALOG(at->data) && gtk_window_get_transient_for(at->data) == GTK_WINDOW(parent))
			gtk_dialog_response(at->data, GTK_RESPONSE_CANCEL);
	}
	g_list_free(windows);
}

static void printing_free(gpointer data)
{
	struct printing *printing = data;

	if (printing->parent != NULL) {
		g_signal_handlers_disconnect_by_func(printing->parent, closed_cb, NULL);
		g_object_remove_weak_pointer(G_OBJECT(printing->parent), (gpointer *)&printing->parent);
	}
	for (size_t i = 0; printing->lines[i] != NULL; i++)
		lk_secret_wipe(printing->lines[i]);
	g_free(printing->lines);
	lk_secret_wipe(printing->foot);
	g_free(printing->title);
	g_free(printing->who);
	g_free(printing->text);
	g_free(printing);
}

static void done_cb(GtkPrintOperation *operation, GtkPrintOperationResult result, gpointer user_data)
{
	const struct printing *printing = user_data;
	g_autoptr(GError) error = NULL;

	if (result != GTK_PRINT_OPERATION_RESULT_ERROR || printing->parent == NULL)
		return;
	gtk_print_operation_get_error(operation, &error);
	lk_toast(GTK_WIDGET(printing->parent), error->message);
}

void lk_print(GtkWindow *parent, const struct lk_print_page *page)
{
	g_autoptr(GtkPrintOperation) operation = gtk_print_operation_new();
	struct printing *printing = g_new0(struct printing, 1);

	*printing = (struct printing){.parent = parent,
		.title = g_strdup(page->title),
		.who = g_strdup(page->who),
		.text = g_strdup(page->text),
		.foot = g_strdup(page->foot),
		.lines = g_strdupv(page->lines)};
	g_object_add_weak_pointer(G_OBJECT(parent), (gpointer *)&printing->parent);
	g_object_set_data_full(G_OBJECT(operation), "printing", printing, printing_free);
	gtk_print_operation_set_n_pages(operation, 1);
	gtk_print_operation_set_unit(operation, GTK_UNIT_POINTS);
	gtk_print_operation_set_job_name(operation, page->title);
	gtk_print_operation_set_allow_async(operation, TRUE);
	g_signal_connect(operation, "draw-page", G_CALLBACK(draw_page_cb), printing);
	g_signal_connect(operation, "done", G_CALLBACK(done_cb), printing);
	g_signal_connect(parent, "unmap", G_CALLBACK(closed_cb), NULL);
	gtk_print_operation_run(operation, GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG, parent, NULL);
}
