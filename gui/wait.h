/* What a window shows while the directory is asked, and when it has answered. */
#pragma once

#include <gtk/gtk.h>

/* Shows SENTENCE, or nothing where it is NULL, in MESSAGE, and scrolls to where it can be read. */
void lk_say(GtkLabel *message, const char *sentence);

/* Something is awaited from now on: *PENDING is its cancellable, SPINNER turns, and MESSAGE says nothing. */
void lk_wait_begin(GCancellable **pending, GtkSpinner *spinner, GtkLabel *message);

/* It is over, with ERROR or NULL. False, and nothing is touched, where the window has been closed meanwhile: then *PENDING is NULL. */
gboolean lk_wait_end(GCancellable **pending, GtkSpinner *spinner, GtkLabel *message, const GError *error);
