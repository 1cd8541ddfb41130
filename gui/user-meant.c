#include "user-meant.h"

#include "user.h"

#define LOOKED_THROUGH 100 /* users in whose list the one is looked for who is meant */

static gboolean is_login(LkUser *user, const char *typed)
{
	const struct lk_person *person = lk_user_get_person(user);

	return person != NULL && person->account->login != NULL && g_ascii_strcasecmp(person->account->login, typed) == 0;
}

guint lk_user_meant(GListModel *users, const char *typed)
{
	g_autofree char *login = g_strstrip(g_strdup(typed));
	guint count = MIN(g_list_model_get_n_items(users), LOOKED_THROUGH);

	for (guint i = 0; i < count; i++) {
		g_autoptr(LkUser) user = g_list_model_get_item(users, i);

		if (is_login(user, login))
			return i;
	}
	return 0;
}
