/* TotpEnrol: first a fresh secret for the user's app, which waits; then, with the first value that the app shows, it
 * takes the place of the one that counted so far. The secret is stored sealed, and answered once. */
#include "overlay.h"

#include <sodium.h>

#include "../protocol/totp.h"
#include "../protocol/wire-enrol.h"

#define PENDING_SECONDS 900

static struct berval uuid_of(const struct lk_target *target)
{
	return lk_entry_value(target->entry, slap_schema.si_ad_entryUUID);
}

/* Makes a secret; *ret_stored is freed with ber_memfree(). */
static int make_secret(const struct lk_target *target, time_t now, unsigned char ret_secret[LK_TOTP_SECRET_BYTES],
	struct berval *ret_stored)
{
	struct lk_stored_totp totp = {.created = now};
	struct berval uuid = uuid_of(target);

	if (BER_BVISEMPTY(&uuid))
		return LK_ERR_MALFORMED;
	lk_totp_generate(ret_secret);
	lk_totp_seal(ret_secret, target->instance->key, &uuid, &totp);
	return lk_stored_totp_format(&totp, ret_stored);
}

/* Apps show these beside the value; a text with a control character in it is left out. */
static struct berval shown(struct berval text)
{
	struct berval none = BER_BVC("");

	return text.bv_len <= LK_ISSUER_MAX && lk_text_is_clean(&text) ? text : none;
}

static int answer(SlapReply *rs, const struct lk_target *target, unsigned char secret[LK_TOTP_SECRET_BYTES])
{
	struct lk_totp_enrolment enrolment = {
		.secret = {LK_TOTP_SECRET_BYTES, (char *)secret},
		.issuer = shown(target->governance.policy->organization),
		.account = shown(lk_target_login(target)),
		.digits = LK_TOTP_DIGITS,
		.period = LK_TOTP_PERIOD,
	};

	if (lk_wire_encode_totp_enrolment(&enrolment, &rs->sr_rspdata) != LK_OK)
		return lk_fail(rs, LDAP_OTHER, "the secret cannot be answered");
	return LDAP_SUCCESS;
}

static int begin(Operation *op, SlapReply *rs, const struct lk_target *target)
{
	unsigned char secret[LK_TOTP_SECRET_BYTES];
	Modifications *mods = NULL;
	struct berval stored;

	if (make_secret(target, op->o_time, secret, &stored) != LK_OK)
		return lk_fail(rs, LDAP_OTHER, "the secret cannot be made");
	lk_mod_append(&mods, lk_schema.totp_pending, LDAP_MOD_REPLACE, &stored, 1);
	ber_memfree(stored.bv_val);
	if (lk_enrol_write(op, rs, target, mods, "totp-begin", LK_EVENT_COUNT) == LDAP_SUCCESS)
		answer(rs, target, secret);
	sodium_memzero(secret, sizeof secret);
	return rs->sr_err;
}

/* Whether VALUE is what the app shows for the secret that waits; its step is then one that has been used. */
static bool is_first_value(
	const struct lk_target *target, const struct berval *value, time_t now, struct lk_stored_totp *ret_totp)
{
	struct berval pending = lk_entry_value(target->entry, lk_schema.totp_pending), uuid = uuid_of(target);
	unsigned char secret[LK_TOTP_SECRET_BYTES];
	bool fits;

	if (BER_BVISEMPTY(&pending) || lk_stored_totp_parse(&pending, ret_totp) != LK_OK ||
		LK_GUARD("totp-waits-no-longer", ret_totp->created + PENDING_SECONDS <= now))
		return false;
	if (lk_totp_open(ret_totp, target->instance->key, &uuid, secret) != LK_OK)
		return false;
	fits = lk_totp_accepts(secret, value, now, 0, &ret_totp->step);
	sodium_memzero(secret, sizeof secret);
	return fits;
}

static int finish(Operation *op, SlapReply *rs, const struct lk_target *target, const struct berval *value)
{
	struct lk_stored_totp totp;
	Modifications *mods = NULL, **tail;
	struct berval stored;

	if (!lk_enrol_may_prove(op, is_first_value(target, value, op->o_time, &totp)))
		return lk_fail(rs, LDAP_INVALID_CREDENTIALS,
			"this is not what the app shows for the new secret, or it was made too long ago: begin again");
	if (lk_stored_totp_format(&totp, &stored) != LK_OK)
		return lk_fail(rs, LDAP_OTHER, "the secret cannot be stored");
	tail = lk_mod_append(&mods, lk_schema.totp_pending, LDAP_MOD_DELETE, NULL, 0);
	lk_mod_append(tail, lk_schema.totp, LDAP_MOD_REPLACE, &stored, 1);
	ber_memfree(stored.bv_val);
	return lk_enrol_write(op, rs, target, mods, "totp", LK_EVENT_ENROLMENT);
}

int lk_totp_enrol(Operation *op, SlapReply *rs)
{
	struct berval value;
	struct lk_target target;

	if (!op->ore_reqdata || lk_wire_decode_totp_enrol(op->ore_reqdata, &value) != LK_OK)
		return lk_fail(rs, LDAP_PROTOCOL_ERROR, "the request is not in its documented form");
	if (lk_enrol_begin(op, rs, LK_POLICY_TOTP, &target) == LDAP_SUCCESS) {
		if (!target.instance->key)
			lk_fail(rs, LDAP_UNWILLING_TO_PERFORM,
				"this server has no key for the secrets of authenticator apps (olcLatchkeyKeyFile)");
		else if (BER_BVISNULL(&value))
			begin(op, rs, &target);
		else
			finish(op, rs, &target, &value);
	}
	lk_target_release(&target);
	return rs->sr_err;
}
