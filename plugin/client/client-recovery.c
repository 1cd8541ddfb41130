#include "latchkey.h"

#include "client-call.h"
#include "client-text.h"
#include "error.h"
#include "oid.h"
#include "wire.h"

static int encode_request(const char *user, const char *locale, struct berval **ret_value)
{
	struct lk_recovery_request request = {0};
	int error = lk_text_compose(user, &request.user);

	if (error == LK_OK)
		error = lk_text_compose_optional(locale, &request.locale);
	if (error == LK_OK)
		error = lk_wire_encode_recovery_request(&request, ret_value);
	lk_text_free(&request.user);
	lk_text_free(&request.locale);
	return error;
}

int lk_client_recovery_request(LDAP *ld, const char *user, const char *locale)
{
	struct berval *value = NULL;
	int error = encode_request(user, locale, &value);
	if (error != LK_OK)
		return lk_call_fail_request(ld, error);

	int rc = lk_call_plain(ld, LK_EXOP_RECOVERY_REQUEST, value);
	lk_wire_free(value);
	return rc;
}

static int compose_proofs(struct lk_recovery_complete *request, const struct lk_client_proof *proofs, size_t count)
{
	if (count == 0 || count > LK_PROOFS_MAX)
		return LK_ERR_MALFORMED;
	for (size_t i = 0; i < count; i++) {
		struct lk_proof *proof = &request->proofs[request->proofs_count];
		int error = lk_text_compose(proofs[i].proof, &proof->proof);
		if (error != LK_OK)
			return error;
		proof->method = (enum lk_method)proofs[i].method;
		request->proofs_count++;
	}
	return LK_OK;
}

static void clear_complete(struct lk_recovery_complete *request)
{
	lk_text_free(&request->user);
	lk_text_free(&request->new_password);
	for (size_t i = 0; i < request->proofs_count; i++)
		lk_text_free(&request->proofs[i].proof);
}

static int encode_complete(const char *user, const struct lk_client_proof *proofs, size_t count,
	const char *new_password, struct berval **ret_value)
{
	struct lk_recovery_complete request = {0};
	int error = lk_text_compose(user, &request.user);

	if (error == LK_OK)
		error = compose_proofs(&request, proofs, count);
	if (error == LK_OK)
		error = lk_text_compose_optional(new_password, &request.new_password);
	if (error == LK_OK)
		error = lk_wire_encode_recovery_complete(&request, ret_value);
	clear_complete(&request);
	return error;
}

int lk_client_recovery_complete(
	LDAP *ld, const char *user, const struct lk_client_proof *proofs, size_t count, const char *new_password)
{
	struct berval *value = NULL;
	int error = encode_complete(user, proofs, count, new_password, &value);
	if (error != LK_OK)
		return lk_call_fail_request(ld, error);

	int rc = lk_call_plain(ld, LK_EXOP_RECOVERY_COMPLETE, value);
	lk_wire_free(value);
	return rc;
}
