/* What an entry has of printed codes: the ten in one value, and a mark for each that was used. */
#include "overlay.h"

static size_t load_marks(const Entry *entry, struct lk_printed *printed)
{
	Attribute *a = attr_find(entry->e_attrs, lk_schema.printed_used);
	struct lk_printed_use use;
	size_t damaged = 0;

	for (unsigned i = 0; a && i < a->a_numvals; i++) {
		if (lk_printed_use_parse(&a->a_vals[i], &use) != LK_OK)
			damaged++;
		else if (!memcmp(use.salt, printed->set.salt, sizeof use.salt))
			printed->used[use.code] = true;
	}
	return damaged;
}

size_t lk_printed_load(const Entry *entry, struct lk_printed *ret_printed)
{
	Attribute *a = attr_find(entry->e_attrs, lk_schema.printed_codes);

	memset(ret_printed, 0, sizeof *ret_printed);
	if (!a)
		return 0;
	if (lk_printed_set_parse(&a->a_vals[0], &ret_printed->set) != LK_OK)
		return 1;
	ret_printed->value = &a->a_vals[0];
	return load_marks(entry, ret_printed);
}

unsigned lk_printed_left(const struct lk_printed *printed)
{
	unsigned left = 0;

	for (size_t i = 0; printed->value && i < LK_PRINTED_CODES; i++)
		left += !printed->used[i];
	return left;
}

Modifications **lk_printed_append_use(Modifications **tail, const struct lk_printed *printed, size_t code)
{
	struct lk_printed_use use = {.code = (unsigned)code, .server = (unsigned)slap_serverID};
	struct berval value;

	memcpy(use.salt, printed->set.salt, sizeof use.salt);
	if (lk_printed_use_format(&use, &value) != LK_OK)
		return tail;
	tail = lk_mod_append(tail, lk_schema.printed_used, LDAP_MOD_ADD, &value, 1);
	ber_memfree(value.bv_val);
	return tail;
}
