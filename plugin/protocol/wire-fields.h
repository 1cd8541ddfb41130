/* Values that are one flat SEQUENCE: a table of rules says for each what its elements are, in their order, and serves
 * for writing and reading. For the files of this folder. */
#pragma once

#include <lber.h>
#include <stdbool.h>
#include <stddef.h>

#include "decoder.h"
#include "encoder.h"

struct lk_wire_rule;

struct lk_wire_type {
	int (*read)(struct lk_decoder *decoder, const struct lk_wire_rule *rule, void *ret_field);
	void (*write)(struct lk_encoder *encoder, const struct lk_wire_rule *rule, const void *field);
	/* Whether FIELD stands for no element; BY_DEFAULT: the field as it is without one. */
	bool (*is_absent)(const void *field, const void *by_default);
	/* How much room its contents need beyond LK_ELEMENT_SPACE; NULL: none. */
	size_t (*octets)(const void *field);
};

struct lk_wire_rule {
	ber_tag_t tag;
	const struct lk_wire_type *type;
	size_t offset; /* of the field in the structure */
	struct lk_bounds bounds; /* octets of a string; the least and the greatest number */
	bool optional;
};

struct lk_wire_format {
	const struct lk_wire_rule *rules;
	size_t rules_count;
	size_t size; /* of the structure, LK_WIRE_SIZE_MAX at most */
	const void *defaults; /* the structure where nothing optional is there; NULL: all is zero */
};

#define LK_WIRE_SIZE_MAX 256
#define LK_WIRE_FORMAT(structure, rules)                                                                               \
	{                                                                                                                  \
		(rules), sizeof(rules) / sizeof(*(rules)), sizeof(structure), NULL                                             \
	}

extern const struct lk_wire_type lk_wire_octets; /* struct berval; bv_val NULL is absent */
extern const struct lk_wire_type lk_wire_text; /* the same, of UTF-8 without control characters */
extern const struct lk_wire_type lk_wire_id; /* char[LK_ID_TEXT + 1]; "" is absent */
extern const struct lk_wire_type lk_wire_number; /* int */
extern const struct lk_wire_type lk_wire_boolean; /* bool; what it is by default is absent */
extern const struct lk_wire_type lk_wire_time; /* time_t; what it is by default is absent */

/* VALUE is a structure of FORMAT. *ret_ber is freed with lk_wire_free(). What could not be read again is refused:
 * LK_ERR_MALFORMED, LK_ERR_TOO_LONG, LK_ERR_NOT_UTF8, and LK_ERR_NO_MEMORY. */
int lk_wire_encode_fields(const struct lk_wire_format *format, const void *value, struct berval **ret_ber);

/* Strings in *ret_value point into BER; it stays as it is after a failure. LK_ERR_MALFORMED, LK_ERR_TOO_LONG,
 * LK_ERR_NOT_UTF8, LK_ERR_NO_MEMORY. */
int lk_wire_decode_fields(const struct lk_wire_format *format, const struct berval *ber, void *ret_value);
