/* The part of the directory in which users are looked for: a list of its organizational units that drops down. */
#pragma once

#include <gtk/gtk.h>

#include "session.h"

/* Reads the units into CHOICE, which is shown once there are any; the first choice is the whole directory. */
void lk_user_scope_fill(GtkDropDown *choice, LkSession *session);

/* The DN of the unit that is chosen, or NULL for the whole directory. It is CHOICE's. */
const char *lk_user_scope_get(GtkDropDown *choice);
