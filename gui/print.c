#include "print.h"

#define GAP 14.0 /* points */

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
	const struct lk_print_page *page = user_data;
	double top = 0;

	(void)operation, (void)number;
	draw_text(context, "Sans Bold 18", page->title, &top);
	draw_text(context, "Sans 10", page->who, &top);
	draw_text(context, "Sans 11", page->text, &top);
	for (size_t i = 0; page->lines[i] != NULL; i++)
		draw_text(context, "Monospace 13", page->lines[i], &top);
}

bool lk_print(GtkWindow *parent, const struct lk_print_page *page, GError **error)
{
	g_autoptr(GtkPrintOperation) operation = gtk_print_operation_new();

	gtk_print_operation_set_n_pages(operation, 1);
	gtk_print_operation_set_unit(operation, GTK_UNIT_POINTS);
	gtk_print_operation_set_job_name(operation, page->title);
	g_signal_connect(operation, "draw-page", G_CALLBACK(draw_page_cb), (gpointer)page);
	return gtk_print_operation_run(operation, GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG, parent, error) !=
		   GTK_PRINT_OPERATION_RESULT_ERROR;
}
