#include "policy-card.h"

#include <string.h>

#include "dn.h"

struct lk_policy_card *lk_policy_card_new(const struct lk_policy_kind *kind)
{
	struct lk_policy_card *card = g_new0(struct lk_policy_card, 1);

	card->kind = kind;
	for (size_t i = 0; i < kind->count; i++)
		card->values[i] = g_new0(char *, 1);
	return card;
}

struct lk_policy_card *lk_policy_card_copy(const struct lk_policy_card *card)
{
	struct lk_policy_card *copy = g_new0(struct lk_policy_card, 1);

	copy->kind = card->kind;
	copy->dn = g_strdup(card->dn);
	copy->name = g_strdup(card->name);
	copy->csn = g_strdup(card->csn);
	copy->ignored = card->ignored;
	for (size_t i = 0; i < card->kind->count; i++)
		copy->values[i] = g_strdupv(card->values[i]);
	return copy;
}

void lk_policy_card_free(struct lk_policy_card *card)
{
	if (card == NULL)
		return;
	for (size_t i = 0; i < card->kind->count; i++)
		g_strfreev(card->values[i]);
	g_free(card->dn);
	g_free(card->name);
	g_free(card->csn);
	g_free(card);
}

void lk_policy_card_set(struct lk_policy_card *card, size_t field, const char *const *values)
{
	char **copy = g_strdupv((char **)values);

	g_strfreev(card->values[field]);
	card->values[field] = copy;
}

void lk_policy_card_complete(struct lk_policy_card *card)
{
	int mode = lk_policy_field_of(card->kind, "latchkeyResetMode");

	if (mode < 0 || card->values[mode][0] != NULL)
		return;
	g_auto(GStrv) preset =
		lk_policy_field_effective(&card->kind->fields[mode], (const char *const *)card->values[mode]);
	lk_policy_card_set(card, (size_t)mode, (const char *const *)preset);
}

static char *fold(const struct lk_policy_field *field, const char *value)
{
	return field->type == LK_FIELD_NAMES ? lk_dn_fold(value) : g_utf8_casefold(value, -1);
}

bool lk_policy_has_value(const struct lk_policy_field *field, const char *const *values, const char *wanted)
{
	g_autofree char *folded = fold(field, wanted);
	bool found = false;

	for (; *values != NULL && !found; values++) {
		g_autofree char *value = fold(field, *values);
		found = strcmp(value, folded) == 0;
	}
	return found;
}

bool lk_policy_same(const struct lk_policy_field *field, const char *const *one, const char *const *other)
{
	bool same = g_strv_length((char **)one) == g_strv_length((char **)other);

	/* Of one text another case is a change: a name, say. */
	if (field->type == LK_FIELD_LINES || field->type == LK_FIELD_TEXT)
		return same && g_strv_equal(one, other);
	for (size_t i = 0; one[i] != NULL && same; i++)
		same = lk_policy_has_value(field, other, one[i]);
	return same;
}

static const char *const *values_of(const struct lk_policy_card *card, size_t field)
{
	return (const char *const *)card->values[field];
}

bool lk_policy_cards_same(const struct lk_policy_card *one, const struct lk_policy_card *other)
{
	bool same = one->kind == other->kind;

	for (size_t i = 0; same && i < one->kind->count; i++)
		same = lk_policy_same(&one->kind->fields[i], values_of(one, i), values_of(other, i));
	return same;
}
