/* A page on paper. */
#pragma once

#include <gtk/gtk.h>

struct lk_print_page {
	const char *title;
	const char *who; /* whose it is */
	const char *text;
	char **lines; /* ended by NULL; each in letters of one width */
	const char *foot; /* smaller, below them; or NULL */
};

/* Shows the desktop's dialog for printing PAGE above PARENT, and goes on at once: a copy of PAGE is kept until it is printed, or the
 * reader thinks better of it, or PARENT is closed, and is erased then. A toast in PARENT says where the printer failed. */
void lk_print(GtkWindow *parent, const struct lk_print_page *page);
