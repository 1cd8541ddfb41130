/* Several writes of our own in one transaction of the database, as RFC 5805 has them for clients: all of them are
 * stored, or none. */
#include "overlay.h"

#include <string.h>

/* The address of this is the key of the mark. */
static const char transaction_key;

bool lk_transaction_has(const Operation *op)
{
	return lk_backend_extra(op, &transaction_key) != NULL;
}

/* Other overlays (slapo-syncprov, slapo-accesslog, slapo-auditlog) hear of each write when it succeeds, and would pass
 * on what is not stored yet, and is not at all where slapd ends before the commit. These two pass on nothing. */
static bool is_quiet(const slap_overinst *overlay)
{
	return !strcmp(overlay->on_bi.bi_type, "latchkey") || !strcmp(overlay->on_bi.bi_type, "ppolicy");
}

static bool have_quiet_overlays(const struct lk_instance *instance)
{
	const slap_overinst *overlay = lk_instance_overlays(instance);

	while (overlay && is_quiet(overlay))
		overlay = overlay->on_next;
	return !overlay;
}

static int ask(Operation *op, const struct lk_instance *instance, int step, OpExtra **backends)
{
	BackendDB *before = op->o_bd;
	int rc;

	op->o_bd = instance->be;
	rc = instance->backend->bi_op_txn(op, step, backends);
	op->o_bd = before;
	return rc;
}

bool lk_transaction_begin_below(Operation *op, struct lk_instance *instance, struct lk_transaction *ret_transaction)
{
	memset(ret_transaction, 0, sizeof *ret_transaction);
	if (!instance->backend->bi_op_txn || lk_backend_extra(op, instance->be->be_private))
		return false;
	if (ask(op, instance, SLAP_TXN_BEGIN, &ret_transaction->backends) != LDAP_SUCCESS) {
		/* mdb has put its own into the list by then. */
		if (ret_transaction->backends)
			LDAP_SLIST_REMOVE(&op->o_extra, ret_transaction->backends, OpExtra, oe_next);
		return false;
	}
	ret_transaction->extra.oe_key = (void *)&transaction_key;
	LDAP_SLIST_INSERT_HEAD(&op->o_extra, &ret_transaction->extra, oe_next);
	return true;
}

bool lk_transaction_begin(Operation *op, struct lk_instance *instance, struct lk_transaction *ret_transaction)
{
	return have_quiet_overlays(instance) && lk_numbers_ensure(op, instance) &&
		   lk_transaction_begin_below(op, instance, ret_transaction);
}

bool lk_transaction_end(
	Operation *op, const struct lk_instance *instance, struct lk_transaction *transaction, bool commit)
{
	LDAP_SLIST_REMOVE(&op->o_extra, &transaction->extra, OpExtra, oe_next);
	LDAP_SLIST_REMOVE(&op->o_extra, transaction->backends, OpExtra, oe_next);
	return ask(op, instance, commit ? SLAP_TXN_COMMIT : SLAP_TXN_ABORT, &transaction->backends) == LDAP_SUCCESS &&
		   commit;
}
