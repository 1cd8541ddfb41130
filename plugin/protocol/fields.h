/* The text in which the directory keeps messages and codes: "1 key=text key=text …", by the grammar in message.h. One
 * table of rules says for a format what it reads and what it writes; for the files of this folder. */
#pragma once

#include <lber.h>
#include <stdbool.h>
#include <stddef.h>

struct lk_field_rule;

struct lk_field_type {
	/* Reads TEXT, still escaped, into FIELD. */
	int (*read)(const struct berval *text, const struct lk_field_rule *rule, void *field);
	/* Appends FIELD as escaped text. */
	int (*write)(BerElement *out, const struct lk_field_rule *rule, const void *field);
	/* Whether FIELD has the value that an absent one stands for; NULL where it is written always. */
	bool (*is_absent)(const void *field);
};

struct lk_field_rule {
	const char *key;
	const struct lk_field_type *type;
	size_t offset; /* of the field in the structure */
	bool required;
	size_t bound; /* the most octets of a text, the greatest number, the octets of a hexadecimal field */
};

extern const struct lk_field_type lk_field_text; /* char[bound + 1]; "" is absent */
extern const struct lk_field_type lk_field_id; /* char[LK_ID_TEXT + 1] */
extern const struct lk_field_type lk_field_time; /* time_t; 0 is absent */
extern const struct lk_field_type lk_field_unsigned; /* unsigned */
extern const struct lk_field_type lk_field_ulong; /* unsigned long */
extern const struct lk_field_type lk_field_hex; /* unsigned char[bound] */

/* Fields that no rule knows are skipped; fields that VALUE has not stay as they are. OBJECT is in no sure state after
 * a failure. At most 32 rules. LK_ERR_MALFORMED, LK_ERR_TOO_LONG, LK_ERR_NOT_UTF8, LK_ERR_VERSION. */
int lk_fields_parse(const struct berval *value, const struct lk_field_rule *rules, size_t rules_count, void *object);

/* In the order of the rules. Free ret_value->bv_val with ber_memfree(). What could not be read again is refused:
 * LK_ERR_MALFORMED, LK_ERR_TOO_LONG, LK_ERR_NOT_UTF8, and LK_ERR_NO_MEMORY. */
int lk_fields_format(
	const void *object, const struct lk_field_rule *rules, size_t rules_count, struct berval *ret_value);

/* Appends TEXT as it is. LK_OK, LK_ERR_NO_MEMORY. */
int lk_fields_put(BerElement *out, const char *text);
