/* One overlay on one database: made, opened, closed, and its beat. */
#include "overlay.h"

#include <sodium.h>

#include "../protocol/oid.h"

#define SWEEP_BEATS 10

struct lk_instance *lk_instances;

struct lk_instance *lk_instance_of(const BackendDB *be)
{
	for (struct lk_instance *instance = lk_instances; instance; instance = instance->next) {
		if (instance->be == be->bd_self)
			return instance;
	}
	return NULL;
}

slap_overinst *lk_instance_overlays(const struct lk_instance *instance)
{
	const slap_overinfo *info = instance->be->bd_info->bi_private;

	return overlay_is_over(instance->be) ? info->oi_list : NULL;
}

struct lk_instance *lk_instance_here(const Operation *op)
{
	slap_overinst *on = (slap_overinst *)op->o_bd->bd_info;

	return on->on_bi.bi_private;
}

bool lk_instance_has_suffix(const struct lk_instance *instance)
{
	const struct berval *now = instance->be->be_nsuffix;

	return now && bvmatch(now, &instance->nsuffix);
}

bool lk_instance_part(const struct lk_instance *instance, const struct berval *subtree, struct berval *ret_base)
{
	const struct berval *suffix = &instance->nsuffix;
	BackendDB *be = select_backend((struct berval *)subtree, 0);

	if (!lk_instance_has_suffix(instance))
		return false;
	if (be && be->bd_self == instance->be)
		*ret_base = *subtree;
	else if (lk_dn_is_within(suffix, subtree))
		*ret_base = *suffix;
	else
		return false;
	return true;
}

/* What has gone, and may still be looked at by an operation that found it before. */
static struct lk_instance *buried;

static void let_go(struct lk_instance *instance)
{
	lk_seal_keys_free(instance->seal_keys);
	instance->seal_keys = NULL;
	ch_free(instance->container.bv_val);
	ch_free(instance->ncontainer.bv_val);
	BER_BVZERO(&instance->container);
	BER_BVZERO(&instance->ncontainer);
}

static void free_instance(struct lk_instance *instance)
{
	let_go(instance);
	ber_bvarray_free(instance->mailer_keys);
	ber_bvarray_free(instance->mailers);
	ber_bvarray_free(instance->nmailers);
	ber_bvarray_free(instance->readers);
	ber_bvarray_free(instance->nreaders);
	ber_bvarray_free(instance->portals);
	ber_bvarray_free(instance->nportals);
	ber_bvarray_free(instance->self_service_only);
	ber_bvarray_free(instance->nself_service_only);
	ch_free(instance->suffix.bv_val);
	ch_free(instance->nsuffix.bv_val);
	ch_free(instance->policy_base.bv_val);
	ch_free(instance->policy_nbase.bv_val);
	ber_bvarray_free(instance->password_attributes);
	ch_free(instance->credentials);
	ch_free(instance->key_file);
	sodium_free(instance->key);
	lk_due_free(instance->due);
	ber_bvarray_free(instance->gone);
	lk_mend_forget(instance);
	lk_expiry_forget(instance);
	ldap_pvt_thread_mutex_destroy(&instance->open_mutex);
	ldap_pvt_thread_mutex_destroy(&instance->due_mutex);
	ldap_pvt_thread_mutex_destroy(&instance->scan_mutex);
	ch_free(instance);
}

void lk_instances_free_gone(void)
{
	while (buried) {
		struct lk_instance *next = buried->buried;

		free_instance(buried);
		buried = next;
	}
}

int lk_db_init(BackendDB *be, ConfigReply *cr)
{
	slap_overinst *on = (slap_overinst *)be->bd_info;
	struct lk_instance *instance;

	(void)cr;
	if (SLAP_ISGLOBALOVERLAY(be)) {
		lk_warn("latchkey belongs on a database, not on the frontend");
		return -1;
	}
	if (on->on_info->oi_orig->bi_flags & (SLAP_BFLAG_CONFIG | SLAP_BFLAG_MONITOR)) {
		lk_warn("latchkey belongs on a database with users, not on cn=config or cn=monitor");
		return -1;
	}
	lk_instances_free_gone(); /* the pool is paused, or has not begun */
	instance = ch_calloc(1, sizeof *instance);
	instance->be = be->bd_self;
	instance->backend = on->on_info->oi_orig;
	instance->numbers = lk_numbers_of(instance->be);
	lk_config_defaults(instance);
	instance->due = lk_due_new(LK_WAITING_KNOWN);
	ldap_pvt_thread_mutex_init(&instance->open_mutex);
	ldap_pvt_thread_mutex_init(&instance->due_mutex);
	ldap_pvt_thread_mutex_init(&instance->scan_mutex);
	instance->next = lk_instances;
	lk_instances = instance;
	on->on_bi.bi_private = instance;
	return overlay_register_control(be, LK_CONTROL_NOTIFY);
}

static void keep_suffix(struct lk_instance *instance)
{
	ch_free(instance->suffix.bv_val);
	ch_free(instance->nsuffix.bv_val);
	ber_dupbv(&instance->suffix, &instance->be->be_suffix[0]);
	ber_dupbv(&instance->nsuffix, &instance->be->be_nsuffix[0]);
}

