/* ReportMisuse: "that was not me". Whatever is on its way to somebody who is not the user stops working: live codes by
 * a new serial number, what waits for a proof by its removal. The global administrators are told, in the same write;
 * but once a day of one user, whatever else fills the trail in between, so that nobody floods them. A report of the
 * same day voids the codes again, and pushes nothing out of the trail. */
#include "overlay.h"

static Modifications **void_all(Modifications **mods, const struct lk_target *target)
{
	AttributeDescription *waiting[] = {lk_schema.pending_address, lk_schema.totp_pending};
	Modifications **tail = lk_mod_append_serial(mods, target);

	for (size_t i = 0; i < sizeof waiting / sizeof *waiting; i++)
		tail = lk_mod_append(tail, waiting[i], LDAP_MOD_REPLACE, NULL, 0);
	return tail;
}

static int report(Operation *op, SlapReply *rs, const struct lk_target *target)
{
	struct lk_news news = {.kind = LK_KIND_MISUSE_REPORTED};
	bool again = LK_GUARD("report-once-a-day", lk_events_reported_lately(target->entry, op->o_time));
	Modifications *mods = NULL, **tail = void_all(&mods, target);

	if (!again)
		lk_tell_append(op, tail, target, &news);
	return lk_enrol_write(op, rs, target, mods, "misuse", again ? LK_EVENT_COUNT : LK_EVENT_MISUSE);
}

int lk_report_misuse(Operation *op, SlapReply *rs)
{
	struct lk_target target;

	if (op->ore_reqdata)
		return lk_fail(rs, LDAP_PROTOCOL_ERROR, "the request has no value");
	if (lk_enrol_begin(op, rs, 0, &target) == LDAP_SUCCESS && report(op, rs, &target) == LDAP_SUCCESS) {
		struct berval uuid = lk_entry_value(target.entry, slap_schema.si_ad_entryUUID);

		lk_recovery_remove(op, target.instance, &uuid);
	}
	lk_target_release(&target);
	return rs->sr_err;
}
