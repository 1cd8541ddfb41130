/* Who reads what Latchkey stores. slapd asks the backend's bi_access_allowed before it shows, matches, compares or sends
 * any value, whatever the operation, so that is where the answer is given: what is not allowed here is not there, and what
 * is allowed needs no ACL. Everything else falls through to slapd's own ACLs. */
#include "overlay.h"

#define RECOVERY_RDN "latchkeyrecoveryof="

static unsigned installed; /* instances whose backend type is wrapped; changes only while the pool is paused */
static BackendInfo *wrapped;
static BI_access_allowed *inner;

static bool lists(BerVarray list, const struct berval *ndn)
{
	for (size_t i = 0; list && !BER_BVISNULL(&list[i]); i++) {
		if (dn_match(&list[i], ndn))
			return true;
	}
	return false;
}

static bool is_recovery_entry(const Entry *e)
{
	return e->e_nname.bv_len > sizeof RECOVERY_RDN - 1 &&
		   !memcmp(e->e_nname.bv_val, RECOVERY_RDN, sizeof RECOVERY_RDN - 1);
}

/* Whether the rules let the actor read the state of E's owner. */
static bool may_read_state(Operation *op, const struct lk_instance *instance, const Entry *e)
{
	struct lk_question question = {.action = LK_ACTION_READ_STATE, .self = dn_match(&op->o_ndn, &e->e_nname)};
	struct lk_snapshot *snapshot;
	struct lk_governance governance;
	bool allowed = false;

	if (question.self)
		return true;
	snapshot = lk_snapshot_get(op);
	if (!snapshot)
		return false;
	governance = lk_snapshot_govern(snapshot, &e->e_nname);
	question.mode = governance.mode;
	question.actor_roles = lk_groups_roles(op, governance.policy, instance->be, &op->o_ndn);
	if (question.actor_roles) {
		question.target_roles = lk_groups_roles(op, governance.policy, instance->be, &e->e_nname);
		allowed = lk_rules_decide(&question).allowed;
	}
	lk_snapshot_put(snapshot);
	return allowed;
}

static bool may_read(Operation *op, const Entry *e, const AttributeDescription *desc)
{
	const struct lk_instance *instance = lk_instance_of(op->o_bd);

	if (!instance || BER_BVISEMPTY(&op->o_ndn))
		return false;
	if (lists(instance->nreaders, &op->o_ndn))
		return true;
	/* Hashes, sealed texts and whose codes there are: for replication alone. */
	if (is_recovery_entry(e) ||
		(desc->ad_type != lk_schema.message->ad_type && desc->ad_type != lk_schema.due->ad_type))
		return false;
	return lists(instance->nmailers, &op->o_ndn) || may_read_state(op, instance, e);
}

static int access_allowed_wrapper(Operation *op, Entry *e, AttributeDescription *desc, struct berval *val,
	slap_access_t access, AccessControlState *state, slap_mask_t *mask)
{
	if (!LDAP_SLIST_EMPTY(&op->o_extra) && lk_backend_is_internal(op))
		return 1;
	if (!lk_schema_is_ours(desc) && !is_recovery_entry(e)) {
		if (inner)
			return inner(op, e, desc, val, access, state, mask);
		return frontendDB->bd_info->bi_access_allowed(op, e, desc, val, access, state, mask);
	}
	return may_read(op, e, desc) ? 1 : 0;
}

void lk_guard_read_install(struct lk_instance *instance)
{
	BackendInfo *backend = instance->on->on_info->oi_orig;

	if (backend->bi_access_allowed == access_allowed_wrapper) {
		installed++;
		return;
	}
	if (wrapped) {
		lk_warn("\"%s\" is of another backend type than the first database with latchkey: what Latchkey stores there "
				"is not "
				"guarded against reading",
			instance->be->be_suffix[0].bv_val);
		return;
	}
	wrapped = backend;
	inner = backend->bi_access_allowed;
	backend->bi_access_allowed = access_allowed_wrapper;
	installed = 1;
}

void lk_guard_read_remove(struct lk_instance *instance)
{
	if (instance->on->on_info->oi_orig != wrapped || --installed)
		return;
	wrapped->bi_access_allowed = inner;
	wrapped = NULL;
	inner = NULL;
}
