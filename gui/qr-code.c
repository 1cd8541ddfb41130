#include "qr-code.h"

#include <qrencode.h>
#include <sodium.h>

#define QUIET 4 /* modules */
#define SMALLEST 4 /* pixels of a module */

struct _LkQrCode {
	GtkWidget parent_instance;

	QRcode *modules; /* NULL where there is nothing to draw */
};

G_DEFINE_FINAL_TYPE(LkQrCode, lk_qr_code, GTK_TYPE_WIDGET)

static void erase(LkQrCode *self)
{
	if (self->modules == NULL)
		return;
	sodium_memzero(self->modules->data, (size_t)self->modules->width * (size_t)self->modules->width);
	QRcode_free(self->modules);
	self->modules = NULL;
}

static int side_of(LkQrCode *self)
{
	return self->modules == NULL ? 0 : self->modules->width + 2 * QUIET;
}

static void lk_qr_code_measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
	int *minimum_baseline, int *natural_baseline)
{
	(void)orientation, (void)for_size;
	*minimum = *natural = side_of(LK_QR_CODE(widget)) * SMALLEST;
	*minimum_baseline = *natural_baseline = -1;
}

static void lk_qr_code_snapshot(GtkWidget *widget, GtkSnapshot *snapshot)
{
	static const GdkRGBA white = {1, 1, 1, 1}, black = {0, 0, 0, 1};
	LkQrCode *self = LK_QR_CODE(widget);
	int side = side_of(self), available = MIN(gtk_widget_get_width(widget), gtk_widget_get_height(widget));

	if (side == 0)
		return;
	/* Whole pixels, or there would be seams between modules. */
	int size = MAX(available / side, 1), width = self->modules->width;
	int left = (gtk_widget_get_width(widget) - side * size) / 2,
		top = (gtk_widget_get_height(widget) - side * size) / 2;
	gtk_snapshot_append_color(
		snapshot, &white, &GRAPHENE_RECT_INIT((float)left, (float)top, (float)(side * size), (float)(side * size)));
	for (int i = 0; i < width * width; i++) {
		int x = left + (QUIET + i % width) * size, y = top + (QUIET + i / width) * size;
		if (self->modules->data[i] & 1)
			gtk_snapshot_append_color(
				snapshot, &black, &GRAPHENE_RECT_INIT((float)x, (float)y, (float)size, (float)size));
	}
}

static void lk_qr_code_finalize(GObject *object)
{
	erase(LK_QR_CODE(object));
	G_OBJECT_CLASS(lk_qr_code_parent_class)->finalize(object);
}

static void lk_qr_code_class_init(LkQrCodeClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	G_OBJECT_CLASS(class)->finalize = lk_qr_code_finalize;
	widget_class->measure = lk_qr_code_measure;
	widget_class->snapshot = lk_qr_code_snapshot;
	gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void lk_qr_code_init(LkQrCode *self)
{
	(void)self;
}

gboolean lk_qr_code_set_text(LkQrCode *self, const char *text)
{
	erase(self);
	if (text != NULL)
		self->modules = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
	gtk_widget_queue_resize(GTK_WIDGET(self));
	return self->modules != NULL;
}
