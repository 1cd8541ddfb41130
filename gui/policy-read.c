#include "policy-read.h"

#include <stdlib.h>
#include <string.h>

#include "entry.h"
#include "search.h"

/* Of "{10}mail", which slapd writes for values in an order, the 10; those without stand behind. */
static long order_of(const char *value)
{
	return *value == '{' && strchr(value, '}') != NULL ? strtol(value + 1, NULL, 10) : LONG_MAX;
}

static int compare_order(const void *a, const void *b)
{
	long one = order_of(*(char *const *)a), other = order_of(*(char *const *)b);

	return one < other ? -1 : one > other;
}

static void apply_order(char **values)
{
	qsort(values, g_strv_length(values), sizeof *values, compare_order);
	for (; *values != NULL; values++) {
		char *bare = order_of(*values) == LONG_MAX ? NULL : g_strdup(strchr(*values, '}') + 1);
		if (bare == NULL)
			continue;
		g_free(*values);
		*values = bare;
	}
}

static char *first_value(LDAP *ld, LDAPMessage *entry, const char *attribute)
{
	g_auto(GStrv) values = lk_entry_values(ld, entry, attribute);

	return g_strdup(values[0]);
}

static struct lk_policy_card *read_card(LDAP *ld, LDAPMessage *entry, const struct lk_policy_kind *kind)
{
	struct lk_policy_card *card = lk_policy_card_new(kind);
	char *dn = ldap_get_dn(ld, entry);

	card->dn = g_strdup(dn);
	ldap_memfree(dn);
	card->name = first_value(ld, entry, "cn");
	if (card->name == NULL)
		card->name = g_strdup(card->dn);
	card->csn = first_value(ld, entry, "entryCSN");
	for (size_t i = 0; i < kind->count; i++) {
		g_auto(GStrv) values = lk_entry_values(ld, entry, kind->fields[i].attribute);
		if (kind->fields[i].type == LK_FIELD_LINES)
			apply_order(values);
		lk_policy_card_set(card, i, (const char *const *)values);
	}
	return card;
}

int lk_policy_read(struct lk_connection *connection, const struct lk_policy_kind *kind, const char *dn,
	GCancellable *cancellable, GPtrArray *cards)
{
	const char *wanted[LK_POLICY_FIELDS_MOST + 3] = {"cn", "entryCSN"};
	g_autofree char *filter = g_strdup_printf("(objectClass=%s)", kind->object_class);
	struct lk_search search = {.base = dn == NULL ? connection->base : dn,
		.scope = dn == NULL ? LDAP_SCOPE_SUBTREE : LDAP_SCOPE_BASE,
		.filter = filter,
		.attributes = wanted};
	LDAPMessage *message = NULL;

	for (size_t i = 0; i < kind->count; i++)
		wanted[i + 2] = kind->fields[i].attribute;
	int rc = lk_search(connection, &search, cancellable, &message);
	for (LDAPMessage *entry = message == NULL ? NULL : ldap_first_entry(connection->ld, message); entry != NULL;
		 entry = ldap_next_entry(connection->ld, entry))
		g_ptr_array_add(cards, read_card(connection->ld, entry, kind));
	ldap_msgfree(message);
	return rc;
}
