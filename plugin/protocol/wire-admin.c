/* NotificationResendValue and AccountValue. */
#include "wire-admin.h"

#include "wire-fields.h"

static const struct lk_wire_rule resend_rules[] = {
	{LK_TAG_CONTEXT(0), &lk_wire_text, offsetof(struct lk_resend, user), {1, LK_USER_MAX}, false},
	{LK_TAG_CONTEXT(1), &lk_wire_id, offsetof(struct lk_resend, id), {0, 0}, false},
	{LK_TAG_CONTEXT(2), &lk_wire_text, offsetof(struct lk_resend, to), {1, LK_ADDRESS_MAX}, true},
};
static const struct lk_wire_format resend = LK_WIRE_FORMAT(struct lk_resend, resend_rules);

int lk_wire_encode_resend(const struct lk_resend *value, struct berval **ret_ber)
{
	return lk_wire_encode_fields(&resend, value, ret_ber);
}

int lk_wire_decode_resend(const struct berval *ber, struct lk_resend *ret_value)
{
	return lk_wire_decode_fields(&resend, ber, ret_value);
}

static const struct lk_wire_rule account_rules[] = {
	{LK_TAG_CONTEXT(0), &lk_wire_text, offsetof(struct lk_account_request, user), {1, LK_USER_MAX}, false},
	{LK_TAG_CONTEXT(1), &lk_wire_text, offsetof(struct lk_account_request, reason), {1, LK_REASON_MAX}, true},
	{LK_TAG_CONTEXT(2), &lk_wire_text, offsetof(struct lk_account_request, ticket), {1, LK_TICKET_MAX}, true},
};
static const struct lk_wire_format account = LK_WIRE_FORMAT(struct lk_account_request, account_rules);

int lk_wire_encode_account(const struct lk_account_request *value, struct berval **ret_ber)
{
	return lk_wire_encode_fields(&account, value, ret_ber);
}

int lk_wire_decode_account(const struct berval *ber, struct lk_account_request *ret_value)
{
	return lk_wire_decode_fields(&account, ber, ret_value);
}
