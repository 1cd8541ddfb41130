/* Which of the users found is meant by what was typed. Pure. */
#pragma once

#include <gio/gio.h>

/* The place in USERS (of LkUser) of the one whose user name TYPED is, spaces around it and case apart, among the first
 * hundred; else 0. */
guint lk_user_meant(GListModel *users, const char *typed);
