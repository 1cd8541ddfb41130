/* The first step of a recovery: who somebody is. Signals "request" and "have-code", once a name is there. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define LK_TYPE_RECOVERY_WHO (lk_recovery_who_get_type())
G_DECLARE_FINAL_TYPE(LkRecoveryWho, lk_recovery_who, LK, RECOVERY_WHO, AdwBin)

/* The name without spaces around it, and with the Latin letters that were meant where it was typed as Hangul. Free it
 * with g_free(). */
char *lk_recovery_who_get_user(LkRecoveryWho *step);
void lk_recovery_who_set_user(LkRecoveryWho *step, const char *user);

/* SENTENCE, or NULL for none, is what went wrong. */
void lk_recovery_who_say(LkRecoveryWho *step, const char *sentence);

void lk_recovery_who_set_busy(LkRecoveryWho *step, gboolean busy);

G_END_DECLS
