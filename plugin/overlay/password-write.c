/* The one write that changes a password: the password, its must-change flag, the message and the serial number, all in
 * one modify of one entry. It runs as the user, so that slapo-ppolicy judges the new password whoever caused it. */
#include "overlay.h"

#include <sodium.h>

#define DRAWS 5 /* passwords tried before the directory's own rules are called impossible to meet */

static const char temporary_hash[] = "{SSHA}";

/* The value to store: slapd's default hash, never clear text. */
static int hash_password(const struct berval *password, struct berval *ret_hash)
{
	const char *scheme = default_passwd_hash ? default_passwd_hash[0] : temporary_hash;
	const char *text = NULL;

	if (LK_GUARD("never-clear-text", !strcasecmp(scheme, "{CLEARTEXT}")))
		scheme = temporary_hash;
	slap_passwd_hash_type((struct berval *)password, ret_hash, (char *)scheme, &text);
	return ret_hash->bv_val ? LDAP_SUCCESS : LDAP_OTHER;
}

int lk_password_store(const struct berval *password, time_t until, struct berval *ret_value)
{
	struct berval hash = BER_BVNULL;
	int rc = hash_password(password, &hash);

	if (rc != LDAP_SUCCESS)
		return rc;
	if (!until) {
		*ret_value = hash;
		return LDAP_SUCCESS;
	}
	rc = lk_temporary_format(&hash, until, ret_value) == LK_OK ? LDAP_SUCCESS : LDAP_OTHER;
	ber_memfree(hash.bv_val);
	return rc;
}

/* Compare-and-swap: of two completed recoveries at once, one finds the old number gone. */
Modifications **lk_mod_append_serial(Modifications **tail, const struct lk_target *target)
{
	struct berval old = lk_entry_value(target->entry, lk_schema.serial), value;
	char text[24];

	if (!BER_BVISEMPTY(&old))
		tail = lk_mod_append(tail, lk_schema.serial, LDAP_MOD_DELETE, &old, 1);
	value.bv_val = text;
	value.bv_len = (ber_len_t)snprintf(text, sizeof text, "%lu", lk_target_serial(target) + 1);
	return lk_mod_append(tail, lk_schema.serial, LDAP_MOD_ADD, &value, 1);
}

/* What slapo-ppolicy leaves to us: it never clears pwdAccountTmpLockoutEnd, and sets pwdReset for managers only. It
 * clears pwdReset where it finds it; another provider may have set it a moment ago, and the later password wins with
 * all of it. */
static Modifications **append_ppolicy(Modifications **tail, const struct lk_password_write *write)
{
	struct berval yes = BER_BVC("TRUE");

	if (lk_schema.pwd_tmp_lockout)
		tail = lk_mod_append(tail, lk_schema.pwd_tmp_lockout, LDAP_MOD_REPLACE, NULL, 0);
	if (lk_schema.pwd_reset)
		tail = lk_mod_append(tail, lk_schema.pwd_reset, LDAP_MOD_REPLACE, &yes, write->must_change ? 1 : 0);
	return tail;
}

/* slapd would record the user; an administrator's reset is recorded as theirs. */
static Modifications **append_modifier(Modifications **tail, const struct lk_password_write *write)
{
	if (BER_BVISEMPTY(&write->by_dn))
		return tail;
	return lk_mod_append(tail, slap_schema.si_ad_modifiersName, LDAP_MOD_REPLACE, &write->by_dn, 1);
}

static int post_password(struct lk_outbox *outbox, struct lk_password_write *write, const struct berval *password,
	time_t now, const char **ret_text)
{
	int rc;

	if (!write->outgoing)
		return LDAP_SUCCESS;
	if (LK_GUARD("clean-in-a-mail", !lk_text_is_clean(password))) {
		*ret_text = "a password with control characters, or that is not UTF-8, cannot be written in a mail";
		return LDAP_UNWILLING_TO_PERFORM;
	}
	write->outgoing->secret = *password;
	if (write->code)
		ber_str2bv(write->code->text, 0, 0, &write->outgoing->secret);
	rc = lk_outbox_post(outbox, write->target, write->outgoing, now);
	if (rc != LDAP_SUCCESS)
		*ret_text = "the message cannot be sealed: olcLatchkeyMailerKey is missing or wrong";
	return rc;
}

