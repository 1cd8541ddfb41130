/* Names of entries, compared. Pure. */
#pragma once

#include <stdbool.h>

/* Whether TEXT names an entry; "" names none. */
bool lk_dn_is(const char *text);

/* DN in one spelling, without regard to case; what is no DN stays as it is but for that. Free it with g_free(). */
char *lk_dn_fold(const char *dn);

/* The DN of the entry that is named by VALUE of ATTRIBUTE, directly below PARENT. Free it with g_free(). */
char *lk_dn_below(const char *attribute, const char *value, const char *parent);

/* What DN is directly below; "" for what is below nothing. Points into DN. */
const char *lk_dn_parent(const char *dn);

/* How many parts SCOPE has where DN is SCOPE or below it; -1 where it is not. "" is above everything. */
int lk_dn_depth_below(const char *dn, const char *scope);

/* Where DN is below BASE, as people say it: the values of its parts from BASE downwards, "sales › seoul". "" for BASE
 * itself, and DN as it is where it is not below. Free it with g_free(). */
char *lk_dn_path(const char *dn, const char *base);
