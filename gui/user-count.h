/* The line below a list of users: how many there are, and in which order. */
#pragma once

#include <gtk/gtk.h>

#include "user-list.h"

/* Of LIST, as VIEW shows it. TOO_MANY: they were to be sorted, and are too many for it. Free it with g_free(). */
char *lk_user_count_text(LkUserList *list, GtkColumnView *view, gboolean too_many);