static int append_messages(Operation *op, Modifications ***tail, struct lk_password_write *write,
	const struct berval *password, const char **ret_text)
{
	struct lk_outbox *outbox = lk_outbox_new(write->target->entry);
	int rc = post_password(outbox, write, password, op->o_time, ret_text);

	if (rc == LDAP_SUCCESS && write->news) {
		if (write->outgoing)
			write->news->except = write->outgoing->to;
		lk_tell(op, write->target, write->news, outbox);
	}
	if (rc == LDAP_SUCCESS)
		*tail = lk_outbox_store(*tail, outbox, op->o_time);
	lk_outbox_free(outbox);
	return rc;
}

/* A code of before was for the password of before. */
static int append_code(
	Modifications ***tail, const struct lk_password_write *write, const struct berval *stored_password)
{
	bool has_code = attr_find(write->target->entry->e_attrs, lk_schema.code) != NULL;
	struct berval value;

	if (!write->code) {
		if (has_code)
			*tail = lk_mod_append(*tail, lk_schema.code, LDAP_MOD_REPLACE, NULL, 0);
		return LDAP_SUCCESS;
	}
	if (lk_own_code_store(write->code, write->target, stored_password, write->outgoing, &value) != LDAP_SUCCESS)
		return LDAP_OTHER;
	*tail = lk_mod_append(*tail, lk_schema.code, LDAP_MOD_REPLACE, &value, 1);
	ber_memfree(value.bv_val);
	return LDAP_SUCCESS;
}

static Modifications **append_event(Operation *op, Modifications **tail, const struct lk_password_write *write)
{
	struct lk_happening happening = *write->happening;

	happening.is_mailed = write->outgoing != NULL;
	return lk_events_append(op, tail, write->target->entry, &happening);
}

static int write_once(
	Operation *op, struct lk_password_write *write, const struct berval *password, const char **ret_text)
{
	const Entry *entry = write->target->entry;
	struct lk_modify modify = {
		.be = write->target->instance->be,
		.dn = entry->e_name,
		.ndn = entry->e_nname,
		.as_dn = entry->e_name,
		.as_ndn = entry->e_nname,
		.assertion = write->assertion,
		.clear_password = *password,
		.name = write->name,
	};
	Modifications **tail = &modify.mods;
	struct berval value;
	int rc = lk_password_store(password, write->temporary_until, &value);

	if (rc != LDAP_SUCCESS) {
		*ret_text = "the new password cannot be hashed";
		return rc;
	}
	tail = lk_mod_append(tail, slap_schema.si_ad_userPassword, LDAP_MOD_REPLACE, &value, 1);
	if (LK_GUARD("serial-raised", write->raise_serial))
		tail = lk_mod_append_serial(tail, write->target);
	if (write->proven)
		tail = lk_proven_append(tail, write->proven);
	tail = lk_listed_password(tail, entry, write->temporary_until);
	tail = append_ppolicy(tail, write);
	tail = append_modifier(tail, write);
	if (write->happening)
		tail = append_event(op, tail, write);
	rc = append_messages(op, &tail, write, password, ret_text);
	if (rc == LDAP_SUCCESS)
		rc = append_code(&tail, write, &value);
	ber_memfree(value.bv_val);
	if (rc != LDAP_SUCCESS) {
		slap_mods_free(modify.mods, 1);
		return rc;
	}
	return lk_backend_modify(op, &modify, ret_text);
}

/* A drawn password that the directory's rules refuse is no fault of anybody's: draw another, but not for ever. */
static int write_drawn(Operation *op, struct lk_password_write *write, const char **ret_text)
{
	size_t length = (size_t)write->target->governance.policy->temporary_length;
	struct berval password = {0, write->drawn}, text;
	int rc = LDAP_OTHER;

	for (int draw = 0; draw < DRAWS; draw++) {
		lk_password_generate(length, write->drawn);
		password.bv_len = strlen(write->drawn);
		rc = write_once(op, write, &password, ret_text);
		if (rc != LDAP_CONSTRAINT_VIOLATION)
			return rc;
	}
	sodium_memzero(write->drawn, sizeof write->drawn);
	ber_str2bv(*ret_text ? *ret_text : "", 0, 0, &text);
	lk_log_event(op, "generate", "verdict=failed target=%s result=%d text=%s",
		lk_log_value(op, &write->target->entry->e_nname), rc, lk_log_value(op, &text));
	*ret_text = "this directory's password rules refuse every generated password: ask its administrator, or type one";
	return rc;
}

int lk_password_write(Operation *op, struct lk_password_write *write, const char **ret_text)
{
	return BER_BVISEMPTY(&write->password) ? write_drawn(op, write, ret_text)
										   : write_once(op, write, &write->password, ret_text);
}
