#include "client-call.h"

#include <sodium.h>

#include "error.h"
#include "latchkey.h"
#include "wire.h"

char *lk_client_diagnostic(LDAP *ld)
{
	char *text = NULL;

	if (ld == NULL || ldap_get_option(ld, LDAP_OPT_DIAGNOSTIC_MESSAGE, &text) != LDAP_OPT_SUCCESS || text == NULL)
		return NULL;
	if (*text != '\0')
		return text;
	ldap_memfree(text);
	return NULL;
}

int lk_call_flatten(BerElement *ber, bool written, struct berval **ret_value)
{
	struct berval flat = {0};
	struct berval *value = written && ber_flatten2(ber, &flat, 0) >= 0 ? ber_bvdup(&flat) : NULL;

	if (flat.bv_val != NULL)
		sodium_memzero(flat.bv_val, flat.bv_len);
	ber_free(ber, 1);
	if (value == NULL)
		return LK_ERR_NO_MEMORY;
	*ret_value = value;
	return LK_OK;
}

int lk_call_fail(LDAP *ld, int rc, const char *text)
{
	if (ld == NULL)
		return rc;
	ldap_set_option(ld, LDAP_OPT_RESULT_CODE, &rc);
	ldap_set_option(ld, LDAP_OPT_DIAGNOSTIC_MESSAGE, text == NULL ? "" : text);
	return rc;
}

int lk_call_fail_request(LDAP *ld, int error)
{
	switch (error) {
	case LK_ERR_NO_MEMORY:
		return lk_call_fail(ld, LDAP_NO_MEMORY, NULL);
	case LK_ERR_NOT_UTF8:
		return lk_call_fail(ld, LDAP_ENCODING_ERROR, lk_strerror(error));
	default:
		return lk_call_fail(ld, LDAP_PARAM_ERROR, lk_strerror(error));
	}
}

int lk_call_fail_answer(LDAP *ld, int error)
{
	return lk_call_fail(ld, error == LK_ERR_NO_MEMORY ? LDAP_NO_MEMORY : LDAP_DECODING_ERROR, lk_strerror(error));
}

int lk_call_wait(LDAP *ld, int msgid, LDAPMessage **ret_message)
{
	LDAPMessage *message = NULL;
	int type = ldap_result(ld, msgid, LDAP_MSG_ALL, NULL, &message);

	if (type > 0) {
		*ret_message = message;
		return LDAP_SUCCESS;
	}
	ldap_msgfree(message);
	if (type == 0) {
		ldap_abandon_ext(ld, msgid, NULL, NULL);
		return lk_call_fail(ld, LDAP_TIMEOUT, NULL);
	}
	int rc = LDAP_OTHER;
	ldap_get_option(ld, LDAP_OPT_RESULT_CODE, &rc);
	/* A failure without a code would read as success to the caller. */
	return rc == LDAP_SUCCESS ? lk_call_fail(ld, LDAP_LOCAL_ERROR, NULL) : rc;
}

static int read_answer(LDAP *ld, LDAPMessage *message, struct lk_answer *ret_answer)
{
	struct lk_answer answer = {0};
	int code = LDAP_OTHER;
	int rc = ldap_parse_extended_result(ld, message, NULL, &answer.value, 0);

	if (rc == LDAP_SUCCESS)
		rc = ldap_parse_result(ld, message, &code, NULL, NULL, NULL, &answer.controls, 0);
	if (rc == LDAP_SUCCESS)
		rc = code;
	if (rc == LDAP_SUCCESS)
		*ret_answer = answer;
	else
		lk_answer_clear(&answer);
	return rc;
}

int lk_call_extended(
	LDAP *ld, const char *oid, struct berval *value, LDAPControl **controls, struct lk_answer *ret_answer)
{
	int msgid;
	int rc = ldap_extended_operation(ld, oid, value, controls, NULL, &msgid);
	if (rc != LDAP_SUCCESS)
		return rc;

	LDAPMessage *message;
	rc = lk_call_wait(ld, msgid, &message);
	if (rc != LDAP_SUCCESS)
		return rc;
	rc = read_answer(ld, message, ret_answer);
	ldap_msgfree(message);
	return rc;
}

int lk_call_plain(LDAP *ld, const char *oid, struct berval *value)
{
	struct lk_answer answer = {0};
	int rc = lk_call_extended(ld, oid, value, NULL, &answer);

	lk_answer_clear(&answer);
	return rc;
}

void lk_answer_clear(struct lk_answer *answer)
{
	lk_wire_free(answer->value);
	ldap_controls_free(answer->controls);
	*answer = (struct lk_answer){0};
}
