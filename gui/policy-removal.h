/* Removing a policy, once it has been read what will be so without it. */
#pragma once

#include <adwaita.h>

#include "session-policies.h"

G_BEGIN_DECLS

#define LK_TYPE_POLICY_REMOVAL (lk_policy_removal_get_type())
G_DECLARE_FINAL_TYPE(LkPolicyRemoval, lk_policy_removal, LK, POLICY_REMOVAL, AdwWindow)

/* CARD, of Latchkey's policies, is copied; CARDS (of struct lk_policy_card) are all that are there. */
LkPolicyRemoval *lk_policy_removal_new(LkSession *session, const struct lk_policy_card *card, const GPtrArray *cards);

G_END_DECLS
