/* The Notify control: checked when the request comes in, decoded where it is asked for (a transaction keeps its
 * operations without memory of their own), answered with the message's id. */
#include "overlay.h"

#include "../protocol/address.h"
#include "../protocol/oid.h"

int lk_notify_cid;

int lk_notify_parse(Operation *op, SlapReply *rs, LDAPControl *control)
{
	struct lk_notify notify;

	if (LK_GUARD("control-twice", op->o_ctrlflag[lk_notify_cid] != SLAP_CONTROL_NONE)) {
		rs->sr_text = "Notify control given twice";
		return LDAP_PROTOCOL_ERROR;
	}
	if (BER_BVISNULL(&control->ldctl_value) || lk_wire_decode_notify(&control->ldctl_value, &notify) != LK_OK) {
		rs->sr_text = "Notify control value is not in its documented form";
		return LDAP_PROTOCOL_ERROR;
	}
	op->o_controls[lk_notify_cid] = control;
	op->o_ctrlflag[lk_notify_cid] = control->ldctl_iscritical ? SLAP_CONTROL_CRITICAL : SLAP_CONTROL_NONCRITICAL;
	return LDAP_SUCCESS;
}

const struct lk_notify *lk_notify_of(Operation *op)
{
	const LDAPControl *control = op->o_controls[lk_notify_cid];
	struct lk_notify *notify;

	if (op->o_ctrlflag[lk_notify_cid] <= SLAP_CONTROL_IGNORED)
		return NULL;
	notify = op->o_tmpcalloc(1, sizeof *notify, op->o_tmpmemctx);
	if (lk_wire_decode_notify(&control->ldctl_value, notify) == LK_OK)
		return notify;
	op->o_tmpfree(notify, op->o_tmpmemctx);
	return NULL;
}

int lk_notify_answer(Operation *op, SlapReply *rs, const struct lk_notify_response *response)
{
	LDAPControl *controls[2] = {NULL, NULL}, *control;
	struct berval *value;

	if (lk_wire_encode_notify_response(response, &value) != LK_OK)
		return LDAP_OTHER;
	control = op->o_tmpcalloc(1, sizeof *control + value->bv_len + 1, op->o_tmpmemctx);
	control->ldctl_oid = (char *)LK_CONTROL_NOTIFY;
	control->ldctl_value.bv_val = (char *)(control + 1);
	control->ldctl_value.bv_len = value->bv_len;
	memcpy(control->ldctl_value.bv_val, value->bv_val, value->bv_len);
	lk_wire_free(value);
	controls[0] = control;
	return slap_add_ctrls(op, rs, controls) < 1 ? LDAP_OTHER : LDAP_SUCCESS;
}
