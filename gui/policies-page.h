/* What governs which subtree: Latchkey's policies, and those of slapo-ppolicy beside them. Global administrators
 * change them here. */
#pragma once

#include <adwaita.h>

#include "session.h"

G_BEGIN_DECLS

#define LK_TYPE_POLICIES_PAGE (lk_policies_page_get_type())
G_DECLARE_FINAL_TYPE(LkPoliciesPage, lk_policies_page, LK, POLICIES_PAGE, AdwBin)

LkPoliciesPage *lk_policies_page_new(LkSession *session);

G_END_DECLS
