/* Whether the one who asks may act on somebody's account: found, decided, logged, and where it is refused, recorded. */
#include "overlay.h"

/* Whose name was borrowed only the connection knows, and a client that binds once more changes that under an operation
 * that goes on. So whoever may have borrowed one, by what the operation itself was begun with, is who is signed in now:
 * at worst nobody. */
struct berval lk_actor(const Operation *op)
{
	struct berval actor = BER_BVC("");

	if (!op->o_proxy_authz && op->o_authtype != LDAP_AUTH_SASL)
		return op->o_ndn;
	ldap_pvt_thread_mutex_lock(&op->o_conn->c_mutex);
	if (!BER_BVISEMPTY(&op->o_conn->c_ndn))
		ber_dupbv_x(&actor, &op->o_conn->c_ndn, op->o_tmpmemctx);
	ldap_pvt_thread_mutex_unlock(&op->o_conn->c_mutex);
	return actor;
}

const char *lk_actor_log(const Operation *op)
{
	struct berval actor = lk_actor(op);
	const char *name = lk_log_value(op, &actor), *begun = "", *label = "";
	char *text;
	size_t size;

	if (BER_BVISEMPTY(&actor) && !BER_BVISEMPTY(&op->o_ndn)) {
		begun = lk_log_value(op, &op->o_ndn);
		label = " for=";
	}
	size = strlen(name) + strlen(label) + strlen(begun) + sizeof "actor=";
	text = op->o_tmpalloc(size, op->o_tmpmemctx);
	snprintf(text, size, "actor=%s%s%s", name, label, begun);
	return text;
}

/* A name that is nobody's is told only to those who may reset somebody. */
static bool has_any_role(Operation *op, const struct lk_snapshot *snapshot)
{
	struct berval actor = lk_actor(op);
	unsigned may = LK_ROLE_ROOT | LK_ROLE_GLOBAL_ADMIN | LK_ROLE_PASSWORD_ADMIN;

	for (size_t i = 0; snapshot && i < snapshot->count; i++) {
		const struct lk_instance *instance = lk_instance_first_open();

		if (!instance)
			return false; /* the overlay has gone meanwhile */
		if (lk_groups_roles(op, snapshot->policies[i], instance->be, &actor) & may)
			return true;
	}
	return false;
}

int lk_authority_find(Operation *op, SlapReply *rs, const struct berval *user, struct lk_target *ret_target)
{
	int rc = lk_target_find(op, user, ret_target);

	if (rc == LDAP_SUCCESS)
		return rc;
	if (rc == LDAP_BUSY)
		return lk_fail(rs, rc, lk_unread_text);
	if (LK_GUARD("nobody-told-to-administrators", !has_any_role(op, ret_target->snapshot))) {
		static const struct lk_verdict verdict = {
			false, LDAP_INSUFFICIENT_ACCESS, "only-administrators", "only administrators may do this"};

		return lk_authority_refuse(op, rs, ret_target, "find", &verdict);
	}
	return lk_fail(rs, LDAP_NO_SUCH_OBJECT, "no single user of this name");
}

static void see_actor(void *context, const Entry *stored)
{
	struct lk_authority *authority = context;
	struct lk_target view = {.entry = (Entry *)stored};
	struct berval name = lk_target_name(&view);
	struct berval reset = lk_entry_value(stored, lk_schema.pwd_reset);

	authority->must_change = reset.bv_len == 4 && !memcmp(reset.bv_val, "TRUE", 4);
	authority->blocked = attr_find(stored->e_attrs, lk_schema.blocked) != NULL;
	ber_dupbv(&authority->name, &name);
}

struct lk_verdict lk_authority_verdict(Operation *op, const struct lk_target *target, enum lk_action action)
{
	struct berval actor = lk_actor(op);
	BackendDB *be = target->instance->be;
	struct lk_question question = {
		.action = action,
		.mode = target->governance.mode,
		.self = dn_match(&actor, &target->entry->e_nname),
		.actor_roles = lk_groups_roles(op, target->governance.policy, be, &actor),
		.target_roles = lk_groups_roles(op, target->governance.policy, be, &target->entry->e_nname),
	};

	struct lk_verdict verdict = lk_rules_decide(&question);

	if (LK_GUARD("standing-of-target", action == LK_ACTION_RESET && verdict.allowed)) {
		struct lk_verdict standing = lk_target_standing(target);

		return standing.allowed ? verdict : standing;
	}
	return verdict;
}

int lk_authority_standing(Operation *op, SlapReply *rs, struct lk_authority *authority)
{
	struct berval actor = lk_actor(op);
	BackendDB *be = select_backend(&actor, 0);

	if (be)
		lk_backend_look(op, be, &actor, see_actor, authority);
	if (LK_GUARD("actor-must-change", authority->must_change)) {
		authority->rule = "change-own-password-first";
		return lk_fail(rs, LDAP_INSUFFICIENT_ACCESS, "change your own password first");
	}
	if (LK_GUARD("actor-blocked", authority->blocked)) {
		authority->rule = "actor-blocked";
		return lk_fail(rs, LDAP_INSUFFICIENT_ACCESS, "your own account is blocked");
	}
	return LDAP_SUCCESS;
}

int lk_authority_refuse(
	Operation *op, SlapReply *rs, const struct lk_target *target, const char *what, const struct lk_verdict *verdict)
{
	lk_log_event(op, what, "verdict=refused rule=%s %s target=%s result=%d", verdict->rule, lk_actor_log(op),
		lk_target_log_name(op, target), verdict->result);
	if (target->entry)
		lk_events_refused(op, target->instance, target->entry, verdict->rule);
	return lk_fail(rs, verdict->result, verdict->text);
}

int lk_authority_ask(Operation *op, SlapReply *rs, const struct lk_target *target, enum lk_action action,
	const char *what, struct lk_authority *ret_authority)
{
	struct lk_verdict verdict = lk_authority_verdict(op, target, action);

	memset(ret_authority, 0, sizeof *ret_authority);
	ret_authority->rule = verdict.rule;
	if (verdict.allowed && lk_authority_standing(op, rs, ret_authority) == LDAP_SUCCESS)
		return LDAP_SUCCESS;
	if (verdict.allowed)
		verdict = (struct lk_verdict){.result = rs->sr_err, .rule = ret_authority->rule, .text = rs->sr_text};
	if (action == LK_ACTION_RESET)
		lk_counters_add(&target->instance->counters, LK_COUNT_RESETS_REFUSED);
	return lk_authority_refuse(op, rs, target, what, &verdict);
}

void lk_authority_release(struct lk_authority *authority)
{
	ch_free(authority->name.bv_val);
	BER_BVZERO(&authority->name);
}
