/* Password Modify (RFC 3062) with the Notify control.
 *
 *   PasswdModifyRequestValue ::= SEQUENCE {
 *        userIdentity [0] OCTET STRING OPTIONAL,      -- always sent here
 *        oldPasswd    [1] OCTET STRING OPTIONAL,      -- never
 *        newPasswd    [2] OCTET STRING OPTIONAL }     -- absent: the directory makes one
 *   PasswdModifyResponseValue ::= SEQUENCE {
 *        genPasswd    [0] OCTET STRING OPTIONAL } */
#include "latchkey.h"

#include <glib.h>
#include <sodium.h>
#include <string.h>

#include "client-call.h"
#include "client-notify.h"
#include "client-text.h"
#include "error.h"
#include "oid.h"
#include "wire.h"

static const struct lk_reset_options default_options = LK_RESET_OPTIONS_INIT;

static bool options_are_sound(const struct lk_reset_options *options)
{
	return options->notify || (options->to == NULL && options->locale == NULL && !options->conceal);
}

/* A directory without Latchkey takes a plain reset as well. */
static bool need_control(const struct lk_reset_options *options)
{
	return options->notify || options->reason != NULL || options->ticket != NULL || !options->must_change;
}

static int encode_passwd_modify(const struct berval *user, const struct berval *password, struct berval **ret_value)
{
	/* Both fit the buffer that liblber takes to begin with, so it never moves them and leaves copies behind. */
	if (user->bv_len > LK_USER_MAX || password->bv_len > LK_PASSWORD_MAX)
		return LK_ERR_TOO_LONG;

	BerElement *ber = ber_alloc_t(LBER_USE_DER);
	bool written = ber != NULL && ber_printf(ber, "{tO", LDAP_TAG_EXOP_MODIFY_PASSWD_ID, user) >= 0;
	if (written && password->bv_val != NULL)
		written = ber_printf(ber, "tO", LDAP_TAG_EXOP_MODIFY_PASSWD_NEW, password) >= 0;
	written = written && ber_printf(ber, "N}") >= 0;
	return lk_call_flatten(ber, written, ret_value);
}

static int compose_passwd_modify(const char *user, const char *new_password, struct berval **ret_value)
{
	struct berval user_text = {0}, password = {0};
	int error = lk_text_compose(user, &user_text);

	if (error == LK_OK)
		error = lk_text_compose_optional(new_password, &password);
	if (error == LK_OK)
		error = encode_passwd_modify(&user_text, &password, ret_value);
	lk_text_free(&user_text);
	lk_text_free(&password);
	return error;
}

/* An absent password is no error. */
static int scan_generated(BerElement *ber, char **ret_password)
{
	struct berval password = {0};
	ber_len_t length;

	if (ber_scanf(ber, "{") == LBER_ERROR)
		return LK_ERR_MALFORMED;
	if (ber_peek_tag(ber, &length) != LDAP_TAG_EXOP_MODIFY_PASSWD_GEN)
		return LK_OK;
	if (ber_scanf(ber, "m", &password) == LBER_ERROR)
		return LK_ERR_MALFORMED;
	*ret_password = g_strndup(password.bv_val, password.bv_len);
	return LK_OK;
}

static int read_generated(struct berval *value, struct lk_reset_result *result)
{
	if (value == NULL)
		return LK_OK;

	/* ber_init2() reads VALUE in place; ber_init() would leave a copy of the password behind. */
	BerElement *ber = ber_alloc_t(LBER_USE_DER);
	if (ber == NULL)
		return LK_ERR_NO_MEMORY;
	ber_init2(ber, value, 0);
	int error = scan_generated(ber, &result->password);
	ber_free(ber, 0);
	return error;
}

static int read_result(
	LDAP *ld, const struct lk_answer *answer, bool controlled, bool mailed, struct lk_reset_result **ret_result)
{
	struct lk_reset_result *result = g_new0(struct lk_reset_result, 1);
	int error = read_generated(answer->value, result);

	if (error == LK_OK && controlled)
		error = lk_notify_read(answer->controls, mailed, result);
	if (error != LK_OK) {
		lk_client_reset_result_free(result);
		return lk_call_fail_answer(ld, error);
	}
	*ret_result = result;
	return LDAP_SUCCESS;
}

static int send_reset(
	LDAP *ld, struct berval *value, struct berval *notify, bool mailed, struct lk_reset_result **ret_result)
{
	LDAPControl control = {.ldctl_oid = (char *)LK_CONTROL_NOTIFY, .ldctl_iscritical = 1};
	LDAPControl *controls[] = {notify == NULL ? NULL : &control, NULL};
	if (notify != NULL)
		control.ldctl_value = *notify;

	struct lk_answer answer = {0};
	int rc = lk_call_extended(ld, LDAP_EXOP_MODIFY_PASSWD, value, controls, &answer);
	if (rc == LDAP_SUCCESS)
		rc = read_result(ld, &answer, notify != NULL, mailed, ret_result);
	lk_answer_clear(&answer);
	return rc;
}

int lk_client_reset(
	LDAP *ld, const char *user, const struct lk_reset_options *options, struct lk_reset_result **ret_result)
{
	struct berval *value = NULL, *notify = NULL;

	if (options == NULL)
		options = &default_options;
	if (!options_are_sound(options))
		return lk_call_fail(ld, LDAP_PARAM_ERROR, "options of a mail were given where none is to be sent");

	int error = compose_passwd_modify(user, options->new_password, &value);
	if (error == LK_OK && need_control(options))
		error = lk_notify_compose(options, &notify);
	int rc =
		error == LK_OK ? send_reset(ld, value, notify, options->notify, ret_result) : lk_call_fail_request(ld, error);
	lk_wire_free(value);
	lk_wire_free(notify);
	return rc;
}

int lk_client_reset_each(
	LDAP *ld, const char *const *users, const struct lk_reset_options *options, lk_client_reset_done *done, void *data)
{
	if (options == NULL)
		options = &default_options;
	if (!options_are_sound(options) || options->new_password != NULL || options->to != NULL)
		return lk_call_fail(ld, LDAP_PARAM_ERROR, "options were given that are not for several users");
	for (bool more = true; more && *users != NULL; users++) {
		struct lk_reset_result *result = NULL;
		int rc = lk_client_reset(ld, *users, options, &result);

		more = done(data, *users, rc, result);
		lk_client_reset_result_free(result);
	}
	return LDAP_SUCCESS;
}

void lk_client_reset_result_free(struct lk_reset_result *result)
{
	if (result == NULL)
		return;
	if (result->password != NULL)
		sodium_memzero(result->password, strlen(result->password));
	g_free(result->password);
	g_free(result->id);
	g_free(result);
}
