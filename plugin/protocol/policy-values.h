/* The values of a policy's entry, read by rules; for policy-entry.c. They were written by people: what cannot be used
 * is told, and something else stands in for it. */
#pragma once

#include "policy-entry.h"

struct lk_policy_values {
	const struct lk_policy_attribute *attributes;
	size_t attributes_count;
	lk_policy_warning *warn;
	void *context;
	bool out_of_memory; /* then what was returned is not whole */
};

/* Tells that TEXT is wrong with the attribute NAME. */
void lk_policy_complain(const struct lk_policy_values *values, const char *name, const char *text);

/* The value of that index over all attributes of the name: one with options (";lang-ko") counts with the one
 * without. */
const struct berval *lk_policy_value_at(const struct lk_policy_values *values, const char *name, size_t index);
bool lk_policy_is_absent(const struct lk_policy_values *values, const char *name);
/* NULL where there is none, or several. */
const struct berval *lk_policy_only_value(const struct lk_policy_values *values, const char *name);

/* Without regard to case. VALUE may be NULL. */
bool lk_policy_is_word(const struct berval *value, const char *word);
/* Nine digits at most: they hold every bound and overflow nothing. */
bool lk_policy_read_number(const struct berval *value, long *ret_number);
/* With a NUL behind it; freed with free(). */
struct berval lk_policy_copy(struct lk_policy_values *values, const struct berval *from);

/* --- lists: all values of an attribute that can be used ----------------------------------------------------------- */

/* Points *ret_part at the part of VALUE that counts, or returns false where it cannot be used. */
typedef bool lk_policy_take(const struct berval *value, struct berval *ret_part);

struct lk_policy_list_rule {
	const char *name;
	lk_policy_take *take; /* NULL: each as it is */
	const char *defaults[3]; /* where the attribute is absent */
	const char *complaint;
};

lk_strings lk_policy_list(struct lk_policy_values *values, const struct lk_policy_list_rule *rule);
/* Sorts by X-ORDERED prefixes such as "{10}", and takes them off. LIST may be NULL. */
void lk_policy_apply_order(lk_strings list);

lk_policy_take lk_policy_take_attribute, lk_policy_take_ordered_attribute, lk_policy_take_domain;

/* --- numbers and texts: the only value of an attribute ------------------------------------------------------------ */

struct lk_policy_number_rule {
	const char *name;
	long least, most;
	long absent; /* the default */
	long bad; /* where it is doubled, no number or out of range */
	const char *complaint;
};

long lk_policy_number(const struct lk_policy_values *values, const struct lk_policy_number_rule *rule);

struct lk_policy_text_rule {
	const char *name;
	bool (*usable)(const struct berval *value);
	size_t most; /* octets */
	const char *otherwise;
	const char *complaint;
};

struct berval lk_policy_text(struct lk_policy_values *values, const struct lk_policy_text_rule *rule);

bool lk_policy_is_language(const struct berval *value);
bool lk_policy_is_time_zone(const struct berval *value);
bool lk_policy_is_url(const struct berval *value);
bool lk_policy_is_address(const struct berval *value);
