/* Beside a field for a new password: roughly how hard what is in it is to guess, and the rules for it. */
#pragma once

#include <adwaita.h>

#include "rules.h"

G_BEGIN_DECLS

#define LK_TYPE_STRENGTH_BAR (lk_strength_bar_get_type())
G_DECLARE_FINAL_TYPE(LkStrengthBar, lk_strength_bar, LK, STRENGTH_BAR, AdwBin)

/* RULES may be NULL: nothing is known of them. */
void lk_strength_bar_set_rules(LkStrengthBar *bar, const struct lk_rules *rules);

/* Judges PASSWORD, of USER, who may be "". */
void lk_strength_bar_judge(LkStrengthBar *bar, const char *password, const char *user);

G_END_DECLS
