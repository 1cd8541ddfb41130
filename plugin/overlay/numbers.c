/* The numbers that back-mdb gives to types of attributes: those that Latchkey writes get theirs before they are needed. */
#include "overlay.h"

/* An entry with a value of each. What it is called hides it where others might see it. */
static Entry *make_probe(const BackendDB *be)
{
	AttributeDescription *types[] = {lk_schema.message, lk_schema.sealed, lk_schema.due, lk_schema.event,
		lk_schema.address_since, lk_schema.temporary_until, lk_schema.failed_message, lk_schema.former_id,
		lk_schema.former_name, lk_schema.former_address, lk_schema.former_until, lk_schema.expiry_noted,
		lk_schema.event_day, lk_schema.code, lk_schema.blocked, lk_schema.pending_address, lk_schema.totp,
		lk_schema.totp_pending, lk_schema.printed_codes, lk_schema.printed_used};
	struct berval rdn = BER_BVC("latchkeyRecoveryOf=00000000-0000-0000-0000-000000000000"), uuid = rdn;
	struct berval value = BER_BVC("19700101000000Z"), number = BER_BVC("0");
	Entry *probe = entry_alloc();

	uuid.bv_val += sizeof "latchkeyRecoveryOf=" - 1;
	uuid.bv_len -= sizeof "latchkeyRecoveryOf=" - 1;
	build_new_dn(&probe->e_name, &be->be_suffix[0], &rdn, NULL);
	build_new_dn(&probe->e_nname, &be->be_nsuffix[0], &rdn, NULL);
	attr_merge_normalize_one(probe, slap_schema.si_ad_objectClass, &lk_schema.oc_former->soc_cname, NULL);
	attr_merge_normalize_one(probe, slap_schema.si_ad_structuralObjectClass, &lk_schema.oc_former->soc_cname, NULL);
	attr_merge_normalize_one(probe, lk_schema.recovery_of, &uuid, NULL);
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		attr_merge_normalize_one(probe, types[i], &value, NULL);
	attr_merge_normalize_one(probe, lk_schema.serial, &number, NULL);
	return probe;
}

static int add_and_delete_probe(Operation *op, BackendDB *be)
{
	int rc = lk_backend_write_below(op, be, LDAP_REQ_ADD, make_probe(be));

	if (rc == LDAP_SUCCESS || rc == LDAP_ALREADY_EXISTS) {
		Entry *named = make_probe(be);

		lk_kill_point("number", "before-delete");
		rc = lk_backend_write_below(op, be, LDAP_REQ_DELETE, named);
		entry_free(named);
	}
	return rc;
}

/* In one transaction, so that nobody ever sees it. */
static int probe(Operation *op, struct lk_instance *instance)
{
	struct lk_transaction transaction;
	bool begun = lk_transaction_begin_below(op, instance, &transaction);
	int rc = add_and_delete_probe(op, instance->be);

	if (begun && !lk_transaction_end(op, instance, &transaction, rc == LDAP_SUCCESS) && rc == LDAP_SUCCESS)
		rc = LDAP_OTHER;
	return rc;
}

/* --- what was lost ------------------------------------------------------------------------------------------------ */

/* A database whose backend counts with numbers that it has not stored. */
struct lost {
	struct lost *next;
	const BackendDB *be;
	const void *backend; /* its own, since slapd may use an address again */
};

/* Databases outlive their instances: nobody takes from the list before the end, so it needs no lock. */
static _Atomic(struct lost *) all_lost;

static void remember_lost(const BackendDB *be)
{
	struct lost *lost = ch_calloc(1, sizeof *lost);

	lost->be = be;
	lost->backend = be->be_private;
	lost->next = atomic_load(&all_lost);
	while (!atomic_compare_exchange_weak(&all_lost, &lost->next, lost))
		;
}

enum lk_numbers lk_numbers_of(const BackendDB *be)
{
	for (const struct lost *lost = atomic_load(&all_lost); lost; lost = lost->next) {
		if (LK_GUARD("numbers-lost-for-good", lost->be == be && lost->backend == be->be_private))
			return LK_NUMBERS_LOST;
	}
	return LK_NUMBERS_UNKNOWN;
}

void lk_numbers_teardown(void)
{
	struct lost *lost = atomic_exchange(&all_lost, NULL);

	while (lost) {
		struct lost *next = lost->next;

		ch_free(lost);
		lost = next;
	}
}

/* --- the numbers -------------------------------------------------------------------------------------------------- */

/* Of two threads that have tried at once one may have lost them. */
static int settle(struct lk_instance *instance, int result)
{
	int known = LK_NUMBERS_UNKNOWN;

	if (result == LDAP_SUCCESS) {
		atomic_compare_exchange_strong(&instance->numbers, &known, LK_NUMBERS_STORED);
		return atomic_load(&instance->numbers);
	}
	if (atomic_exchange(&instance->numbers, LK_NUMBERS_LOST) != LK_NUMBERS_LOST)
		remember_lost(instance->be);
	return LK_NUMBERS_LOST;
}

/* Once it has failed it is not tried again: the backend would go on with numbers that it has not stored. */
bool lk_numbers_ensure(Operation *op, struct lk_instance *instance)
{
	int known = atomic_load(&instance->numbers), rc;

	if (known == LK_NUMBERS_UNKNOWN) {
		rc = probe(op, instance);
		if (rc == LDAP_NO_SUCH_OBJECT)
			return true; /* a database without its topmost entry has nobody in it */
		known = settle(instance, rc);
	}
	if (known == LK_NUMBERS_LOST)
		lk_writable_refused(instance, LDAP_UNAVAILABLE,
			"the first write failed, and Latchkey writes nothing there until slapd is started again");
	return known == LK_NUMBERS_STORED;
}
