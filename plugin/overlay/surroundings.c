/* What stands around an instance in slapd's configuration and could undo what it does: slapo-accesslog's database,
 * since what stands there is what other providers do (delta-syncrepl), and whoever writes there by themself, the rootdn
 * for one, would get past every rule at all of them; so it takes no client's writes. And syncrepl that loses changes,
 * or a database that does, of which the administrator is warned. Looked at when a database opens and in the beat, since
 * all of it can come later. */
#include "overlay.h"

#include <sodium.h>

#define DISK_BEATS 5 /* in which the database is asked once whether it waits for the disk */

extern ConfigDriver syncrepl_config;

/* --- the log ------------------------------------------------------------------------------------------------------ */

static slap_overinst *find_overlay(const struct lk_instance *instance, const char *type)
{
	slap_overinst *on = lk_instance_overlays(instance);

	while (on && strcmp(on->on_bi.bi_type, type))
		on = on->on_next;
	return on;
}

static ConfigTable *find_in(ConfigTable *table, const char *name)
{
	while (table->name && strcmp(table->name, name))
		table++;
	return table->name ? table : NULL;
}

/* Among those of an overlay, or of a backend. */
static ConfigTable *find_setting(const BackendInfo *info, const char *name)
{
	ConfigTable *setting = NULL;

	for (ConfigOCs *ocs = info->bi_cf_ocs; ocs && ocs->co_def && !setting; ocs++)
		setting = ocs->co_table ? find_in(ocs->co_table, name) : NULL;
	return setting;
}

/* The database in which slapo-accesslog logs the writes of INSTANCE's; NULL where there is none. */
static BackendDB *find_log(const struct lk_instance *instance)
{
	slap_overinst *on = find_overlay(instance, "accesslog");
	ConfigTable *setting = on ? find_setting(&on->on_bi, "logdb") : NULL;
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

/* --- what a power cut undoes ------------------------------------------------------------------------------------- */

/* Whether one of VALUES says that slapd does not wait for the disk with each commit. */
static bool says_not_to_wait(BerVarray values)
{
	static const char *const words[] = {"TRUE", "nosync", "nometasync", "mapasync"};

	for (; values && !BER_BVISNULL(values); values++) {
		for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
			if (!strcasecmp(values->bv_val, words[i]))
				return true;
		}
	}
	return false;
}

bool lk_surroundings_are_durable(const struct lk_instance *instance)
{
	static const char *const names[] = {"dbnosync", "envflags"};
	BackendInfo *backend = instance->backend;
	bool durable = true;

	for (size_t i = 0; i < sizeof names / sizeof *names && durable; i++) {
		ConfigTable *setting = find_setting(backend, names[i]);
		ConfigArgs *c = setting ? ch_calloc(1, sizeof *c) : NULL;

		if (!c)
			continue;
		c->be = instance->be;
		c->bi = backend;
		durable = config_get_vals(setting, c) != 0 || !says_not_to_wait(c->rvalue_vals);
		ber_bvarray_free(c->rvalue_vals);
		ber_bvarray_free(c->rvalue_nvals);
		ch_free(c);
	}
	return durable;
}

/* Having the settings written out is half of what an idle beat costs. */
static void warn_of_power_cuts(struct lk_instance *instance)
{
	bool durable;

	if (instance->beats % DISK_BEATS)
		return;
	durable = lk_surroundings_are_durable(instance);
	if (!durable && !instance->forgetful)
		lk_warn(
			"\"%s\" does not wait for the disk (olcDbNoSync, olcDbEnvFlags): a power cut can undo what was answered, "
			"so that a code works twice and a mail is sent twice, or not at all",
			instance->suffix.bv_val);
	instance->forgetful = !durable;
}

void lk_surroundings_check(struct lk_instance *instance)
{
	const char *fault = find_fault(instance);

	close_log(instance);
	warn_of_power_cuts(instance);
	if (fault && fault != instance->fault)
		lk_warn("\"%s\" takes writes at several providers: %s", instance->suffix.bv_val, fault);
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
	instance->forgetful = false;
}
