/* What administrators do beside a reset. */
#include "latchkey.h"

#include <string.h>

#include "client-call.h"
#include "client-text.h"
#include "error.h"
#include "oid.h"
#include "wire-admin.h"

/* Sends VALUE, unless composing it ended with ERROR, and frees it. */
static int send_value(LDAP *ld, const char *oid, int error, struct berval *value)
{
	if (error != LK_OK)
		return lk_call_fail_request(ld, error);

	int rc = lk_call_plain(ld, oid, value);
	lk_wire_free(value);
	return rc;
}

static int encode_resend(const char *user, const char *id, const char *to, struct berval **ret_value)
{
	struct lk_resend request = {0};
	if (id == NULL || strlen(id) != LK_ID_TEXT)
		return LK_ERR_MALFORMED;

	memcpy(request.id, id, sizeof request.id);
	int error = lk_text_compose(user, &request.user);
	if (error == LK_OK)
		error = lk_text_compose_optional(to, &request.to);
	if (error == LK_OK)
		error = lk_wire_encode_resend(&request, ret_value);
	lk_text_free(&request.user);
	lk_text_free(&request.to);
	return error;
}

int lk_client_resend(LDAP *ld, const char *user, const char *id, const char *to)
{
	struct berval *value = NULL;
	int error = encode_resend(user, id, to, &value);

	return send_value(ld, LK_EXOP_NOTIFICATION_RESEND, error, value);
}

static int encode_account(const char *user, const char *reason, const char *ticket, struct berval **ret_value)
{
	struct lk_account_request request = {0};
	int error = lk_text_compose(user, &request.user);

	if (error == LK_OK)
		error = lk_text_compose_optional(reason, &request.reason);
	if (error == LK_OK)
		error = lk_text_compose_optional(ticket, &request.ticket);
	if (error == LK_OK)
		error = lk_wire_encode_account(&request, ret_value);
	lk_text_free(&request.user);
	lk_text_free(&request.reason);
	lk_text_free(&request.ticket);
	return error;
}

int lk_client_unlock(LDAP *ld, const char *user, const char *reason, const char *ticket)
{
	struct berval *value = NULL;
	int error = encode_account(user, reason, ticket, &value);

	return send_value(ld, LK_EXOP_ACCOUNT_UNLOCK, error, value);
}

int lk_client_block(LDAP *ld, const char *user, const char *reason, const char *ticket)
{
	struct berval *value = NULL;
	int error = encode_account(user, reason, ticket, &value);

	return send_value(ld, LK_EXOP_ACCOUNT_BLOCK, error, value);
}
