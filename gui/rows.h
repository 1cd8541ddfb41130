/* Rows of lists in which somebody's mails and events are told. */
#pragma once

#include <adwaita.h>

#include "person.h"

/* A mail: its kind and state, to whom and when, and what the mail server said. SUFFIX, or NULL, is put at its end. */
GtkWidget *lk_rows_message(const struct lk_account_message *message, GtkWidget *suffix);

/* An event of the trail. */
GtkWidget *lk_rows_event(const struct lk_account_event *event);
