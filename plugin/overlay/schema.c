/* Registers the generated schema, and looks up the attributes that Latchkey works with. */
#include "overlay.h"

#include "schema-generated.h"

struct lk_schema lk_schema;

static AttributeDescription *find(const char *name)
{
	AttributeDescription *ad = NULL;
	const char *text;

	return slap_str2ad(name, &ad, &text) == LDAP_SUCCESS ? ad : NULL;
}

static int register_definitions(void)
{
	AttributeDescription *ad;
	ObjectClass *oc;

	for (size_t i = 0; lk_attribute_definitions[i]; i++) {
		ad = NULL;
		if (register_at(lk_attribute_definitions[i], &ad, 0))
			return -1;
	}
	for (size_t i = 0; lk_class_definitions[i]; i++) {
		oc = NULL;
		if (register_oc(lk_class_definitions[i], &oc, 0))
			return -1;
	}
	return 0;
}

/* The types that only Latchkey writes. */
static AttributeDescription **const ours[] = {&lk_schema.message, &lk_schema.sealed, &lk_schema.due, &lk_schema.serial,
	&lk_schema.code, &lk_schema.recovery_of, &lk_schema.event, &lk_schema.blocked, &lk_schema.verdict,
	&lk_schema.pending_address, &lk_schema.totp, &lk_schema.totp_pending, &lk_schema.printed_codes,
	&lk_schema.printed_used, &lk_schema.method_state, &lk_schema.address_since, &lk_schema.temporary_until,
	&lk_schema.failed_message, &lk_schema.expiry_noted, &lk_schema.event_day, &lk_schema.role};

static void mark_types(void)
{
	slap_schema.si_ad_contextCSN->ad_type->sat_flags |= LK_AT_COUNT;
	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
		(*ours[i])->ad_type->sat_flags |= LK_AT_OURS;
}

int lk_schema_register(void)
{
	if (register_definitions())
		return -1;
	lk_schema.message = find("latchkeyMessage");
	lk_schema.sealed = find("latchkeySealed");
	lk_schema.due = find("latchkeyDue");
	lk_schema.serial = find("latchkeySerial");
	lk_schema.code = find("latchkeyCode");
	lk_schema.recovery_of = find("latchkeyRecoveryOf");
	lk_schema.event = find("latchkeyEvent");
	lk_schema.event_day = find("latchkeyEventDay");
	lk_schema.blocked = find("latchkeyBlocked");
	lk_schema.verdict = find("latchkeyResetVerdict");
	lk_schema.role = find("latchkeyRole");
	lk_schema.scope = find("latchkeyScope");
	lk_schema.recovery_address = find("latchkeyRecoveryAddress");
	lk_schema.pending_address = find("latchkeyPendingAddress");
	lk_schema.totp = find("latchkeyTotp");
	lk_schema.totp_pending = find("latchkeyTotpPending");
	lk_schema.printed_codes = find("latchkeyPrintedCodes");
	lk_schema.printed_used = find("latchkeyPrintedUsed");
	lk_schema.method_state = find("latchkeyMethodState");
	lk_schema.address_since = find("latchkeyAddressSince");
	lk_schema.expiry_noted = find("latchkeyExpiryNoted");
	lk_schema.temporary_until = find("latchkeyTemporaryUntil");
	lk_schema.failed_message = find("latchkeyFailedMessage");
	lk_schema.former_id = find("latchkeyFormerId");
	lk_schema.former_name = find("latchkeyFormerName");
	lk_schema.former_address = find("latchkeyFormerAddress");
	lk_schema.former_until = find("latchkeyFormerUntil");
	lk_schema.oc_former = oc_find("latchkeyFormer");
	lk_schema.oc_container = oc_find("latchkeyContainer");
	lk_schema.oc_recovery = oc_find("latchkeyRecovery");
	lk_schema.oc_user = oc_find("latchkeyUser");
	lk_schema.oc_monitor = oc_find("latchkeyMonitor");
	if (!lk_schema.message || !lk_schema.sealed || !lk_schema.due || !lk_schema.serial || !lk_schema.code ||
		!lk_schema.recovery_of || !lk_schema.scope || !lk_schema.event || !lk_schema.blocked || !lk_schema.verdict ||
		!lk_schema.event_day || !lk_schema.role || !lk_schema.oc_container || !lk_schema.oc_recovery)
		return -1;
	if (!lk_schema.recovery_address || !lk_schema.pending_address || !lk_schema.totp || !lk_schema.totp_pending ||
		!lk_schema.printed_codes || !lk_schema.printed_used || !lk_schema.method_state || !lk_schema.expiry_noted ||
		!lk_schema.temporary_until || !lk_schema.failed_message || !lk_schema.oc_user || !lk_schema.oc_monitor)
		return -1;
	mark_types();
	return 0;
}

