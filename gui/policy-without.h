/* What is so once a policy is gone. Pure but for the translation. */
#pragma once

#include "policy-card.h"

/* Sentences, one a line, about whom the policy CARD governs and who else will; CARDS (of struct lk_policy_card) are all that are
 * there, of any kind. Free it with g_free(). */
char *lk_policy_without(const struct lk_policy_card *card, const GPtrArray *cards);
