/* Who reads what Latchkey stores. slapd asks the backend's bi_access_allowed before it shows, matches, compares or
 * sends any value, whatever the operation, so that is where the answer is given: what is not allowed here is not there,
 * and what is allowed needs no ACL. Everything else falls through to slapd's own ACLs. */
#include "overlay.h"

/* As slapd normalizes them: the type as the schema spells it. */
#define RECOVERY_RDN "latchkeyRecoveryOf="
#define FORMER_RDN "latchkeyFormerId="
#define CONTAINER_RDN "cn=latchkey,"

/* All of these change only while the pool is paused. */
static unsigned installed; /* instances whose backend type is wrapped */
static BackendInfo *wrapped;
static BI_access_allowed *inner; /* what it had before; NULL: slapd's ACLs */
static BackendInfo *const *frontend; /* what stands in frontendDB, overlays or not */
static const BackendInfo *bare_frontend; /* what would without; NULL where access does not end in slapd's ACLs */

static bool begins_with(const struct berval *ndn, const char *rdn, size_t length)
{
	return ndn->bv_len > length && !memcmp(ndn->bv_val, rdn, length);
}

/* A recovery entry, one that remembers names, or the container of them: that it has entries below tells as much as they
 * do. */
static bool is_hidden(const Operation *op, const Entry *e)
{
	const struct lk_instance *instance;

	if (begins_with(&e->e_nname, RECOVERY_RDN, sizeof RECOVERY_RDN - 1) ||
		begins_with(&e->e_nname, FORMER_RDN, sizeof FORMER_RDN - 1))
		return true;
	if (!begins_with(&e->e_nname, CONTAINER_RDN, sizeof CONTAINER_RDN - 1))
		return false;
	instance = lk_instance_of(op->o_bd);
	return instance && dn_match(&e->e_nname, &instance->ncontainer);
}

/* The number by which replication counts writes tells a stranger what came of a request. */
static bool is_count_of_writes(const Operation *op, const AttributeDescription *desc)
{
	return (desc->ad_type->sat_flags & LK_AT_COUNT) && BER_BVISEMPTY(&op->o_ndn) && !lk_is_slapds_own(op);
}

/* The trail of a policy, and of a role group, where no policy governs these themselves: for that policy's global
 * administrators and auditors. */
static bool may_read_trail_of_rules(
	Operation *op, const struct lk_instance *instance, const struct lk_snapshot *snapshot, const struct berval *ndn)
{
	for (size_t i = 0; i < snapshot->count; i++) {
		const struct lk_policy *policy = snapshot->policies[i];
		unsigned roles = lk_groups_roles(op, policy, instance->be, &op->o_ndn);

		if ((roles & (LK_ROLE_GLOBAL_ADMIN | LK_ROLE_AUDITOR)) &&
			(dn_match(&policy->dn, ndn) || lk_groups_concern(op, policy, ndn, LK_CONCERN_GROUP)))
			return true;
	}
	return false;
}

bool lk_may_read_of_others(Operation *op, const struct lk_instance *instance)
{
	return !BER_BVISEMPTY(&op->o_ndn) &&
		   (lk_dn_is_among(instance->nmailers, &op->o_ndn) || lk_groups_roles_anywhere(op, instance->be, &op->o_ndn));
}

static bool is_trail(const AttributeType *type)
{
	return type == lk_schema.event->ad_type || type == lk_schema.event_day->ad_type;
}

/* Whether the rules let the actor read the state of E's owner. */
static bool may_read_state(
	Operation *op, const struct lk_instance *instance, const Entry *e, const AttributeDescription *desc)
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
	if (!governance.policy && is_trail(desc->ad_type))
		allowed = allowed || may_read_trail_of_rules(op, instance, snapshot, &e->e_nname);
	lk_snapshot_put(snapshot);
	return allowed;
}

/* What users see of themselves, and administrators and auditors of them. */
static bool is_state(const AttributeType *type)
{
	return type == lk_schema.message->ad_type || type == lk_schema.due->ad_type || is_trail(type) ||
		   type == lk_schema.blocked->ad_type || type == lk_schema.method_state->ad_type ||
		   type == lk_schema.role->ad_type || type == lk_schema.address_since->ad_type ||
		   type == lk_schema.temporary_until->ad_type || type == lk_schema.failed_message->ad_type ||
		   type == lk_schema.expiry_noted->ad_type;
}

static bool may_read(Operation *op, const Entry *e, const AttributeDescription *desc)
{
	const struct lk_instance *instance = lk_instance_of(op->o_bd);

	if (!instance)
		return false;
	if (lk_is_reader(op, instance) || desc->ad_type == lk_schema.verdict->ad_type)
		return true; /* the verdict is computed for the one who asks */
	/* Hashes, sealed texts and whose codes there are: for replication alone. */
	if (LK_GUARD("secrets", !is_state(desc->ad_type)) || LK_GUARD("state-of-hidden", is_hidden(op, e)))
		return false;
	if (BER_BVISEMPTY(&op->o_ndn))
		return false; /* who has no role, without a look at the roles */
	return lk_dn_is_among(instance->nmailers, &op->o_ndn) || may_read_state(op, instance, e, desc);
}

