/* What signed-in users do for their own ways back in. */
#include "latchkey.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "client-call.h"
#include "client-text.h"
#include "error.h"
#include "oid.h"
#include "wire-enrol.h"

static int call(LDAP *ld, const char *oid, int error, struct berval *value, struct lk_answer *ret_answer)
{
	if (error != LK_OK)
		return lk_call_fail_request(ld, error);

	int rc = lk_call_extended(ld, oid, value, NULL, ret_answer);
	lk_wire_free(value);
	return rc;
}

static int call_plain(LDAP *ld, const char *oid, int error, struct berval *value)
{
	struct lk_answer answer = {0};
	int rc = call(ld, oid, error, value, &answer);

	lk_answer_clear(&answer);
	return rc;
}

static char *copy_text(const struct berval *text)
{
	char *copy = malloc(text->bv_len + 1);

	if (copy == NULL)
		return NULL;
	if (text->bv_len > 0)
		memcpy(copy, text->bv_val, text->bv_len);
	copy[text->bv_len] = '\0';
	return copy;
}

static void erase_text(char *text)
{
	if (text == NULL)
		return;
	sodium_memzero(text, strlen(text));
	free(text);
}

enum lk_client_method lk_client_method_of(const char *typed)
{
	struct berval text = {strlen(typed), (char *)typed};
	char symbols[LK_PRINTED_SYMBOLS + 1];
	bool printed = lk_printed_canonical(&text, symbols) == LK_OK;

	sodium_memzero(symbols, sizeof symbols);
	if (printed)
		return LK_CLIENT_METHOD_RECOVERY_CODE;
	return lk_totp_is_value(&text) ? LK_CLIENT_METHOD_TOTP : LK_CLIENT_METHOD_MAIL;
}

/* --- addresses ------------------------------------------------------------------------------------------------------ */

int lk_client_address_add(LDAP *ld, const char *address, const char *locale)
{
	struct lk_address_add request = {0};
	struct berval *value = NULL;
	int error = lk_text_compose(address, &request.address);

	if (error == LK_OK)
		error = lk_text_compose_optional(locale, &request.locale);
	if (error == LK_OK)
		error = lk_wire_encode_address_add(&request, &value);
	lk_text_free(&request.address);
	lk_text_free(&request.locale);
	return call_plain(ld, LK_EXOP_ADDRESS_ADD, error, value);
}

/* One typed text as the value that ENCODE makes of it. */
static int encode_typed(
	const char *typed, int (*encode)(const struct berval *text, struct berval **ret_ber), struct berval **ret_value)
{
	struct berval text = {0};
	int error = lk_text_compose(typed, &text);

	if (error == LK_OK)
		error = encode(&text, ret_value);
	lk_text_free(&text);
	return error;
}

int lk_client_address_prove(LDAP *ld, const char *code)
{
	struct berval *value = NULL;
	int error = encode_typed(code, lk_wire_encode_address_prove, &value);

	return call_plain(ld, LK_EXOP_ADDRESS_PROVE, error, value);
}

/* --- the authenticator app ------------------------------------------------------------------------------------------ */

static bool fill_secret(struct lk_client_totp *totp, const struct lk_totp_enrolment *enrolment)
{
	const unsigned char *secret = (const unsigned char *)enrolment->secret.bv_val;
	struct berval uri = {0};

	totp->secret = malloc(LK_TOTP_SECRET_TEXT + 1);
	if (totp->secret == NULL || lk_totp_uri(secret, &enrolment->issuer, &enrolment->account, &uri) != LK_OK)
		return false;
	lk_totp_secret_text(secret, totp->secret);
	totp->uri = copy_text(&uri);
	sodium_memzero(uri.bv_val, uri.bv_len);
	ber_memfree(uri.bv_val);
	return totp->uri != NULL;
}

static struct lk_client_totp *make_totp(const struct lk_totp_enrolment *enrolment)
{
	struct lk_client_totp *totp = calloc(1, sizeof *totp);

