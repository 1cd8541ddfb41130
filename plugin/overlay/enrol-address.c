/* AddressAdd and AddressProve: a recovery address counts when its owner has shown the code that was mailed there. */
#include "overlay.h"

#include <sodium.h>

#include "../protocol/address.h"
#include "../protocol/pending-address.h"
#include "../protocol/wire-enrol.h"

#define PROOF_SECONDS 3600 /* how long the code can be used */
#define PROOFS_AN_HOUR 5 /* mails: more of them go to strangers, or nowhere */

static const char attribute_name[] = "latchkeyRecoveryAddress";

static bool counts_here(const struct lk_policy *policy)
{
	for (size_t i = 0; policy->address_attributes && policy->address_attributes[i].bv_val; i++) {
		if (!strcasecmp(policy->address_attributes[i].bv_val, attribute_name))
			return true;
	}
	return false;
}

static bool is_known(const struct berval *address, void *context)
{
	return lk_address_equal(address, context);
}

static int mails_of_last_hour(const Entry *entry, time_t now)
{
	Attribute *a = attr_find(entry->e_attrs, lk_schema.message);
	int found = 0;

	for (unsigned i = 0; a && i < a->a_numvals; i++) {
		struct lk_message message;

		found += lk_message_parse(&a->a_vals[i], &message) == LK_OK && message.kind == LK_KIND_ADDRESS_PROOF &&
				 message.created + 3600 > now;
	}
	return found;
}

static int check_address(SlapReply *rs, const struct lk_target *target, struct berval *address, time_t now)
{
	if (LK_GUARD("enrolled-address-form", lk_address_check_reachable(address) != LK_OK))
		return lk_fail(
			rs, LDAP_INVALID_SYNTAX, "this is neither one plain mail address nor a telephone number (tel:+)");
	if (LK_GUARD("enrolled-address-counts", !counts_here(target->governance.policy)))
		return lk_fail(
			rs, LDAP_UNWILLING_TO_PERFORM, "the policy of this account takes no recovery addresses from users");
	if (LK_GUARD("enrolled-address-inside", lk_target_is_inside(target, address)))
		return lk_fail(rs, LDAP_UNWILLING_TO_PERFORM,
			"this is a mailbox that the lost password itself opens: give an address elsewhere");
	if (LK_GUARD("enrolled-address-known", lk_target_each_address(target, is_known, address)))
		return lk_fail(rs, LDAP_TYPE_OR_VALUE_EXISTS, "this address counts already");
	if (LK_GUARD("proofs-an-hour", mails_of_last_hour(target->entry, now) >= PROOFS_AN_HOUR))
		return lk_fail(rs, LDAP_ADMINLIMIT_EXCEEDED, "too many messages to prove an address: try again in an hour");
	return LDAP_SUCCESS;
}

/* The stored form of what waits for the code CODE; freed with ber_memfree(). */
static int make_pending(const struct lk_target *target, const struct berval *address, const struct berval *code,
	time_t now, struct berval *ret_stored)
{
	struct berval uuid = lk_entry_value(target->entry, slap_schema.si_ad_entryUUID);
	struct lk_pending_address pending = {.created = now, .expires = now + PROOF_SECONDS};
	char symbols[LK_CODE_SYMBOLS + 1];

	if (BER_BVISEMPTY(&uuid) || lk_code_canonical(code, symbols) != LK_OK)
		return LK_ERR_MALFORMED;
	memcpy(pending.to, address->bv_val, address->bv_len);
	randombytes_buf(pending.salt, sizeof pending.salt);
	lk_code_hash(pending.salt, symbols, &uuid, pending.hash);
	sodium_memzero(symbols, sizeof symbols);
	return lk_pending_address_format(&pending, ret_stored);
}

/* The code and its mail are one write, as everywhere. */
static int send_code(Operation *op, SlapReply *rs, const struct lk_target *target, const struct lk_address_add *request,
	const struct berval *code)
{
	struct lk_outgoing outgoing = {
		.kind = LK_KIND_ADDRESS_PROOF,
		.expires = op->o_time + PROOF_SECONDS,
		.to = request->address,
		.language = lk_target_language(target, &request->locale),
		.secret = *code,
	};
	struct berval pending, message, sealed;
	Modifications *mods = NULL, **tail = &mods;

	if (make_pending(target, &request->address, code, op->o_time, &pending) != LK_OK)
		return lk_fail(rs, LDAP_OTHER, "the code cannot be made");
	tail = lk_mod_append(tail, lk_schema.pending_address, LDAP_MOD_REPLACE, &pending, 1);
	ber_memfree(pending.bv_val);
	if (lk_outbox_compose(target, &outgoing, op->o_time, &message, &sealed) != LDAP_SUCCESS) {
		slap_mods_free(mods, 1);
		return lk_fail(
			rs, LDAP_UNWILLING_TO_PERFORM, "the message cannot be sealed: olcLatchkeyMailerKey is missing or wrong");
	}
	lk_outbox_append(tail, target->entry, &message, &sealed, op->o_time);
	ber_memfree(message.bv_val);
	ber_memfree(sealed.bv_val);
	return lk_enrol_write(op, rs, target, mods, "address-add", LK_EVENT_COUNT);
}

