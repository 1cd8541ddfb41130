/* Whether whoever is signed in is reminded to set up a second way back in: administrators are, until they have two. */
#pragma once

#include "rules.h"
#include "session.h"

G_BEGIN_DECLS

/* For PERSON, who is signed in with SESSION, and the RULES for their account. */
gboolean lk_reminder_is_due(LkSession *session, const struct lk_person *person, const struct lk_rules *rules);

/* Asks the directory for both. FALSE also where they cannot be read. */
void lk_reminder_ask_async(
	LkSession *session, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean lk_reminder_ask_finish(GAsyncResult *result);

G_END_DECLS
