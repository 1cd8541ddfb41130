#include "policy-look.h"

#include <ldap_schema.h>
#include <string.h>

#include "dn.h"
#include "entry.h"
#include "policy-read.h"
#include "search.h"

/* So many entries are looked at for a member who exists, groups in groups included. */
#define MOST_MEMBERS 200

struct look {
	struct lk_connection *connection;
	GCancellable *cancellable;
	struct lk_findings *findings;
};

static bool ends_it(int rc)
{
	return lk_connection_is_lost(rc) || rc == LDAP_USER_CANCELLED || rc == LDAP_TIMEOUT;
}

static int read_entry(const struct look *look, const char *dn, const char *const *attributes, LDAPMessage **ret_message)
{
	struct lk_search search = {
		.base = dn, .scope = LDAP_SCOPE_BASE, .filter = "(objectClass=*)", .attributes = attributes};
	LDAPMessage *message = NULL;
	int rc = lk_search(look->connection, &search, look->cancellable, &message);

	if (rc == LDAP_SUCCESS && ldap_first_entry(look->connection->ld, message) == NULL)
		rc = LDAP_NO_SUCH_OBJECT;
	if (rc == LDAP_SUCCESS)
		*ret_message = message;
	else
		ldap_msgfree(message);
	return rc;
}

/* The DNs of the members of the entry DN into *ret_members, to be freed with g_strfreev(); the same codes. */
static int read_members(const struct look *look, const char *dn, char ***ret_members)
{
	static const char *const wanted[] = {"member", "uniqueMember", NULL};
	LDAPMessage *message = NULL;
	int rc = read_entry(look, dn, wanted, &message);

	if (rc != LDAP_SUCCESS)
		return rc;
	LDAPMessage *entry = ldap_first_entry(look->connection->ld, message);
	char **members = lk_entry_values(look->connection->ld, entry, wanted[0]);
	if (members[0] == NULL) {
		g_strfreev(members);
		members = lk_entry_values(look->connection->ld, entry, wanted[1]);
	}
	*ret_members = members;
	ldap_msgfree(message);
	return LDAP_SUCCESS;
}

/* -- Names -- */

static int look_at_name(const struct look *look, const struct lk_policy_field *field, const char *dn)
{
	g_auto(GStrv) members = NULL;

	if (!lk_dn_is(dn)) {
		lk_findings_add(look->findings, LK_FINDING_NO_DN, dn, NULL);
		return LDAP_SUCCESS;
	}
	int rc = read_members(look, dn, &members);
	if (ends_it(rc))
		return rc;
	if (rc != LDAP_SUCCESS)
		lk_findings_add(look->findings, LK_FINDING_NO_ENTRY, dn, NULL);
	else if (field->part == LK_PART_ROLES && members[0] == NULL)
		lk_findings_add(look->findings, LK_FINDING_NO_GROUP, dn, NULL);
	return LDAP_SUCCESS;
}

static int look_at_names(const struct look *look, const struct lk_policy_card *card)
{
	int rc = LDAP_SUCCESS;

	for (size_t i = 0; i < card->kind->count && rc == LDAP_SUCCESS; i++) {
		if (card->kind->fields[i].type != LK_FIELD_NAMES)
			continue;
		for (size_t j = 0; card->values[i][j] != NULL && rc == LDAP_SUCCESS; j++)
			rc = look_at_name(look, &card->kind->fields[i], card->values[i][j]);
	}
	return rc;
}

/* -- Who is left -- */

static bool is_oneself(const struct look *look, const char *dn)
{
	g_autofree char *folded = lk_dn_fold(dn),
					*own = lk_dn_fold(look->connection->dn == NULL ? "" : look->connection->dn);

	return strcmp(folded, own) == 0;
}

/* Takes over MEMBERS. */
static void queue_members(const struct look *look, char **members, GHashTable *seen, GQueue *queue)
{
	for (char **member = members; *member != NULL; member++) {
		look->findings->oneself = look->findings->oneself || is_oneself(look, *member);
		if (g_hash_table_add(seen, lk_dn_fold(*member)))
			g_queue_push_tail(queue, *member);
		else
			g_free(*member);
	}
	g_free(members);
}

