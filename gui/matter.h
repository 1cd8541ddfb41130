/* Something to follow up, as an item of a list: whose it is, and the mail. */
#pragma once

#include "matters.h"
#include "user.h"

G_BEGIN_DECLS

#define LK_TYPE_MATTER (lk_matter_get_type())
G_DECLARE_FINAL_TYPE(LkMatter, lk_matter, LK, MATTER, GObject)

/* MATTER belongs to the person of USER. */
LkMatter *lk_matter_new(LkUser *user, const struct lk_matter *matter);

LkUser *lk_matter_get_user(LkMatter *matter);

/* What it is, valid as long as the user's person is not replaced. */
const struct lk_matter *lk_matter_get(LkMatter *matter);

/* Tells it from others, the same at each look: the account, the mail and the kind. */
const char *lk_matter_get_key(LkMatter *matter);

G_END_DECLS