void lk_schema_find_foreign(void)
{
	lk_schema.member = find("member");
	lk_schema.unique_member = find("uniqueMember");
	lk_schema.pwd_reset = find("pwdReset");
	lk_schema.pwd_locked = find("pwdAccountLockedTime");
	lk_schema.pwd_failure = find("pwdFailureTime");
	lk_schema.pwd_changed = find("pwdChangedTime");
	lk_schema.pwd_start = find("pwdStartTime");
	lk_schema.pwd_end = find("pwdEndTime");
	lk_schema.pwd_tmp_lockout = find("pwdAccountTmpLockoutEnd");
	lk_schema.pwd_min_age = find("pwdMinAge");
	lk_schema.pwd_history = find("pwdHistory");
	lk_schema.pwd_grace = find("pwdGraceUseTime");
	lk_schema.pwd_success = find("pwdLastSuccess");
	lk_schema.pwd_max_age = find("pwdMaxAge");
	lk_schema.pwd_check_quality = find("pwdCheckQuality");
	lk_schema.pwd_must_change = find("pwdMustChange");
	lk_schema.pwd_policy_subentry = find("pwdPolicySubentry");
	lk_schema.pwd_safe_modify = find("pwdSafeModify");
	lk_schema.pwd_allow_user_change = find("pwdAllowUserChange");
}

/* With each of these somebody signs in as the entry, or as whom it may speak for. */
static struct berval default_credentials[] = {BER_BVC("userCertificate"), BER_BVC("authzTo"), BER_BVC("authzFrom"),
	BER_BVC("sshPublicKey"), BER_BVC("sambaNTPassword"), BER_BVC("krbPrincipalKey"), BER_BVNULL};

static const struct berval *credential_names(const struct lk_instance *instance)
{
	return instance->password_attributes ? instance->password_attributes : default_credentials;
}

void lk_schema_find_credentials(struct lk_instance *instance)
{
	const struct berval *names = credential_names(instance);
	size_t count = 0, found = 0;

	while (!BER_BVISNULL(&names[count]))
		count++;
	ch_free(instance->credentials);
	instance->credentials = ch_calloc(count + 1, sizeof *instance->credentials);
	for (size_t i = 0; i < count; i++) {
		AttributeDescription *ad = find(names[i].bv_val);

		if (ad)
			instance->credentials[found++] = ad->ad_type;
	}
}

bool lk_schema_is_called(const AttributeType *type, const struct berval *name)
{
	const char *options = memchr(name->bv_val, ';', name->bv_len);
	size_t length = options ? (size_t)(options - name->bv_val) : name->bv_len;

	if (isdigit((unsigned char)name->bv_val[0]))
		return !strncmp(type->sat_oid, name->bv_val, length) && !type->sat_oid[length];
	for (char **each = type->sat_names; each && *each; each++) {
		if (!strncasecmp(*each, name->bv_val, length) && !(*each)[length])
			return true;
	}
	return false;
}

/* cn=config may have added the definition since. */
static bool is_named_since(const struct lk_instance *instance, const AttributeType *type)
{
	const struct berval *names = credential_names(instance);

	for (size_t i = 0; !BER_BVISNULL(&names[i]); i++) {
		if (lk_schema_is_called(type, &names[i]))
			return true;
	}
	return false;
}

static bool is_listed(const struct lk_instance *instance, const AttributeType *type)
{
	for (size_t i = 0; instance->credentials && instance->credentials[i]; i++) {
		if (type == instance->credentials[i])
			return true;
	}
	return LK_GUARD("credentials-named-since", is_named_since(instance, type));
}

/* A subtype of one is one: what reads the password of an entry may well read it too. */
bool lk_schema_is_credential(const struct lk_instance *instance, const AttributeDescription *ad)
{
	const AttributeType *type = ad->ad_type;

	if (type == slap_schema.si_ad_userPassword->ad_type || is_listed(instance, type))
		return true;
	for (type = type->sat_sup; type; type = type->sat_sup) {
		if (LK_GUARD("subtypes-of-credentials",
				type == slap_schema.si_ad_userPassword->ad_type || is_listed(instance, type)))
			return true;
	}
	return false;
}
