/* The directories that one can sign in to: adding, changing and removing them. Signal "edited" (guint: the one that was chosen
 * last). */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define LK_TYPE_PROFILE_DIALOG (lk_profile_dialog_get_type())
G_DECLARE_FINAL_TYPE(LkProfileDialog, lk_profile_dialog, LK, PROFILE_DIALOG, AdwWindow)

/* Changes PROFILES (of struct lk_profile) when it is saved; begins with the one at SELECTED. */
LkProfileDialog *lk_profile_dialog_new(GPtrArray *profiles, guint selected);

G_END_DECLS
