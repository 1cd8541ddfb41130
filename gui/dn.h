/* Names of entries, compared. Pure. */
#pragma once

#include <stdbool.h>

/* DN in one spelling, without regard to case; what is no DN stays as it is but for that. Free it with g_free(). */
char *lk_dn_fold(const char *dn);

/* The DN of the entry of which cn is NAME, directly below PARENT. Free it with g_free(). */
char *lk_dn_below(const char *name, const char *parent);

/* What DN is directly below; "" for what is below nothing. Points into DN. */
const char *lk_dn_parent(const char *dn);

/* How many parts SCOPE has where DN is SCOPE or below it; -1 where it is not. "" is above everything. */
int lk_dn_depth_below(const char *dn, const char *scope);
