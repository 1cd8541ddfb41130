#include "bulk-roll.h"

#include <glib/gi18n.h>

#include "dn.h"

struct lk_bulk_roll {
	char **names;
	guint taken; /* so many of them */
	char *own; /* folded; or NULL */
	GHashTable *seen; /* DNs, folded */
};

struct lk_bulk_roll *lk_bulk_roll_new(const char *const *names, const char *own)
{
	struct lk_bulk_roll *roll = g_new0(struct lk_bulk_roll, 1);

	roll->names = g_strdupv((char **)names);
	roll->own = own == NULL ? NULL : lk_dn_fold(own);
	roll->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return roll;
}

void lk_bulk_roll_free(struct lk_bulk_roll *roll)
{
	if (roll == NULL)
		return;
	g_strfreev(roll->names);
	g_free(roll->own);
	g_hash_table_unref(roll->seen);
	g_free(roll);
}

const char **lk_bulk_roll_next(const struct lk_bulk_roll *roll, guint most)
{
	const char **some = g_new0(const char *, most + 1);

	for (guint i = 0; i < most && roll->names[roll->taken + i] != NULL; i++)
		some[i] = roll->names[roll->taken + i];
	if (some[0] == NULL)
		g_clear_pointer(&some, g_free);
	return some;
}

static char *why_not(struct lk_bulk_roll *roll, const struct lk_found *found)
{
	if (found->rc == LDAP_NO_SUCH_OBJECT)
		return g_strdup(_("Nobody whom you may see has this user name, mail address or employee number."));
	if (found->rc == LDAP_MORE_RESULTS_TO_RETURN)
		return g_strdup(_("Several users answer to this name."));
	if (found->rc != LDAP_SUCCESS) {
		g_autoptr(GError) error = lk_error_new(LK_STEP_READ, found->rc, NULL);
		return g_strdup(error->message);
	}
	g_autofree char *dn = lk_dn_fold(found->person->account->dn);
	if (g_strcmp0(dn, roll->own) == 0)
		return g_strdup(_("This is your own account. Change your password under “My account”."));
	if (!g_hash_table_add(roll->seen, g_steal_pointer(&dn)))
		return g_strdup(_("The list names this user more than once."));
	return lk_error_verdict(found->person->account->verdict);
}

char *lk_bulk_roll_take(struct lk_bulk_roll *roll, const struct lk_found *found)
{
	roll->taken++;
	return why_not(roll, found);
}
