/* By its entryUUID Latchkey knows an account: its codes hang on it, and what is remembered of the names that it had.
 * slapd gives each entry one of its own, but for clients that relax the rules, or write to a database with several
 * providers: these may choose it. So no entry is given that of another, whether it is there or is remembered. */
#include "former-names.h"

struct holder {
	const struct lk_snapshot *snapshot;
	const struct berval *ndn; /* who is given it */
	bool found;
};

/* An lk_backend_found. Where nothing is enforced nothing is refused. */
static int found_holder(void *context, Operation *op, Entry *entry)
{
	struct holder *holder = context;
	struct lk_governance governance = lk_snapshot_govern(holder->snapshot, &entry->e_nname);

	(void)op;
	holder->found = !dn_match(&entry->e_nname, holder->ndn) && governance.policy && !governance.observe;
	return holder->found;
}

static bool is_there(Operation *op, const struct lk_snapshot *snapshot, const struct berval *nuuid)
{
	struct holder holder = {.snapshot = snapshot, .ndn = &op->o_req_ndn};
	Filter *same = lk_filter_equals(op, slap_schema.si_ad_entryUUID, nuuid);

	for (struct lk_instance *in = lk_instances; in && !holder.found; in = in->next) {
		if (in->open)
			lk_backend_search(op, in->be, &in->nsuffix, LDAP_SCOPE_SUBTREE, same, 0, found_holder, &holder);
	}
	return holder.found;
}

static void see_identity(void *context, const Entry *stored)
{
	struct berval *uuid = context, own = lk_entry_value(stored, slap_schema.si_ad_entryUUID);

	if (bvmatch(&own, uuid))
		BER_BVZERO(uuid);
}

static bool has_already(Operation *op, struct lk_instance *instance, struct berval uuid)
{
	if (op->o_tag != LDAP_REQ_ADD)
		lk_backend_look(op, instance->be, &op->o_req_ndn, see_identity, &uuid);
	return BER_BVISNULL(&uuid);
}

static bool is_of_another(Operation *op, struct lk_instance *instance, const struct lk_snapshot *snapshot,
	const struct berval *uuid, const struct berval *nuuid)
{
	struct lk_former_search remembered = {.op = op, .own = true, .uuid = *uuid};

	if (has_already(op, instance, *uuid))
		return false;
	lk_former_search(&remembered);
	return remembered.found || is_there(op, snapshot, nuuid);
}

static int check(Operation *op, SlapReply *rs, struct lk_instance *instance, const struct berval *values,
	const struct berval *nvalues)
{
	static const struct lk_decision decision = {
		.verdict = {.result = LDAP_UNWILLING_TO_PERFORM,
			.rule = "identity-of-another",
			.text = "another account has this entryUUID, or had it until lately"},
		.changes = LK_CHANGES_NAME,
	};
	struct lk_snapshot *snapshot = lk_snapshot_get(op);
	bool taken = false;

	if (!snapshot)
		return lk_refuse(op, rs, LDAP_BUSY, lk_unread_text);
	for (size_t i = 0; !BER_BVISNULL(&values[i]) && !taken; i++)
		taken = is_of_another(op, instance, snapshot, &values[i], &nvalues[i]);
	lk_snapshot_put(snapshot);
	return LK_GUARD("identity-of-another", taken) ? lk_trail_refuse(op, rs, instance, &decision) : LDAP_SUCCESS;
}

int lk_identity_check(Operation *op, SlapReply *rs, struct lk_instance *instance)
{
	int rc = LDAP_SUCCESS;

	if (op->o_tag == LDAP_REQ_DELETE)
		return rc;
	if (op->o_tag == LDAP_REQ_ADD) {
		Attribute *a = attr_find(op->ora_e->e_attrs, slap_schema.si_ad_entryUUID);

		return a ? check(op, rs, instance, a->a_vals, a->a_nvals) : rc;
	}
	/* A rename's modlist stands where a modify's does. */
	for (const Modifications *mod = op->orm_modlist; mod && rc == LDAP_SUCCESS; mod = mod->sml_next) {
		if (mod->sml_desc == slap_schema.si_ad_entryUUID && lk_former_puts_in(mod))
			rc = check(op, rs, instance, mod->sml_values, lk_former_normalized(mod));
	}
	return rc;
}
