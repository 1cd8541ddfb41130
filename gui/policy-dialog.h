/* Changing a policy, or adding one: fields, what speaks against it, and what it will change for whom, before it is
 * saved. */
#pragma once

#include <adwaita.h>

#include "session-policies.h"

G_BEGIN_DECLS

#define LK_TYPE_POLICY_DIALOG (lk_policy_dialog_get_type())
G_DECLARE_FINAL_TYPE(LkPolicyDialog, lk_policy_dialog, LK, POLICY_DIALOG, AdwWindow)

/* For a change of CARD, which is copied; or, where it has no DN, for a new policy, proposed directly below PLACE. */
LkPolicyDialog *lk_policy_dialog_new(LkSession *session, const struct lk_policy_card *card, const char *place);

G_END_DECLS