/* Whether an overlay of the frontend has an access check of its own. */
static bool is_frontend_checking(void)
{
	const slap_overinfo *info = frontendDB->bd_info->bi_private;

	for (const slap_overinst *on = info->oi_list; on; on = on->on_next) {
		if (on->on_bi.bi_access_allowed)
			return true;
	}
	return false;
}

/* The frontend's overlays take a database that has a check of its own for one with overlays, and would ask those of
 * that one: so they are shown the database as it would be without ours. */
static int ask_frontend(Operation *op, Entry *e, AttributeDescription *desc, struct berval *val, slap_access_t access,
	AccessControlState *state, slap_mask_t *mask)
{
	BackendDB *be = op->o_bd, shown = *be;
	BackendInfo info = *be->bd_info;
	int rc;

	info.bi_access_allowed = NULL;
	shown.bd_info = &info;
	op->o_bd = &shown;
	rc = frontendDB->bd_info->bi_access_allowed(op, e, desc, val, access, state, mask);
	op->o_bd = be;
	return rc;
}

/* What slapd would do without this file. */
static int leave_to_slapd(Operation *op, Entry *e, AttributeDescription *desc, struct berval *val, slap_access_t access,
	AccessControlState *state, slap_mask_t *mask)
{
	if (inner)
		return inner(op, e, desc, val, access, state, mask);
	if (SLAP_ISGLOBALOVERLAY(frontendDB) && is_frontend_checking())
		return ask_frontend(op, e, desc, val, access, state, mask);
	return slap_access_allowed(op, e, desc, val, access, state, mask);
}

static __attribute__((noinline)) int decide(Operation *op, Entry *e, AttributeDescription *desc, struct berval *val,
	slap_access_t access, AccessControlState *state, slap_mask_t *mask)
{
	if (lk_backend_is_internal(op))
		return 1;
	if (LK_GUARD("count-of-writes", is_count_of_writes(op, desc)))
		return 0;
	if (!lk_schema_is_ours(desc) && !is_hidden(op, e))
		return leave_to_slapd(op, e, desc, val, access, state, mask);
	return lk_is_slapds_own(op) || may_read(op, e, desc) ? 1 : 0;
}

/* Whether NDN begins like RDN; four octets alone tell nearly all others apart. */
static inline bool looks_like(const struct berval *ndn, const char *rdn)
{
	return !memcmp(ndn->bv_val, rdn, 4) && !memcmp(ndn->bv_val + 4, rdn + 4, 4);
}

/* Whether decide() could say anything but what slapd's ACLs say. */
static inline bool may_concern(const Operation *op, const Entry *e, const AttributeDescription *desc)
{
	const struct berval *ndn = &e->e_nname;

	if (*frontend != bare_frontend || (desc->ad_type->sat_flags & (LK_AT_OURS | LK_AT_COUNT)) ||
		lk_backend_may_be_internal(op))
		return true;
	/* All hidden names begin in one of two ways. */
	return ndn->bv_len > 8 && (looks_like(ndn, CONTAINER_RDN) || looks_like(ndn, RECOVERY_RDN));
}

/* This runs a dozen times and more in each search, so that every instruction counts. */
static int access_allowed_wrapper(Operation *op, Entry *e, AttributeDescription *desc, struct berval *val,
	slap_access_t access, AccessControlState *state, slap_mask_t *mask)
{
	if (may_concern(op, e, desc))
		return decide(op, e, desc, val, access, state, mask);
	return slap_access_allowed(op, e, desc, val, access, state, mask);
}

static const BackendInfo *find_bare_frontend(void)
{
	const BackendInfo *info = frontendDB->bd_info;

	if (SLAP_ISGLOBALOVERLAY(frontendDB))
		info = ((slap_overinfo *)info->bi_private)->oi_orig;
	return info->bi_access_allowed == fe_access_allowed ? info : NULL;
}

void lk_guard_read_install(struct lk_instance *instance)
{
	BackendInfo *backend = instance->backend;

	if (backend->bi_access_allowed == access_allowed_wrapper) {
		installed++;
		return;
	}
	if (wrapped) {
		lk_warn("\"%s\" is of another backend type than the first database with latchkey: what Latchkey stores there "
				"is not "
				"guarded against reading",
			instance->suffix.bv_val);
		return;
	}
	wrapped = backend;
	lk_mask_install(backend);
	inner = backend->bi_access_allowed;
	frontend = &frontendDB->bd_info;
	bare_frontend = inner ? NULL : find_bare_frontend();
	backend->bi_access_allowed = access_allowed_wrapper;
	installed = 1;
}

void lk_guard_read_remove(struct lk_instance *instance)
{
	if (instance->backend != wrapped || --installed)
		return;
	wrapped->bi_access_allowed = inner;
	lk_mask_remove(wrapped);
	wrapped = NULL;
	inner = NULL;
}
