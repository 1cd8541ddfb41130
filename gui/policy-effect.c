#include "policy-effect.h"

#include "entry.h"
#include "search.h"

/* Of an entry that a policy governs the directory says what it would answer to a reset, whatever that is. An entry that may
 * not be seen says nothing of the policy. */
static int look_at_scope(
	struct lk_connection *connection, const char *scope, GCancellable *cancellable, bool *ret_ignored)
{
	static const char *const wanted[] = {"latchkeyResetVerdict", NULL};
	struct lk_search search = {
		.base = scope, .scope = LDAP_SCOPE_BASE, .filter = "(objectClass=*)", .attributes = wanted};
	LDAPMessage *message = NULL;
	int rc = lk_search(connection, &search, cancellable, &message);
	LDAPMessage *entry = rc == LDAP_SUCCESS ? ldap_first_entry(connection->ld, message) : NULL;

	if (entry != NULL) {
		g_auto(GStrv) verdicts = lk_entry_values(connection->ld, entry, wanted[0]);
		*ret_ignored = verdicts[0] == NULL;
	}
	ldap_msgfree(message);
	return rc;
}

int lk_policy_effect(struct lk_connection *connection, GCancellable *cancellable, GPtrArray *cards)
{
	for (guint i = 0; i < cards->len; i++) {
		struct lk_policy_card *card = cards->pdata[i];
		const char *scope = card->values[lk_policy_field_of(card->kind, "latchkeyScope")][0];
		int rc = scope == NULL ? LDAP_SUCCESS : look_at_scope(connection, scope, cancellable, &card->ignored);
		if (lk_connection_is_lost(rc) || rc == LDAP_USER_CANCELLED || rc == LDAP_TIMEOUT)
			return rc;
	}
	return LDAP_SUCCESS;
}
