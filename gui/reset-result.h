/* What came of a reset: the password, shown once, and the state of the mail as it changes. */
#pragma once

#include <adwaita.h>

#include "session.h"

G_BEGIN_DECLS

#define LK_TYPE_RESET_RESULT (lk_reset_result_get_type())
G_DECLARE_FINAL_TYPE(LkResetResult, lk_reset_result, LK, RESET_RESULT, AdwBin)

/* For the account DN of NAME. Takes over RESULT. */
LkResetResult *lk_reset_result_new(
	LkSession *session, const char *dn, const char *name, struct lk_reset_result *result);

/* The same for a user who was added. */
LkResetResult *lk_reset_result_new_welcome(
	LkSession *session, const char *dn, const char *name, struct lk_reset_result *result);

G_END_DECLS
