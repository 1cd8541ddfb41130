/* A code that an administrator has caused: for a new user, or in place of a password that was reset. It stands in the
 * user's own entry, so that it is one write with what it comes with; a stranger writes there nothing. It is good for a
 * new password only, is accepted as a mailed code is, and goes with the recovery that uses it or any other. */
#include "overlay.h"

#include <sodium.h>

#include "../protocol/address.h"

static const struct berval no_address = BER_BVC("");

static bool is_equal(const struct berval *address, void *context)
{
	return lk_address_equal(address, context);
}

void lk_own_code_draw(struct lk_own_code *code)
{
	memset(code, 0, sizeof *code);
	lk_code_generate(code->text);
}

/* An address that only the administrator knows binds nothing: it cannot be seen to change. */
int lk_own_code_store(const struct lk_own_code *code, const struct lk_target *target, const struct berval *password,
	const struct lk_outgoing *outgoing, struct berval *ret_value)
{
	struct berval uuid = lk_entry_value(target->entry, slap_schema.si_ad_entryUUID);
	struct berval typed = {LK_CODE_TEXT, (char *)code->text}, to = outgoing->to;
	bool known = lk_target_each_address(target, is_equal, &to);
	struct lk_stored_code stored = {
		.created = target->now, .expires = outgoing->expires, .serial = lk_target_serial(target)};
	char symbols[LK_CODE_SYMBOLS + 1];

	memcpy(stored.id, outgoing->id, sizeof stored.id);
	randombytes_buf(stored.salt, sizeof stored.salt);
	if (BER_BVISEMPTY(&uuid) || lk_code_canonical(&typed, symbols) != LK_OK)
		return LDAP_OTHER;
	lk_code_hash(stored.salt, symbols, &uuid, stored.hash);
	sodium_memzero(symbols, sizeof symbols);
	lk_code_bind(stored.salt, password, password ? 1 : 0, known ? &to : &no_address, stored.bind);
	return lk_stored_code_format(&stored, ret_value) == LK_OK ? LDAP_SUCCESS : LDAP_OTHER;
}

bool lk_own_code_is_bound(const struct lk_target *target, const struct lk_stored_code *code)
{
	Attribute *a = attr_find(target->entry->e_attrs, slap_schema.si_ad_userPassword);
	unsigned char bind[LK_HASH_BYTES];

	if (lk_recovery_code_is_bound(target, code))
		return true;
	lk_code_bind(code->salt, a ? a->a_vals : NULL, a ? a->a_numvals : 0, &no_address, bind);
	return code->serial == lk_target_serial(target) && !sodium_memcmp(bind, code->bind, sizeof bind);
}

/* Finds the code of the message ID, or with NULL any, that is bound. */
static bool find_bound(const struct lk_target *target, const char *id, struct lk_stored_code *ret_code)
{
	Attribute *a = attr_find(target->entry->e_attrs, lk_schema.code);

	for (unsigned i = 0; a && i < a->a_numvals; i++) {
		if (lk_stored_code_parse(&a->a_vals[i], ret_code) == LK_OK && (!id || !strcmp(ret_code->id, id)) &&
			lk_own_code_is_bound(target, ret_code))
			return true;
	}
	return false;
}

bool lk_own_code_is_alive(const struct lk_target *target, const char *id)
{
	struct lk_stored_code code;

	return find_bound(target, id, &code) && code.expires > target->now;
}

bool lk_own_code_is_awaited(const struct lk_target *target)
{
	struct lk_stored_code code;

	return find_bound(target, NULL, &code);
}
