/* A user who knows the password: who that is, signing in, and changing it.
 *
 *   PasswdModifyRequestValue ::= SEQUENCE {        -- RFC 3062, section 2.1
 *        userIdentity [0] OCTET STRING OPTIONAL,      -- absent: whoever is signed in
 *        oldPasswd    [1] OCTET STRING OPTIONAL,
 *        newPasswd    [2] OCTET STRING OPTIONAL } */
#include "latchkey.h"

#include "client-call.h"
#include "client-find.h"
#include "client-text.h"
#include "error.h"
#include "wire.h"

int lk_client_find(LDAP *ld, const char *user, const char *base, char **ret_dn)
{
	static char *nothing[] = {(char *)LDAP_NO_ATTRS, NULL};
	struct berval name = {0};
	LDAPMessage *found = NULL;
	int error = lk_text_compose(user, &name);
	if (error == LK_OK && name.bv_len > LK_USER_MAX)
		error = LK_ERR_TOO_LONG;

	int rc = error == LK_OK ? lk_find(ld, &name, base, nothing, &found) : lk_call_fail_request(ld, error);
	lk_text_free(&name);
	if (rc != LDAP_SUCCESS)
		return rc;
	*ret_dn = ldap_get_dn(ld, ldap_first_entry(ld, found));
	ldap_msgfree(found);
	return LDAP_SUCCESS;
}

int lk_client_sign_in(LDAP *ld, const char *dn, const char *password)
{
	struct berval text = {0};
	/* Without a name or a password it would be the bind of nobody, and a success. */
	int error = dn == NULL || *dn == '\0' ? LK_ERR_MALFORMED : lk_text_compose(password, &text);
	if (error != LK_OK)
		return lk_call_fail_request(ld, error);

	LDAPMessage *answer = NULL;
	int msgid, rc = ldap_sasl_bind(ld, dn, LDAP_SASL_SIMPLE, &text, NULL, NULL, &msgid);
	lk_text_free(&text);
	if (rc == LDAP_SUCCESS)
		rc = lk_call_wait(ld, msgid, &answer);
	if (rc != LDAP_SUCCESS)
		return rc;
	int code = LDAP_OTHER;
	rc = ldap_parse_result(ld, answer, &code, NULL, NULL, NULL, NULL, 1);
	return rc == LDAP_SUCCESS ? code : rc;
}

static int encode_change(const struct berval *old, const struct berval *new, struct berval **ret_value)
{
	/* Both fit the buffer that liblber takes to begin with, so it never moves them and leaves copies behind. */
	if (old->bv_len > LK_PASSWORD_MAX || new->bv_len > LK_PASSWORD_MAX)
		return LK_ERR_TOO_LONG;

	BerElement *ber = ber_alloc_t(LBER_USE_DER);
	bool written = ber != NULL && ber_printf(ber, "{tOtON}", LDAP_TAG_EXOP_MODIFY_PASSWD_OLD, old,
									  LDAP_TAG_EXOP_MODIFY_PASSWD_NEW, new) >= 0;

	return lk_call_flatten(ber, written, ret_value);
}

int lk_client_change_password(LDAP *ld, const char *old_password, const char *new_password)
{
	struct berval old = {0}, new = {0}, *value = NULL;
	int error = lk_text_compose(old_password, &old);

	if (error == LK_OK)
		error = lk_text_compose(new_password, &new);
	if (error == LK_OK)
		error = encode_change(&old, &new, &value);
	lk_text_free(&old);
	lk_text_free(&new);
	if (error != LK_OK)
		return lk_call_fail_request(ld, error);
	int rc = lk_call_plain(ld, LDAP_EXOP_MODIFY_PASSWD, value);
	lk_wire_free(value);
	return rc;
}