/* Groups in groups, until somebody is found, and oneself. */
static int search_members(const struct look *look, GHashTable *seen, GQueue *queue)
{
	struct lk_findings *findings = look->findings;

	for (int looked = 0; looked < MOST_MEMBERS && !g_queue_is_empty(queue); looked++) {
		g_autofree char *dn = g_queue_pop_head(queue);
		char **members = NULL;
		if (findings->somebody && findings->oneself)
			return LDAP_SUCCESS;
		int rc = read_members(look, dn, &members);
		if (ends_it(rc))
			return rc;
		if (rc != LDAP_SUCCESS)
			continue;
		findings->somebody = findings->somebody || members[0] == NULL;
		queue_members(look, members, seen, queue);
	}
	return LDAP_SUCCESS;
}

static bool has_entry(const struct look *look)
{
	static const char *const nothing[] = {LDAP_NO_ATTRS, NULL};
	LDAPMessage *message = NULL;
	bool has =
		look->connection->dn != NULL && read_entry(look, look->connection->dn, nothing, &message) == LDAP_SUCCESS;

	ldap_msgfree(message);
	return has;
}

static int look_for_administrators(const struct look *look, const struct lk_policy_card *card)
{
	int field = lk_policy_field_of(card->kind, "latchkeyGlobalAdmins");
	GHashTable *seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	GQueue queue = G_QUEUE_INIT;
	int rc = LDAP_SUCCESS;

	look->findings->oneself = !has_entry(look);
	/* A group stands in the queue though nobody is in it: it is no somebody. */
	for (char **group = card->values[field]; *group != NULL && rc == LDAP_SUCCESS; group++) {
		char **members = NULL;
		if (lk_dn_is(*group) && g_hash_table_add(seen, lk_dn_fold(*group)))
			rc = read_members(look, *group, &members);
		if (rc == LDAP_SUCCESS && members != NULL)
			queue_members(look, members, seen, &queue);
		if (!ends_it(rc))
			rc = LDAP_SUCCESS;
	}
	if (rc == LDAP_SUCCESS)
		rc = search_members(look, seen, &queue);
	g_queue_clear_full(&queue, g_free);
	g_hash_table_unref(seen);
	return rc;
}

/* -- The schema -- */

static void add_names(GHashTable *known, const char *definition)
{
	const char *at = "";
	int code = 0;
	LDAPAttributeType *type = ldap_str2attributetype(definition, &code, &at, LDAP_SCHEMA_ALLOW_ALL);

	if (type == NULL)
		return;
	g_hash_table_add(known, g_ascii_strdown(type->at_oid, -1));
	for (char **name = type->at_names; name != NULL && *name != NULL; name++)
		g_hash_table_add(known, g_ascii_strdown(*name, -1));
	ldap_attributetype_free(type);
}

/* The names and object identifiers of all attributes, in small letters; empty where the schema cannot be read. */
static int read_schema(const struct look *look, GHashTable *known)
{
	static const char *const where[] = {"subschemaSubentry", NULL}, *const what[] = {"attributeTypes", NULL};
	LDAP *ld = look->connection->ld;
	LDAPMessage *message = NULL;
	int rc = read_entry(look, "", where, &message);

	if (rc != LDAP_SUCCESS)
		return ends_it(rc) ? rc : LDAP_SUCCESS;
	g_auto(GStrv) subentries = lk_entry_values(ld, ldap_first_entry(ld, message), where[0]);
	ldap_msgfree(message);
	message = NULL;
	rc = subentries[0] == NULL ? LDAP_NO_SUCH_OBJECT : read_entry(look, subentries[0], what, &message);
	if (rc != LDAP_SUCCESS)
		return ends_it(rc) ? rc : LDAP_SUCCESS;
	g_auto(GStrv) definitions = lk_entry_values(ld, ldap_first_entry(ld, message), what[0]);
	ldap_msgfree(message);
	for (size_t i = 0; definitions[i] != NULL; i++)
		add_names(known, definitions[i]);
	return LDAP_SUCCESS;
}

