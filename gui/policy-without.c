#include "policy-without.h"

#include <glib/gi18n.h>
#include <string.h>

#include "dn.h"
#include "text.h"

static char **values_of(const struct lk_policy_card *card, const char *attribute)
{
	return card->values[lk_policy_field_of(card->kind, attribute)];
}

static bool is_self_service(const struct lk_policy_card *card)
{
	const char *mode = values_of(card, "latchkeyResetMode")[0];

	return mode == NULL || g_ascii_strcasecmp(mode, "adminReset") != 0;
}

static bool is_another(const struct lk_policy_card *card, const struct lk_policy_card *other)
{
	return other->kind == card->kind && strcmp(other->dn, card->dn) != 0;
}

/* How near the policy is to DN: the depth of its deepest subtree around it; -1: it governs something else. */
static int nearness(const struct lk_policy_card *card, const char *dn)
{
	int nearest = -1;

	for (char **scope = values_of(card, "latchkeyScope"); *scope != NULL; scope++)
		nearest = MAX(nearest, lk_dn_depth_below(dn, *scope));
	return nearest;
}

static const struct lk_policy_card *next_above(
	const struct lk_policy_card *card, const GPtrArray *cards, const char *scope)
{
	const struct lk_policy_card *next = NULL;
	int nearest = -1;

	for (guint i = 0; i < cards->len; i++) {
		const struct lk_policy_card *other = cards->pdata[i];
		int near = is_another(card, other) ? nearness(other, scope) : -1;
		if (near > nearest)
			next = other;
		nearest = MAX(nearest, near);
	}
	return next;
}

static void add_next(
	GString *lines, const struct lk_policy_card *card, const struct lk_policy_card *next, const char *scope)
{
	lk_text_add_line(lines, lk_text_fill(_("Everybody below {name} is governed by the policy “{policy}” from then on."),
								"name", scope, "policy", next->name, NULL));
	if (is_self_service(next) && !is_self_service(card))
		lk_text_add_line(
			lines, g_strdup(_("Nobody resets a password of these users any more, global administrators included: they "
							  "recover by themselves only.")));
	if (!is_self_service(next) && is_self_service(card))
		lk_text_add_line(lines, g_strdup(_("Administrators may reset the passwords of these users.")));
}

static void add_scope(GString *lines, const struct lk_policy_card *card, const GPtrArray *cards, const char *scope)
{
	const struct lk_policy_card *next = next_above(card, cards, scope);

	if (next != NULL)
		add_next(lines, card, next, scope);
	else
		lk_text_add_line(
			lines, lk_text_fill(_("No policy governs anybody below {name} any more: users there cannot recover their "
								  "accounts, and whoever slapd lets write a password resets it."),
					   "name", scope, NULL));
}

static bool has_roles(const struct lk_policy_card *card)
{
	return values_of(card, "latchkeyGlobalAdmins")[0] != NULL || values_of(card, "latchkeyPasswordAdmins")[0] != NULL ||
		   values_of(card, "latchkeyAuditors")[0] != NULL;
}

static bool is_last(const struct lk_policy_card *card, const GPtrArray *cards)
{
	for (guint i = 0; i < cards->len; i++) {
		if (is_another(card, cards->pdata[i]))
			return false;
	}
	return true;
}

char *lk_policy_without(const struct lk_policy_card *card, const GPtrArray *cards)
{
	GString *lines = g_string_new(NULL);

	for (char **scope = values_of(card, "latchkeyScope"); *scope != NULL; scope++)
		add_scope(lines, card, cards, *scope);
	if (is_last(card, cards))
		lk_text_add_line(
			lines, g_strdup(_("It is the last policy: nobody is an administrator in this app then, and only "
							  "whoever runs the directory can write another.")));
	else if (has_roles(card))
		lk_text_add_line(
			lines, g_strdup(_("Its administrators and auditors keep only the roles that other policies give them.")));
	return g_string_free(lines, FALSE);
}
