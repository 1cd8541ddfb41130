/* What remembers names goes when its time is over. Recovery entries go when nothing in them is alive: after a recovery, with their user, or a day after their last code has
 * lapsed. So long it lengthens the life of the next one, lest somebody who asks whenever one has lapsed causes a mail each
 * time. */
#include "overlay.h"

#include "../protocol/code.h"

struct sweep {
	struct lk_instance *instance;
	time_t now;
	BerVarray names, nnames; /* in op's memory */
	Operation *op;
};

static bool is_over(const Entry *entry, time_t now)
{
	Attribute *codes = attr_find(entry->e_attrs, lk_schema.code);
	Attribute *messages = attr_find(entry->e_attrs, lk_schema.message);
	struct berval until = lk_entry_value(entry, lk_schema.former_until);
	time_t when;

	if (!BER_BVISEMPTY(&until))
		return lk_time_parse(&until, &when) != LK_OK || when <= now;
	for (unsigned i = 0; codes && i < codes->a_numvals; i++) {
		struct lk_stored_code code;

		if (lk_stored_code_parse(&codes->a_vals[i], &code) == LK_OK && code.expires + LK_UNUSED_REMEMBERED > now)
			return false;
	}
	for (unsigned i = 0; messages && i < messages->a_numvals; i++) {
		struct lk_message message;

		if (lk_message_parse(&messages->a_vals[i], &message) == LK_OK && lk_message_is_open(&message) &&
			message.expires > now)
			return false;
	}
	return true;
}

/* An lk_backend_found. */
static int found_recovery(void *context, Operation *op, Entry *entry)
{
	struct sweep *sweep = context;
	struct berval dn, ndn;

	(void)op;
	if (!is_over(entry, sweep->now))
		return 0;
	ber_dupbv_x(&dn, &entry->e_name, sweep->op->o_tmpmemctx);
	ber_dupbv_x(&ndn, &entry->e_nname, sweep->op->o_tmpmemctx);
	ber_bvarray_add_x(&sweep->names, &dn, sweep->op->o_tmpmemctx);
	ber_bvarray_add_x(&sweep->nnames, &ndn, sweep->op->o_tmpmemctx);
	return 0;
}

/* Looking costs no write transaction. */
static void see_nothing(void *context, const Entry *stored)
{
	(void)context;
	(void)stored;
}

void lk_recovery_remove(Operation *op, struct lk_instance *instance, const struct berval *uuid)
{
	struct berval dn, ndn;

	lk_recovery_dn(op, instance, uuid, &dn, &ndn);
	if (lk_backend_look(op, instance->be, &ndn, see_nothing, NULL) == LDAP_SUCCESS)
		lk_backend_delete(op, instance->be, &dn, &ndn);
}

void lk_recovery_remove_gone(Operation *op, struct lk_instance *instance)
{
	BerVarray gone;

	ldap_pvt_thread_mutex_lock(&instance->due_mutex);
	gone = instance->gone;
	instance->gone = NULL;
	ldap_pvt_thread_mutex_unlock(&instance->due_mutex);
	for (size_t i = 0; gone && !BER_BVISNULL(&gone[i]); i++)
		lk_recovery_remove(op, instance, &gone[i]);
	ber_bvarray_free(gone);
}

void lk_recovery_sweep(Operation *op, struct lk_instance *instance)
{
	struct sweep sweep = {.instance = instance, .now = op->o_time, .op = op};
	Filter all = {.f_choice = LDAP_FILTER_PRESENT, .f_desc = slap_schema.si_ad_objectClass};

	lk_backend_search(op, instance->be, &instance->ncontainer, LDAP_SCOPE_ONELEVEL, &all, 0, found_recovery, &sweep);
	for (size_t i = 0; sweep.names && !BER_BVISNULL(&sweep.names[i]); i++)
		lk_backend_delete(op, instance->be, &sweep.names[i], &sweep.nnames[i]);
	ber_bvarray_free_x(sweep.names, op->o_tmpmemctx);
	ber_bvarray_free_x(sweep.nnames, op->o_tmpmemctx);
}