static void look_at_attributes(const struct look *look, const struct lk_policy_card *card, GHashTable *known)
{
	static const char *const fields[] = {"latchkeyAddressAttribute", "latchkeyLoginAttribute"};

	for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
		for (char **value = card->values[lk_policy_field_of(card->kind, fields[i])]; *value != NULL; value++) {
			g_autofree char *name = g_ascii_strdown(*value, (gssize)strcspn(*value, ";"));
			if (g_hash_table_size(known) > 0 && !g_hash_table_contains(known, name))
				lk_findings_add(look->findings, LK_FINDING_NO_ATTRIBUTE, *value, NULL);
		}
	}
}

static int look_at_schema(const struct look *look, const struct lk_policy_card *card)
{
	GHashTable *known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	int rc = read_schema(look, known);

	if (rc == LDAP_SUCCESS)
		look_at_attributes(look, card, known);
	g_hash_table_unref(known);
	return rc;
}

/* -- Other policies, and the filter -- */

static void look_for_same_scope(
	const struct look *look, const struct lk_policy_card *card, const struct lk_policy_card *other)
{
	int field = lk_policy_field_of(card->kind, "latchkeyScope");

	for (char **scope = card->values[field]; *scope != NULL; scope++) {
		const char *const one[] = {*scope, NULL};
		for (char **taken = other->values[field]; *taken != NULL; taken++) {
			const char *const another[] = {*taken, NULL};
			if (lk_policy_same(&card->kind->fields[field], one, another))
				lk_findings_add(look->findings, LK_FINDING_TAKEN, *scope, other->name);
		}
	}
}

static bool is_another(const struct lk_policy_card *card, const struct lk_policy_card *other)
{
	g_autofree char *dn = lk_dn_fold(card->dn == NULL ? "" : card->dn), *other_dn = lk_dn_fold(other->dn);

	return strcmp(dn, other_dn) != 0;
}

static void card_free(gpointer card)
{
	lk_policy_card_free(card);
}

static int look_at_others(const struct look *look, const struct lk_policy_card *card)
{
	GPtrArray *others = g_ptr_array_new_with_free_func(card_free);
	int rc = lk_policy_read(look->connection, card->kind, NULL, look->cancellable, others);

	for (guint i = 0; i < others->len; i++) {
		if (is_another(card, others->pdata[i]))
			look_for_same_scope(look, card, others->pdata[i]);
	}
	g_ptr_array_unref(others);
	return ends_it(rc) ? rc : LDAP_SUCCESS;
}

/* libldap reads a filter before it sends anything. */
static int look_at_filter(const struct look *look, const struct lk_policy_card *card)
{
	static const char *const nothing[] = {LDAP_NO_ATTRS, NULL};
	const char *filter = card->values[lk_policy_field_of(card->kind, "latchkeyExclude")][0];
	struct lk_search search = {.base = "", .scope = LDAP_SCOPE_BASE, .filter = filter, .attributes = nothing};
	LDAPMessage *message = NULL;

	if (filter == NULL)
		return LDAP_SUCCESS;
	int rc = *filter == '(' ? lk_search(look->connection, &search, look->cancellable, &message) : LDAP_FILTER_ERROR;
	ldap_msgfree(message);
	if (rc == LDAP_FILTER_ERROR)
		lk_findings_add(look->findings, LK_FINDING_NO_FILTER, filter, NULL);
	return ends_it(rc) ? rc : LDAP_SUCCESS;
}

/* A new policy has no stamp yet: what it is to stand below has to be there. */
static int look_at_place(const struct look *look, const struct lk_policy_card *card)
{
	int scope = lk_policy_field_of(card->kind, "latchkeyScope");

	return card->csn != NULL ? LDAP_SUCCESS : look_at_name(look, &card->kind->fields[scope], lk_dn_parent(card->dn));
}

int lk_policy_look(struct lk_connection *connection, const struct lk_policy_card *card, GCancellable *cancellable,
	struct lk_findings *findings)
{
	static int (*const looks[])(const struct look *look, const struct lk_policy_card *card) = {
		look_at_place, look_at_names, look_for_administrators, look_at_schema, look_at_others, look_at_filter};
	struct look look = {connection, cancellable, findings};
	int rc = LDAP_SUCCESS;

	for (size_t i = 0; i < G_N_ELEMENTS(looks) && rc == LDAP_SUCCESS; i++)
		rc = looks[i](&look, card);
	return rc;
}
