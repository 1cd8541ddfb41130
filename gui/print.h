/* A page on paper. */
#pragma once

#include <gtk/gtk.h>
#include <stdbool.h>

struct lk_print_page {
	const char *title;
	const char *who; /* whose it is */
	const char *text;
	char **lines; /* ended by NULL; each in letters of one width */
};

/* Shows the desktop's dialog for printing PAGE above PARENT, and prints it while PAGE lives. False with an error where the printer
 * failed; true also where the reader thought better of it. */
bool lk_print(GtkWindow *parent, const struct lk_print_page *page, GError **error);
