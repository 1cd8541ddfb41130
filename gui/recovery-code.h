/* The second step of a recovery: the code, and a second proof where the policy wants one. Signals "go-on", once both
 * can be read, and "again", for another code. */
#pragma once

#include <adwaita.h>

#include "secret.h"

G_BEGIN_DECLS

#define LK_TYPE_RECOVERY_CODE (lk_recovery_code_get_type())
G_DECLARE_FINAL_TYPE(LkRecoveryCode, lk_recovery_code, LK, RECOVERY_CODE, AdwBin)

/* Whose code it is. REQUESTED: one was just asked for, so that the next one has to wait. */
void lk_recovery_code_set_user(LkRecoveryCode *step, const char *user, gboolean requested);

/* Copies of what was typed, as it is sent; the second is NULL where none was. Free them with lk_secret_free(). */
struct lk_secret *lk_recovery_code_get_first(LkRecoveryCode *step);
struct lk_secret *lk_recovery_code_get_second(LkRecoveryCode *step);

/* SENTENCE, or NULL for none, is what went wrong. */
void lk_recovery_code_say(LkRecoveryCode *step, const char *sentence);

void lk_recovery_code_clear(LkRecoveryCode *step);

G_END_DECLS
