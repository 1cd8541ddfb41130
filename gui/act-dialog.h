/* Asks before something is done to an account, and does it: sending a mail elsewhere, unlocking, blocking. It says what will
 * happen, and takes the reason for the record. Signal "done". */
#pragma once

#include <adwaita.h>

#include "session.h"

G_BEGIN_DECLS

#define LK_TYPE_ACT_DIALOG (lk_act_dialog_get_type())
G_DECLARE_FINAL_TYPE(LkActDialog, lk_act_dialog, LK, ACT_DIALOG, AdwWindow)

/* WHAT is LK_STEP_RESEND (of the mail ID, to another address), LK_STEP_UNLOCK or LK_STEP_BLOCK. */
LkActDialog *lk_act_dialog_new(LkSession *session, enum lk_step what, const struct lk_person *person, const char *id);

G_END_DECLS
