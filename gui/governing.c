#include "governing.h"

#include "dn.h"
#include "entry.h"
#include "search.h"
#include "text.h"

int lk_governing_read(struct lk_connection *connection, GCancellable *cancellable, LDAPMessage **ret_policies)
{
	static const char *const wanted[] = {"cn", "latchkeyScope", "latchkeyMethod", "latchkeyMethodsRequired",
		"latchkeyResetMode", "latchkeyEnforcement", "latchkeyReasonRequired", NULL};
	LDAPMessage *message = NULL;
	int rc = lk_search_policies(connection, wanted, cancellable, &message);

	if (message != NULL)
		*ret_policies = message;
	return rc;
}

/* How near the policy ENTRY is to DN: the depth of its deepest scope above it; -1: it governs something else. */
static int nearness(LDAP *ld, LDAPMessage *entry, const char *dn)
{
	char **scopes = lk_entry_values(ld, entry, "latchkeyScope");
	int nearest = -1;

	for (size_t i = 0; scopes[i] != NULL; i++)
		nearest = MAX(nearest, lk_dn_depth_below(dn, scopes[i]));
	g_strfreev(scopes);
	return nearest;
}

static bool has_value(LDAP *ld, LDAPMessage *entry, const char *attribute, const char *value)
{
	char **values = lk_entry_values(ld, entry, attribute);
	bool has = values[0] != NULL && g_ascii_strcasecmp(values[0], value) == 0;

	g_strfreev(values);
	return has;
}

static void take_name(LDAP *ld, LDAPMessage *entry, struct lk_rules *rules)
{
	char **names = lk_entry_values(ld, entry, "cn");
	char *clean = lk_text_clean(names[0]);

	g_utf8_strncpy(rules->policy, clean, MIN((gsize)g_utf8_strlen(clean, -1), LK_RULES_NAME_MAX));
	g_free(clean);
	g_strfreev(names);
}

static void take_policy(LDAP *ld, LDAPMessage *entry, struct lk_rules *rules)
{
	char **methods = lk_entry_values(ld, entry, "latchkeyMethod");

	rules->recovery_known = true;
	rules->methods = lk_rules_methods((const char *const *)methods);
	rules->required = lk_entry_number(ld, entry, "latchkeyMethodsRequired", 1);
	rules->resets = has_value(ld, entry, "latchkeyResetMode", "adminReset");
	rules->observes = has_value(ld, entry, "latchkeyEnforcement", "observe");
	rules->wants_reason = has_value(ld, entry, "latchkeyReasonRequired", "TRUE");
	take_name(ld, entry, rules);
	g_strfreev(methods);
}

void lk_governing_take(LDAP *ld, LDAPMessage *policies, const char *dn, struct lk_rules *rules)
{
	int nearest = -1;

	for (LDAPMessage *entry = policies == NULL ? NULL : ldap_first_entry(ld, policies); entry != NULL;
		 entry = ldap_next_entry(ld, entry)) {
		int near = nearness(ld, entry, dn);
		if (near > nearest)
			take_policy(ld, entry, rules);
		nearest = MAX(nearest, near);
	}
}
