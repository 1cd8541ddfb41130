/* NotificationOverviewResponse. */
#include "wire-overview.h"

#include "wire-fields.h"

static const struct lk_wire_rule rules[] = {
	{LBER_INTEGER, &lk_wire_number, offsetof(struct lk_wire_overview, failed), {0, LK_OVERVIEW_MOST}, false},
	{LBER_INTEGER, &lk_wire_number, offsetof(struct lk_wire_overview, open), {0, LK_OVERVIEW_MOST}, false},
	{LBER_BOOLEAN, &lk_wire_boolean, offsetof(struct lk_wire_overview, durable), {0, 0}, false},
};
static const struct lk_wire_format overview = LK_WIRE_FORMAT(struct lk_wire_overview, rules);

int lk_wire_encode_overview(const struct lk_wire_overview *value, struct berval **ret_ber)
{
	return lk_wire_encode_fields(&overview, value, ret_ber);
}

int lk_wire_decode_overview(const struct berval *ber, struct lk_wire_overview *ret_value)
{
	return lk_wire_decode_fields(&overview, ber, ret_value);
}
