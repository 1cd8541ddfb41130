/* What stands around an instance in slapd's configuration and could undo what it does. Two things: slapo-accesslog's
 * database, since what stands there is what other providers do (delta-syncrepl), and whoever writes there by themself, the
 * rootdn for one, would get past every rule at all of them; so it takes no client's writes. And syncrepl that loses changes,
 * of which the administrator is warned. Looked at when a database opens and once in each beat, since both can come later. */
#include "overlay.h"

#include <sodium.h>

extern ConfigDriver syncrepl_config;

/* --- the log ------------------------------------------------------------------------------------------------------ */

static slap_overinst *find_overlay(const struct lk_instance *instance, const char *type)
{
	slap_overinst *on = instance->on->on_info->oi_list;

	while (on && strcmp(on->on_bi.bi_type, type))
		on = on->on_next;
	return on;
}

static ConfigTable *find_setting(const slap_overinst *on, const char *name)
{
	ConfigTable *setting = on->on_bi.bi_cf_ocs ? on->on_bi.bi_cf_ocs[0].co_table : NULL;

	while (setting && setting->name && strcmp(setting->name, name))
		setting++;
	return setting && setting->name ? setting : NULL;
}

/* The database in which slapo-accesslog logs the writes of INSTANCE's; NULL where there is none. */
static BackendDB *find_log(const struct lk_instance *instance)
{
	slap_overinst *on = find_overlay(instance, "accesslog");
	ConfigTable *setting = on ? find_setting(on, "logdb") : NULL;
	ConfigArgs *c;
	BackendDB *be = NULL;

	if (!setting)
		return NULL;
	c = ch_calloc(1, sizeof *c); /* some 10 KiB */
	c->be = instance->be;
	c->bi = &on->on_bi;
	if (config_get_vals(setting, c) == 0 && c->rvalue_nvals)
		be = select_backend(&c->rvalue_nvals[0], 0);
	ber_bvarray_free(c->rvalue_vals);
	ber_bvarray_free(c->rvalue_nvals);
	ch_free(c);
	return be && be->bd_self != instance->be ? be->bd_self : NULL;
}

/* slapo-accesslog itself writes past this, and so does the purge. */
static void close_log(struct lk_instance *instance)
{
	BackendDB *be = find_log(instance);

	if (!be || (be->be_restrictops & SLAP_RESTRICT_OP_WRITES) == SLAP_RESTRICT_OP_WRITES)
		return;
	be->be_restrictops |= SLAP_RESTRICT_OP_WRITES;
	ch_free(instance->closed_log.bv_val);
	ber_dupbv(&instance->closed_log, &be->be_nsuffix[0]);
}

/* --- syncrepl --------------------------------------------------------------------------------------------------- */

static bool is_delta(const struct berval *consumer)
{
	return strstr(consumer->bv_val, "syncdata=accesslog") != NULL;
}

/* Whether each consumer of BE reads a log. */
static bool all_are_delta(BackendDB *be)
{
	ConfigArgs *c = ch_calloc(1, sizeof *c);
	bool delta = true;

	c->op = SLAP_CONFIG_EMIT;
	c->be = be;
	syncrepl_config(c);
	for (size_t i = 0; c->rvalue_vals && !BER_BVISNULL(&c->rvalue_vals[i]); i++) {
		delta = delta && is_delta(&c->rvalue_vals[i]);
		sodium_memzero(c->rvalue_vals[i].bv_val, c->rvalue_vals[i].bv_len); /* there is a password in it */
	}
	ber_bvarray_free(c->rvalue_vals);
	ch_free(c);
	return delta;
}

static const char *find_fault(const struct lk_instance *instance)
{
	BackendDB *log = find_log(instance);

	if (!SLAP_MULTIPROVIDER(instance->be))
		return NULL;
	if (!all_are_delta(instance->be))
		return "use delta-syncrepl (syncdata=accesslog), since plain syncrepl loses the older of two changes to one "
			   "entry";
	if (log && !be_isroot_dn(log, &instance->be->be_rootndn))
		return "give the database of its log the same olcRootDN: as this syncrepl looks there for newer changes, which "
			   "a "
			   "belated one would undo";
	return NULL;
}

void lk_surroundings_check(struct lk_instance *instance)
{
	const char *fault = find_fault(instance);

	close_log(instance);
	if (fault && fault != instance->fault)
		lk_warn("\"%s\" takes writes at several providers: %s", instance->be->be_suffix[0].bv_val, fault);
	instance->fault = fault;
}

void lk_surroundings_release(struct lk_instance *instance)
{
	BackendDB *be = BER_BVISNULL(&instance->closed_log) ? NULL : select_backend(&instance->closed_log, 0);

	if (be)
		be->be_restrictops &= ~(slap_mask_t)SLAP_RESTRICT_OP_WRITES;
	ch_free(instance->closed_log.bv_val);
	BER_BVZERO(&instance->closed_log);
	instance->fault = NULL;
}