	if (totp == NULL)
		return NULL;
	totp->issuer = copy_text(&enrolment->issuer);
	totp->account = copy_text(&enrolment->account);
	if (totp->issuer != NULL && totp->account != NULL && fill_secret(totp, enrolment))
		return totp;
	lk_client_totp_free(totp);
	return NULL;
}

/* The URI says what this version knows: six digits, thirty seconds. */
static int read_enrolment(const struct lk_answer *answer, struct lk_totp_enrolment *ret_enrolment)
{
	int error = answer->value == NULL ? LK_ERR_MALFORMED : lk_wire_decode_totp_enrolment(answer->value, ret_enrolment);

	if (error != LK_OK)
		return error;
	return ret_enrolment->digits == LK_TOTP_DIGITS && ret_enrolment->period == LK_TOTP_PERIOD ? LK_OK : LK_ERR_VERSION;
}

int lk_client_totp_begin(LDAP *ld, struct lk_client_totp **ret_totp)
{
	const struct berval nothing = {0};
	struct lk_totp_enrolment enrolment;
	struct lk_answer answer = {0};
	struct berval *value = NULL;
	int error = lk_wire_encode_totp_enrol(&nothing, &value);
	int rc = call(ld, LK_EXOP_TOTP_ENROL, error, value, &answer);

	if (rc != LDAP_SUCCESS)
		return rc;
	error = read_enrolment(&answer, &enrolment);
	struct lk_client_totp *totp = error == LK_OK ? make_totp(&enrolment) : NULL;
	lk_answer_clear(&answer);
	if (totp == NULL)
		return lk_call_fail_answer(ld, error == LK_OK ? LK_ERR_NO_MEMORY : error);
	*ret_totp = totp;
	return LDAP_SUCCESS;
}

int lk_client_totp_finish(LDAP *ld, const char *value)
{
	struct berval *ber = NULL;
	int error = encode_typed(value, lk_wire_encode_totp_enrol, &ber);

	return call_plain(ld, LK_EXOP_TOTP_ENROL, error, ber);
}

void lk_client_totp_free(struct lk_client_totp *totp)
{
	if (totp == NULL)
		return;
	erase_text(totp->secret);
	erase_text(totp->uri);
	free(totp->issuer);
	free(totp->account);
	free(totp);
}

/* --- printed codes -------------------------------------------------------------------------------------------------- */

static char **copy_codes(const struct berval *codes, size_t count)
{
	char **copies = calloc(count + 1, sizeof *copies);

	for (size_t i = 0; copies != NULL && i < count; i++) {
		copies[i] = copy_text(&codes[i]);
		if (copies[i] == NULL) {
			lk_client_codes_free(copies);
			return NULL;
		}
	}
	return copies;
}

int lk_client_codes_new(LDAP *ld, char ***ret_codes)
{
	struct berval codes[LK_PRINTED_CODES];
	struct lk_answer answer = {0};
	size_t count = 0;
	int rc = lk_call_extended(ld, LK_EXOP_RECOVERY_CODES_NEW, NULL, NULL, &answer);

	if (rc != LDAP_SUCCESS)
		return rc;
	int error = answer.value == NULL ? LK_ERR_MALFORMED : lk_wire_decode_printed_codes(answer.value, codes, &count);
	char **copies = error == LK_OK ? copy_codes(codes, count) : NULL;
	lk_answer_clear(&answer);
	if (copies == NULL)
		return lk_call_fail_answer(ld, error == LK_OK ? LK_ERR_NO_MEMORY : error);
	*ret_codes = copies;
	return LDAP_SUCCESS;
}

void lk_client_codes_free(char **codes)
{
	for (char **code = codes; code != NULL && *code != NULL; code++)
		erase_text(*code);
	free(codes);
}

/* --- "that was not me" ----------------------------------------------------------------------------------------------- */

int lk_client_report_misuse(LDAP *ld)
{
	return lk_call_plain(ld, LK_EXOP_REPORT_MISUSE, NULL);
}
