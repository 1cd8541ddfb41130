/* The step of a recovery in which a new password is chosen. Signal "set", once something is in both fields. */
#pragma once

#include <adwaita.h>

#include "rules.h"
#include "secret.h"

G_BEGIN_DECLS

#define LK_TYPE_RECOVERY_PASSWORD (lk_recovery_password_get_type())
G_DECLARE_FINAL_TYPE(LkRecoveryPassword, lk_recovery_password, LK, RECOVERY_PASSWORD, AdwBin)

/* Whose password it will be, and the rules for it; NULL: nothing is known of them. */
void lk_recovery_password_set_user(LkRecoveryPassword *step, const char *user);
void lk_recovery_password_set_rules(LkRecoveryPassword *step, const struct lk_rules *rules);

/* A copy of what was typed; NULL where the fields differ, which it says then. Free it with lk_secret_free(). */
struct lk_secret *lk_recovery_password_get(LkRecoveryPassword *step);

/* SENTENCE, or NULL for none, is what went wrong. */
void lk_recovery_password_say(LkRecoveryPassword *step, const char *sentence);

void lk_recovery_password_set_busy(LkRecoveryPassword *step, gboolean busy);

/* Empties the fields. */
void lk_recovery_password_clear(LkRecoveryPassword *step);

G_END_DECLS
