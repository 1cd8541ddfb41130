/* The step of a recovery in which somebody says whether they know their password. Signals "keep" and "create". */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define LK_TYPE_RECOVERY_CHOICE (lk_recovery_choice_get_type())
G_DECLARE_FINAL_TYPE(LkRecoveryChoice, lk_recovery_choice, LK, RECOVERY_CHOICE, AdwBin)

/* SENTENCE, or NULL for none, is what went wrong. */
void lk_recovery_choice_say(LkRecoveryChoice *step, const char *sentence);

G_END_DECLS
