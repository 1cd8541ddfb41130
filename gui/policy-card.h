/* The values of a policy. Pure. */
#pragma once

#include "policy-fields.h"

/* A policy as its entry has it. */
struct lk_policy_card {
	const struct lk_policy_kind *kind;
	char *dn; /* NULL for one that is not there yet */
	char *name;
	char *csn; /* entryCSN, by which a change is noticed; NULL where it may not be read, and before it is there */
	bool ignored; /* the directory keeps to no policy at all below its subtree */
	char **values[LK_POLICY_FIELDS_MOST]; /* for each field of KIND, ended by NULL; never NULL */
};

/* With no values. */
struct lk_policy_card *lk_policy_card_new(const struct lk_policy_kind *kind);
struct lk_policy_card *lk_policy_card_copy(const struct lk_policy_card *card);
void lk_policy_card_free(struct lk_policy_card *card); /* takes NULL */

/* Replaces the values of field number FIELD by a copy of VALUES. */
void lk_policy_card_set(struct lk_policy_card *card, size_t field, const char *const *values);

/* Writes out what a policy should not leave to its absence: who may reset. */
void lk_policy_card_complete(struct lk_policy_card *card);

/* Whether two lists have the same values, the case and the order apart. Those of LK_FIELD_LINES are in order. */
bool lk_policy_same(const struct lk_policy_field *field, const char *const *one, const char *const *other);

/* Whether WANTED is among VALUES, in another spelling perhaps. */
bool lk_policy_has_value(const struct lk_policy_field *field, const char *const *values, const char *wanted);

/* Whether two cards of one kind say the same in every field. */
bool lk_policy_cards_same(const struct lk_policy_card *one, const struct lk_policy_card *other);
