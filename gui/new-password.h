/* Two fields for a new password, the rules for it, and roughly how hard it is to guess. Signals "changed" and "activated" (Enter). */
#pragma once

#include <adwaita.h>

#include "rules.h"
#include "secret.h"

G_BEGIN_DECLS

#define LK_TYPE_NEW_PASSWORD (lk_new_password_get_type())
G_DECLARE_FINAL_TYPE(LkNewPassword, lk_new_password, LK, NEW_PASSWORD, AdwBin)

/* RULES may be NULL: nothing is known of them. */
void lk_new_password_set_rules(LkNewPassword *fields, const struct lk_rules *rules);

/* Whose password it will be, which it had better not contain. */
void lk_new_password_set_user(LkNewPassword *fields, const char *user);

/* Whether both fields hold something. */
gboolean lk_new_password_is_complete(LkNewPassword *fields);

/* What was typed; NULL where the fields differ from each other. Free it with lk_secret_free(). */
struct lk_secret *lk_new_password_take(LkNewPassword *fields);

/* Empties the fields: the accessibility tree hands out what is in them. */
void lk_new_password_clear(LkNewPassword *fields);

G_END_DECLS
