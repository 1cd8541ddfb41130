/* What is done with several users of a list, or with the list. Each opens a dialog above the window of PAGE; LIST is
 * read anew where something was done. */
#pragma once

#include <gtk/gtk.h>

#include "user-list.h"

/* Resets the users of LIST that are selected in SELECTION, at most LK_BULK_NAMES_MOST. Rows that were never looked at
 * are read first: a toast says why they cannot be, and nothing is opened where PAGE is in no window any more. */
void lk_users_reset_selected(GtkWidget *page, LkSession *session, LkUserList *list, GtkSelectionModel *selection);

/* Resets the users that somebody else has listed: their names are pasted, or read from a file. */
void lk_users_reset_listed(GtkWidget *page, LkSession *session, LkUserList *list);

/* Adds a user. The places proposed are those of the users in LIST, and first of all that of the first in SELECTION. */
void lk_users_add(GtkWidget *page, LkSession *session, LkUserList *list, GtkSelectionModel *selection);

/* Saves all of LIST as a table; rows that were not read yet are read. */
void lk_users_save(GtkWidget *page, LkSession *session, LkUserList *list);
