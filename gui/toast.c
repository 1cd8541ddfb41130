#include "toast.h"

#include <adwaita.h>

#include "window.h"

void lk_toast(GtkWidget *from, const char *text)
{
	GtkWidget *overlay = gtk_widget_get_ancestor(from, ADW_TYPE_TOAST_OVERLAY);
	GtkRoot *root = gtk_widget_get_root(from);

	while (root != NULL && !LK_IS_WINDOW(root))
		root = GTK_ROOT(gtk_window_get_transient_for(GTK_WINDOW(root)));
	if (root == NULL)
		return;
	AdwToast *toast = adw_toast_new(text);
	adw_toast_set_timeout(toast, 8);
	if (overlay != NULL)
		adw_toast_overlay_add_toast(ADW_TOAST_OVERLAY(overlay), toast);
	else
		lk_window_add_toast(LK_WINDOW(root), toast);
}
