/* A letter on paper with a temporary password. */
#pragma once

#include <gtk/gtk.h>

#include "secret.h"

/* Has the letter for WHO printed as lk_print() does, above PARENT. VALIDITY is a sentence on how long PASSWORD works, or "". */
void lk_letter_print(GtkWindow *parent, const char *who, struct lk_secret *password, const char *validity);
