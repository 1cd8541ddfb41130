/* Registration, in an order in which a failure leaves nothing dangling: locks, schema, configuration, the control and
 * the extended operations, the overlay last. */
#include "overlay.h"

#include <sodium.h>

#include "../protocol/oid.h"

int init_module(int argc, char *argv[]);
int term_module(void);

static slap_overinst latchkey;

static SLAP_EXTOP_MAIN_FN run_again;

static struct {
	struct berval oid;
	slap_mask_t flags;
	SLAP_EXTOP_MAIN_FN *run;
	SLAP_EXTOP_MAIN_FN *again; /* what run_again() runs */
} operations[] = {
	{BER_BVC(LK_EXOP_RECOVERY_REQUEST), 0, lk_recovery_request},
	{BER_BVC(LK_EXOP_RECOVERY_COMPLETE), SLAP_EXOP_WRITES, lk_recovery_complete},
	{BER_BVC(LK_EXOP_NOTIFICATION_RESEND), SLAP_EXOP_WRITES, run_again, lk_notification_resend},
	{BER_BVC(LK_EXOP_ACCOUNT_UNLOCK), SLAP_EXOP_WRITES, run_again, lk_account_unlock},
	{BER_BVC(LK_EXOP_ACCOUNT_BLOCK), SLAP_EXOP_WRITES, run_again, lk_account_block},
	{BER_BVC(LK_EXOP_ADDRESS_ADD), SLAP_EXOP_WRITES, run_again, lk_address_add},
	{BER_BVC(LK_EXOP_ADDRESS_PROVE), SLAP_EXOP_WRITES, run_again, lk_address_prove},
	{BER_BVC(LK_EXOP_TOTP_ENROL), SLAP_EXOP_WRITES, run_again, lk_totp_enrol},
	{BER_BVC(LK_EXOP_RECOVERY_CODES_NEW), SLAP_EXOP_WRITES, run_again, lk_recovery_codes_new},
	{BER_BVC(LK_EXOP_REPORT_MISUSE), SLAP_EXOP_WRITES, run_again, lk_report_misuse},
	{BER_BVC(LK_EXOP_NOTIFICATION_TAKE), SLAP_EXOP_HIDE, lk_notification_take},
	{BER_BVC(LK_EXOP_NOTIFICATION_SETTLE), SLAP_EXOP_HIDE | SLAP_EXOP_WRITES, lk_notification_settle},
	{BER_BVC(LK_EXOP_NOTIFICATION_BOUNCE), SLAP_EXOP_HIDE | SLAP_EXOP_WRITES, lk_notification_bounce},
	{BER_BVC(LK_EXOP_NOTIFICATION_OVERVIEW), SLAP_EXOP_HIDE, lk_notification_overview},
};
#define OPERATIONS (sizeof operations / sizeof *operations)

/* What acts on an entry as it was read is done anew where the entry has changed meanwhile. */
static int run_again(Operation *op, SlapReply *rs)
{
	size_t which = 0;

	while (which < OPERATIONS && !bvmatch(&operations[which].oid, &op->ore_reqoid))
		which++;
	for (int i = 0; which < OPERATIONS && i < LK_RACE_TRIES; i++) {
		rs->sr_text = NULL;
		if (operations[which].again(op, rs) != LDAP_BUSY || rs->sr_text != lk_race_text)
			break;
	}
	return rs->sr_err;
}

static void unload_operations(size_t count)
{
	while (count-- > 0)
		unload_extop(&operations[count].oid, operations[count].run, 0);
}

static int load_operations(void)
{
	for (size_t i = 0; i < OPERATIONS; i++) {
		if (load_extop2(&operations[i].oid, operations[i].flags, operations[i].run, 0)) {
			lk_warn("extended operation %s cannot be registered", operations[i].oid.bv_val);
			unload_operations(i);
			return -1;
		}
	}
	return 0;
}

/* Password Modify is replaced in place, and put back the same way: unloading it would take it out of slapd. */
static int replace_password_modify(SLAP_EXTOP_MAIN_FN *run)
{
	return load_extop2(&slap_EXOP_MODIFY_PASSWD, SLAP_EXOP_WRITES, run, 1);
}

static int register_control(void)
{
	char *operations_with_control[] = {LDAP_EXOP_MODIFY_PASSWD, NULL};

	return register_supported_control2(
		LK_CONTROL_NOTIFY, SLAP_CTRL_ADD, operations_with_control, lk_notify_parse, 0, &lk_notify_cid);
}

static void tear_down(void)
{
	lk_monitor_teardown();
	lk_numbers_teardown();
	lk_limits_teardown();
	lk_contact_teardown();
	lk_spending_teardown();
	lk_pace_teardown();
	lk_recovery_teardown();
	lk_recovery_beat_teardown();
	lk_groups_teardown();
	lk_snapshot_teardown();
}

static int set_up(void)
{
	if (lk_protocol_init() != LK_OK || lk_snapshot_setup() || lk_groups_setup() || lk_recovery_setup() ||
		lk_recovery_beat_setup() || lk_pace_setup() || lk_spending_setup() || lk_contact_setup() || lk_limits_setup() ||
		lk_monitor_setup()) {
		lk_warn("out of memory at start");
		return -1;
	}
	if (lk_schema_register()) {
		lk_warn("the schema cannot be registered: has latchkey.ldif been loaded as well? The module brings it along");
		tear_down();
		return -1;
	}
	return 0;
}

static void describe_overlay(void)
{
	latchkey.on_bi.bi_type = "latchkey";
	latchkey.on_bi.bi_flags = SLAPO_BFLAG_SINGLE | SLAPO_BFLAG_DBONLY;
	latchkey.on_bi.bi_db_init = lk_db_init;
	latchkey.on_bi.bi_db_open = lk_db_open;
	latchkey.on_bi.bi_db_close = lk_db_close;
	latchkey.on_bi.bi_db_destroy = lk_db_destroy;
	latchkey.on_bi.bi_op_bind = lk_guard_bind;
	latchkey.on_bi.bi_op_search = lk_guard_search;
	latchkey.on_bi.bi_op_compare = lk_guard_compare;
	latchkey.on_bi.bi_op_add = lk_guard_add;
	latchkey.on_bi.bi_op_modify = lk_guard_modify;
	latchkey.on_bi.bi_op_modrdn = lk_guard_modrdn;
	latchkey.on_bi.bi_op_delete = lk_guard_delete;
	latchkey.on_bi.bi_operational = lk_operational;
	latchkey.on_bi.bi_entry_get_rw = lk_entry_get;
	latchkey.on_bi.bi_entry_release_rw = lk_entry_release;
	latchkey.on_bi.bi_cf_ocs = lk_config_classes;
}

/* slapd takes 0 for success and -1 for failure, and nothing else. */
int init_module(int argc, char *argv[])
{
	(void)argc;
	(void)argv;
	describe_overlay();
	if (set_up() || config_register_schema(lk_config_classes[0].co_table, lk_config_classes))
		return -1;
	if (register_control() || load_operations())
		return -1;
	if (lk_temporary_scheme_register() || replace_password_modify(lk_password_modify)) {
		unload_operations(OPERATIONS);
		return -1;
	}
	if (overlay_register(&latchkey)) {
		replace_password_modify(passwd_extop);
		unload_operations(OPERATIONS);
		return -1;
	}
	return 0;
}

int term_module(void)
{
	replace_password_modify(passwd_extop);
	unload_operations(OPERATIONS);
	lk_instances_free_gone();
	tear_down();
	return 0;
}
