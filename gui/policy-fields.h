/* What a policy says, field by field: of Latchkey's policies, and of slapo-ppolicy's for passwords. The tables say
 * how a field is read, shown and edited. Pure but for the translation. */
#pragma once

#include <glib.h>
#include <stdbool.h>

enum lk_field_type {
	LK_FIELD_NAMES, /* DNs */
	LK_FIELD_LINES, /* several texts */
	LK_FIELD_TEXT,
	LK_FIELD_NUMBER,
	LK_FIELD_SECONDS,
	LK_FIELD_CHOICE, /* one of the words; what is none of them counts as the first */
	LK_FIELD_FLAGS, /* several of the words */
	LK_FIELD_SWITCH, /* TRUE or FALSE */
};

struct lk_field_word {
	const char *value;
	const char *words; /* to be translated */
};

/* The parts in which a policy is shown. */
enum lk_policy_part {
	LK_PART_SCOPE,
	LK_PART_RESETS,
	LK_PART_ROLES,
	LK_PART_RECOVERY,
	LK_PART_TEMPORARY,
	LK_PART_MAILS,
	LK_PART_PASSWORDS,
	LK_PART_EXPIRY,
	LK_PART_LOCKS,
	LK_PARTS,
};

struct lk_policy_field {
	const char *attribute;
	enum lk_field_type type;
	enum lk_policy_part part;
	const char *title; /* to be translated, like the other words */
	const char *unit; /* the title of its row where it is edited in another unit: days, say; or NULL */
	long in_unit; /* seconds, for LK_FIELD_SECONDS */
	long least, most; /* of a number, as it is stored */
	const char *preset; /* what counts where it is absent, words with spaces between; "" for nothing */
	const char *zero; /* what 0 says; or NULL */
	const struct lk_field_word *words; /* of LK_FIELD_CHOICE and LK_FIELD_FLAGS; ended by a value that is NULL */
	const char *none; /* the value of LK_FIELD_FLAGS for no word at all; or NULL */
	const char *hint; /* how it has to be; or NULL */
};

#define LK_POLICY_FIELDS_MOST 32

/* A kind of policy. */
struct lk_policy_kind {
	const char *object_class;
	const struct lk_policy_field *fields;
	size_t count;
};

extern const struct lk_policy_kind lk_policy_of_recovery; /* latchkeyPolicy */
extern const struct lk_policy_kind lk_policy_of_passwords; /* pwdPolicy */

/* The place of ATTRIBUTE among the fields of KIND; -1 for none. */
int lk_policy_field_of(const struct lk_policy_kind *kind, const char *attribute);

/* Translated. */
const char *lk_policy_part_title(enum lk_policy_part part);

/* SECONDS as people say it: "15 minutes". Free it with g_free(). */
char *lk_policy_duration(long seconds);

/* What VALUES of FIELD say, in words, one a line where there are several; "" where they say nothing. With their
 * preset for none. Free it with g_free(). */
char *lk_policy_field_words(const struct lk_policy_field *field, const char *const *values);

/* The values that count for FIELD: VALUES, or those of its preset where there are none. Free it with g_strfreev(). */
char **lk_policy_field_effective(const struct lk_policy_field *field, const char *const *values);

/* The lines of PART of a policy with VALUES (one list for each field of KIND); "" where it has nothing to say.
 * Free it with g_free(). */
char *lk_policy_part_words(const struct lk_policy_kind *kind, enum lk_policy_part part, char *const *const *values);
