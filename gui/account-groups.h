/* What somebody's own account consists of: the password, the ways back in, the language of mails, what happened. It shows, and leaves
 * what is done to the actions "account.…" of the page around it. */
#pragma once

#include <adwaita.h>

#include "person.h"
#include "rules.h"

G_BEGIN_DECLS

#define LK_TYPE_ACCOUNT_GROUPS (lk_account_groups_get_type())
G_DECLARE_FINAL_TYPE(LkAccountGroups, lk_account_groups, LK, ACCOUNT_GROUPS, AdwBin)

/* PERSON is who is signed in; RULES are theirs. REMINDS asks them for a second way back in. */
void lk_account_groups_show(
	LkAccountGroups *groups, const struct lk_person *person, const struct lk_rules *rules, gboolean reminds);

G_END_DECLS
