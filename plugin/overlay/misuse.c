/* ReportMisuse: "that was not me". Whatever is on its way to somebody who is not the user stops working: live codes by a new
 * serial number, what waits for a proof by its removal. */
#include "overlay.h"

static Modifications *void_all(const struct lk_target *target)
{
	AttributeDescription *waiting[] = {lk_schema.pending_address, lk_schema.totp_pending};
	Modifications *mods = NULL, **tail = lk_mod_append_serial(&mods, target);

	for (size_t i = 0; i < sizeof waiting / sizeof *waiting; i++)
		tail = lk_mod_append(tail, waiting[i], LDAP_MOD_REPLACE, NULL, 0);
	return mods;
}

int lk_report_misuse(Operation *op, SlapReply *rs)
{
	struct lk_target target;

	if (op->ore_reqdata)
		return lk_fail(rs, LDAP_PROTOCOL_ERROR, "the request has no value");
	if (lk_enrol_begin(op, rs, 0, &target) == LDAP_SUCCESS &&
		lk_enrol_write(op, rs, &target, void_all(&target), "misuse", LK_EVENT_MISUSE) == LDAP_SUCCESS) {
		struct berval uuid = lk_entry_value(target.entry, slap_schema.si_ad_entryUUID);

		lk_recovery_remove(op, target.instance, &uuid);
	}
	lk_target_release(&target);
	return rs->sr_err;
}
