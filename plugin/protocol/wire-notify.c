/* The Notify control's values. */
#include "wire.h"

#include "error.h"

#include "wire-fields.h"

static const struct lk_notify notify_defaults = {.must_change = true};
static const struct lk_wire_rule notify_rules[] = {
	{LK_TAG_CONTEXT(0), &lk_wire_text, offsetof(struct lk_notify, to), {1, LK_ADDRESS_MAX}, true},
	{LK_TAG_CONTEXT(1), &lk_wire_text, offsetof(struct lk_notify, locale), {1, LK_LOCALE_MAX}, true},
	{LK_TAG_CONTEXT(2), &lk_wire_boolean, offsetof(struct lk_notify, must_change), {0, 0}, true},
	{LK_TAG_CONTEXT(3), &lk_wire_boolean, offsetof(struct lk_notify, conceal), {0, 0}, true},
	{LK_TAG_CONTEXT(4), &lk_wire_text, offsetof(struct lk_notify, reason), {1, LK_REASON_MAX}, true},
	{LK_TAG_CONTEXT(5), &lk_wire_text, offsetof(struct lk_notify, ticket), {1, LK_TICKET_MAX}, true},
	{LK_TAG_CONTEXT(6), &lk_wire_boolean, offsetof(struct lk_notify, no_message), {0, 0}, true},
};
static const struct lk_wire_format notify = {
	notify_rules, sizeof(notify_rules) / sizeof(notify_rules[0]), sizeof(struct lk_notify), &notify_defaults};

/* What is sent to nobody goes nowhere, has no language, and cannot bring the user what the administrator is not
 * shown. */
static bool makes_sense(const struct lk_notify *value)
{
	return !value->no_message || (!value->to.bv_val && !value->locale.bv_val && !value->conceal);
}

int lk_wire_encode_notify(const struct lk_notify *value, struct berval **ret_ber)
{
	return makes_sense(value) ? lk_wire_encode_fields(&notify, value, ret_ber) : LK_ERR_MALFORMED;
}

int lk_wire_decode_notify(const struct berval *ber, struct lk_notify *ret_value)
{
	struct lk_notify value;
	int error = lk_wire_decode_fields(&notify, ber, &value);

	if (error == LK_OK && !makes_sense(&value))
		error = LK_ERR_MALFORMED;
	if (error == LK_OK)
		*ret_value = value;
	return error;
}

static const struct lk_wire_rule response_rules[] = {
	{LK_TAG_CONTEXT(0), &lk_wire_id, offsetof(struct lk_notify_response, id), {0, 0}, true},
	{LK_TAG_CONTEXT(1), &lk_wire_time, offsetof(struct lk_notify_response, expires), {0, 0}, true},
	{LK_TAG_CONTEXT(2), &lk_wire_boolean, offsetof(struct lk_notify_response, must_change), {0, 0}, false},
	{LK_TAG_CONTEXT(3), &lk_wire_boolean, offsetof(struct lk_notify_response, code), {0, 0}, true},
};
static const struct lk_wire_format response = LK_WIRE_FORMAT(struct lk_notify_response, response_rules);

int lk_wire_encode_notify_response(const struct lk_notify_response *value, struct berval **ret_ber)
{
	return lk_wire_encode_fields(&response, value, ret_ber);
}

int lk_wire_decode_notify_response(const struct berval *ber, struct lk_notify_response *ret_value)
{
	return lk_wire_decode_fields(&response, ber, ret_value);
}