int lk_address_add(Operation *op, SlapReply *rs)
{
	char text[LK_CODE_TEXT + 1];
	struct berval code = {LK_CODE_TEXT, text};
	struct lk_address_add request;
	struct lk_target target;

	if (!op->ore_reqdata || lk_wire_decode_address_add(op->ore_reqdata, &request) != LK_OK)
		return lk_fail(rs, LDAP_PROTOCOL_ERROR, "the request is not in its documented form");
	if (lk_enrol_begin(op, rs, LK_POLICY_MAIL, &target) == LDAP_SUCCESS &&
		check_address(rs, &target, &request.address, op->o_time) == LDAP_SUCCESS) {
		lk_code_generate(text);
		send_code(op, rs, &target, &request, &code);
		sodium_memzero(text, sizeof text);
	}
	lk_target_release(&target);
	return rs->sr_err;
}

/* --- the proof ------------------------------------------------------------------------------------------------------ */

static bool proves(
	const struct lk_target *target, const struct berval *typed, time_t now, struct lk_pending_address *ret)
{
	struct berval stored = lk_entry_value(target->entry, lk_schema.pending_address);
	struct berval uuid = lk_entry_value(target->entry, slap_schema.si_ad_entryUUID);
	unsigned char hash[LK_HASH_BYTES];
	char symbols[LK_CODE_SYMBOLS + 1];

	if (BER_BVISEMPTY(&stored) || lk_pending_address_parse(&stored, ret) != LK_OK || ret->expires <= now ||
		lk_code_canonical(typed, symbols) != LK_OK)
		return false;
	lk_code_hash(ret->salt, symbols, &uuid, hash);
	sodium_memzero(symbols, sizeof symbols);
	return !LK_GUARD("address-proof", sodium_memcmp(hash, ret->hash, sizeof hash));
}

static Modifications **append_class(Modifications **tail, const Entry *entry)
{
	Attribute *a = attr_find(entry->e_attrs, slap_schema.si_ad_objectClass);

	for (unsigned i = 0; a && i < a->a_numvals; i++) {
		if (oc_bvfind(&a->a_vals[i]) == lk_schema.oc_user)
			return tail;
	}
	return lk_mod_append(tail, slap_schema.si_ad_objectClass, LDAP_MOD_ADD, &lk_schema.oc_user->soc_cname, 1);
}

static bool has_value(const Entry *entry, AttributeDescription *ad, const struct berval *value)
{
	Attribute *a = attr_find(entry->e_attrs, ad);

	for (unsigned i = 0; a && i < a->a_numvals; i++) {
		if (lk_address_equal(&a->a_vals[i], value))
			return true;
	}
	return false;
}

static int prove(Operation *op, SlapReply *rs, const struct lk_target *target, const struct berval *code)
{
	Modifications *mods = NULL, **tail;
	struct lk_news news = {.kind = LK_KIND_ADDRESS_CHANGED};
	struct lk_pending_address pending;
	struct berval address;

	if (!lk_enrol_may_prove(op, proves(target, code, op->o_time, &pending)))
		return lk_fail(rs, LDAP_INVALID_CREDENTIALS, "the code is wrong, too old, or was used");
	ber_str2bv(pending.to, 0, 0, &address);
	tail = lk_mod_append(&mods, lk_schema.pending_address, LDAP_MOD_DELETE, NULL, 0);
	tail = append_class(tail, target->entry);
	tail = lk_address_forgive(tail, target->entry, &address);
	if (!has_value(target->entry, lk_schema.recovery_address, &address))
		tail = lk_mod_append(tail, lk_schema.recovery_address, LDAP_MOD_ADD, &address, 1);
	lk_tell_append(op, tail, target, &news); /* at the addresses from before */
	return lk_enrol_write(op, rs, target, mods, "address", LK_EVENT_ENROLMENT);
}

int lk_address_prove(Operation *op, SlapReply *rs)
{
	struct berval code;
	struct lk_target target;

	if (!op->ore_reqdata || lk_wire_decode_address_prove(op->ore_reqdata, &code) != LK_OK)
		return lk_fail(rs, LDAP_PROTOCOL_ERROR, "the request is not in its documented form");
	if (lk_enrol_begin(op, rs, LK_POLICY_MAIL, &target) == LDAP_SUCCESS)
		prove(op, rs, &target, &code);
	lk_target_release(&target);
	return rs->sr_err;
}