static void container_name(struct lk_instance *instance)
{
	static const char rdn[] = "cn=latchkey";
	struct berval name = {sizeof rdn - 1, (char *)rdn};

	build_new_dn(&instance->container, &instance->suffix, &name, NULL);
	build_new_dn(&instance->ncontainer, &instance->nsuffix, &name, NULL);
}

struct lk_instance *lk_instance_first_open(void)
{
	struct lk_instance *instance = lk_instances;

	while (instance && !(instance->open && lk_instance_has_suffix(instance)))
		instance = instance->next;
	return instance;
}

static void tidy(Operation *op, struct lk_instance *instance)
{
	lk_recovery_remove_gone(op, instance);
	lk_mend(op, instance);
	if (instance->beats++ % SWEEP_BEATS == 0)
		lk_recovery_sweep(op, instance);
}

/* What is of all databases. */
static void settle_all(Operation *op)
{
	lk_spending_settle(op);
	lk_contact_tell(op);
}

/* Whether nobody waits for the beat to end. */
static bool may_go_on(void)
{
	return !slapd_shutdown && ldap_pvt_thread_pool_pausing(&connection_pool) <= 0;
}

/* What would stay where the overlay goes meanwhile: slapd closes it while the beat may run. */
static void show_oneself(struct lk_instance *instance)
{
	ldap_pvt_thread_mutex_lock(&instance->open_mutex);
	if (instance->open) {
		lk_surroundings_check(instance);
		lk_monitor_appear(instance);
	}
	ldap_pvt_thread_mutex_unlock(&instance->open_mutex);
}

/* The beat: once a second, in a thread of the pool. It writes the wishes of people who asked for a code; they are of
 * all databases, so one instance does it. */
static void *beat(void *ctx, void *arg)
{
	struct re_s *entry = arg;
	struct lk_instance *instance = entry->arg;
	Connection conn = {0};
	OperationBuffer buffer;

	if (may_go_on() && lk_instance_has_suffix(instance)) {
		show_oneself(instance);
		if (instance == lk_instance_first_open())
			lk_recovery_drain(ctx);
		connection_fake_init2(&conn, &buffer, ctx, 1);
		buffer.ob_op.o_bd = instance->be;
		if (instance == lk_instance_first_open())
			settle_all(&buffer.ob_op);
		lk_waiting_scan(&buffer.ob_op, instance);
		lk_writable_settle(instance);
		if (!SLAP_SINGLE_SHADOW(instance->be)) {
			tidy(&buffer.ob_op, instance);
			lk_outbox_prepare(instance, may_go_on);
		}
	}
	lk_task_end(&instance->beat, entry);
	return NULL;
}

/* It has a task of its own, since its search may take seconds in a large directory. */
static void *watch(void *ctx, void *arg)
{
	struct re_s *entry = arg;
	struct lk_instance *instance = entry->arg;
	Connection conn = {0};
	OperationBuffer buffer;

	if (may_go_on() && lk_instance_has_suffix(instance) && !SLAP_SINGLE_SHADOW(instance->be)) {
		connection_fake_init2(&conn, &buffer, ctx, 1);
		buffer.ob_op.o_bd = instance->be;
		lk_expiry_watch(&buffer.ob_op, instance, may_go_on);
	}
	lk_task_end(&instance->watch, entry);
	return NULL;
}

static void warn_of_gaps(const struct lk_instance *instance)
{
	const char *suffix = instance->suffix.bv_val;

	if (!instance->mailer_keys)
		lk_warn("\"%s\" has no olcLatchkeyMailerKey: no message can be sealed, so none is queued", suffix);
	if (BER_BVISNULL(&instance->policy_nbase))
		lk_warn("\"%s\" has no olcLatchkeyPolicyBase: only olcLatchkeySelfServiceOnly counts", suffix);
}

/* Its messages could not be noted as due: the mailer might have looked for them before they were there. */
static void look_for_messages(struct lk_instance *instance)
{
	bool uncommitted;

	ldap_pvt_thread_mutex_lock(&instance->due_mutex);
	uncommitted = instance->uncommitted;
	instance->uncommitted = false;
	ldap_pvt_thread_mutex_unlock(&instance->due_mutex);
	if (uncommitted)
		lk_waiting_rescan(instance, NULL);
}

static bool number_within_scratch(Operation *op, struct lk_instance *instance)
{
	struct lk_scratch scratch = lk_scratch_begin(op);
	bool numbered = lk_numbers_ensure(op, instance);

	lk_scratch_end(op, &scratch);
	return numbered;
}

/* The hooks see each write of a transaction (RFC 5805) before it is committed, and what was read in between may be the
 * old state: once more all is read anew. slapd has no hook for this; the database has its own copy of the backend's
 * table. */
