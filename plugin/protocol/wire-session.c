/* SessionIdentifierControlValue. */
#include "wire-session.h"

#include "wire-fields.h"

static const struct lk_wire_rule rules[] = {
	{LBER_OCTETSTRING, &lk_wire_text, offsetof(struct lk_session, source_ip), {0, LK_SESSION_IP_MAX}, false},
	{LBER_OCTETSTRING, &lk_wire_octets, offsetof(struct lk_session, source_name), {0, LK_SESSION_NAME_MAX}, false},
	{LBER_OCTETSTRING, &lk_wire_octets, offsetof(struct lk_session, format), {0, LK_SESSION_FORMAT_MAX}, false},
	{LBER_OCTETSTRING, &lk_wire_octets, offsetof(struct lk_session, identifier), {0, LK_SESSION_NAME_MAX}, false},
};
static const struct lk_wire_format session = LK_WIRE_FORMAT(struct lk_session, rules);

int lk_wire_encode_session(const struct lk_session *value, struct berval **ret_ber)
{
	return lk_wire_encode_fields(&session, value, ret_ber);
}

int lk_wire_decode_session(const struct berval *ber, struct lk_session *ret_value)
{
	return lk_wire_decode_fields(&session, ber, ret_value);
}