static int transact(Operation *op, int step, OpExtra **transaction)
{
	const slap_overinfo *info = op->o_bd->bd_info->bi_private;
	struct lk_instance *instance = lk_instance_of(op->o_bd); /* NULL: it has just gone */
	int rc;

	if (step == SLAP_TXN_BEGIN && instance && !number_within_scratch(op, instance))
		return LDAP_OTHER;
	rc = info->oi_orig->bi_op_txn(op, step, transaction);

	if (LK_GUARD("commit-counts", step == SLAP_TXN_COMMIT)) {
		lk_snapshot_invalidate();
		lk_groups_invalidate();
		if (instance)
			look_for_messages(instance);
	}
	return rc;
}

static void follow_transactions(slap_overinfo *info, bool follow)
{
	if (info->oi_orig->bi_op_txn)
		info->oi_bi.bi_op_txn = follow ? transact : info->oi_orig->bi_op_txn;
}

static int open_instance(struct lk_instance *instance, slap_overinfo *info, ConfigReply *cr)
{
	lk_schema_find_foreign();
	if (!instance->be->be_suffix || BER_BVISNULL(&instance->be->be_suffix[0])) {
		lk_warn("latchkey needs a database with a suffix");
		return -1;
	}
	keep_suffix(instance);
	if (!lk_coverage_opens(instance)) {
		if (cr)
			snprintf(cr->msg, sizeof cr->msg, "a policy governs a database without this overlay: see the log");
		return -1;
	}
	lk_schema_find_credentials(instance);
	container_name(instance);
	warn_of_gaps(instance);
	lk_guard_read_install(instance);
	follow_transactions(info, true);
	lk_snapshot_invalidate();
	lk_groups_invalidate();
	lk_surroundings_check(instance);
	instance->scanned = false;
	instance->opened = slap_get_time();
	instance->seal_keys = lk_seal_keys_new();
	instance->open = true;
	lk_task_start(&instance->beat, beat, instance, "latchkey_beat", instance->suffix.bv_val);
	lk_task_start(&instance->watch, watch, instance, "latchkey_watch", instance->suffix.bv_val);
	return 0;
}

/* cn=config opens an overlay, which is added or enabled, in a database that is closed, too; with that it is opened again.
 * Where slapd opens a whole database, it hands a copy of it. */
static bool is_database_closed(const BackendDB *be)
{
	return LK_GUARD("closed-with-its-database", be == be->bd_self && !SLAP_DBOPEN(be));
}

/* Whoever replaces olcDisabled has slapd open first what may be open; and whoever deletes it, open what slapd (2.5.13) goes
 * on to pass over. */
int lk_db_open(BackendDB *be, ConfigReply *cr)
{
	slap_overinst *on = (slap_overinst *)be->bd_info;
	struct lk_instance *instance = on->on_bi.bi_private;
	BackendInfo *before = instance->be->bd_info;
	int rc;

	if ((slapMode & SLAP_TOOL_MODE) || instance->open)
		return 0;
	on->on_bi.bi_flags &= ~SLAPO_BFLAG_DISABLED;
	if (is_database_closed(be))
		return 0;
	instance->be->bd_info = (BackendInfo *)on->on_info; /* cn=config leaves the overlay alone there, while it adds it */
	rc = open_instance(instance, on->on_info, cr);
	instance->be->bd_info = before;
	return rc;
}

/* Whether the overlay has been taken from a database that stays. slapd closes and destroys it when the pool is no
 * longer paused: operations under way may have found the instance, so that it is not freed yet. */
static bool is_removed(const slap_overinst *on)
{
	const slap_overinst *other = on->on_info->oi_list;

	while (other && other != on)
		other = other->on_next;
	return !other;
}

int lk_db_close(BackendDB *be, ConfigReply *cr)
{
	slap_overinst *on = (slap_overinst *)be->bd_info;
	struct lk_instance *instance = on->on_bi.bi_private;

	(void)cr;
	if (!instance->open)
		return 0;
	lk_kill_point("overlay", "before-close");
	ldap_pvt_thread_mutex_lock(&instance->open_mutex);
	instance->open = false;
	lk_monitor_disappear(instance);
	lk_surroundings_release(instance);
	ldap_pvt_thread_mutex_unlock(&instance->open_mutex);
	lk_task_stop(&instance->beat);
	lk_task_stop(&instance->watch);
	lk_guard_read_remove(instance);
	follow_transactions(on->on_info, false);
	lk_snapshot_invalidate();
	if (!is_removed(on))
		let_go(instance);
	return 0;
}

int lk_db_destroy(BackendDB *be, ConfigReply *cr)
{
	slap_overinst *on = (slap_overinst *)be->bd_info;
	struct lk_instance *instance = on->on_bi.bi_private;

	(void)cr;
	for (struct lk_instance **link = &lk_instances; *link; link = &(*link)->next) {
		if (*link == instance) {
			*link = instance->next;
			break;
		}
	}
	overlay_unregister_control(be, LK_CONTROL_NOTIFY);
	lk_snapshot_invalidate();
	lk_groups_invalidate();
	if (is_removed(on)) {
		instance->buried = buried;
		buried = instance;
	} else {
		free_instance(instance);
	}
	on->on_bi.bi_private = NULL;
	return 0;
}
