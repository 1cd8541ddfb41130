/* Plain writes: Add, Modify, ModRDN and Delete, whoever sends them and in whatever spelling. */
#include "overlay.h"

static const char ours_text[] = "what Latchkey stores is changed by Latchkey's own operations only";

/* --- what follows a write ------------------------------------------------------------------------------------- */

struct consequence {
	slap_callback callback; /* first: freed with it */
	struct lk_instance *instance;
	bool policies, groups, messages;
	struct berval gone; /* the entryUUID of a deleted entry, in slapd's memory, or BER_BVNULL */
};

/* Those that came with a rename stand on an entry that has another name now: they are looked for. */
static void note_renamed(Operation *op, struct lk_instance *instance)
{
	for (const Modifications *mod = op->orr_modlist; mod; mod = mod->sml_next) {
		for (unsigned i = 0; mod->sml_desc == lk_schema.message && mod->sml_op == LDAP_MOD_ADD && i < mod->sml_numvals;
			 i++) {
			if (!lk_backend_is_replicated(op))
				lk_counters_add(&instance->counters, LK_COUNT_MESSAGES_QUEUED);
		}
	}
	lk_waiting_rescan(instance, NULL);
}

static void note_messages(Operation *op, struct lk_instance *instance)
{
	if (op->o_tag == LDAP_REQ_MODRDN) {
		note_renamed(op, instance);
		return;
	}
	if (op->o_tag == LDAP_REQ_ADD) {
		Attribute *a = attr_find(op->ora_e->e_attrs, lk_schema.message);

		if (a)
			lk_waiting_note_written(op, instance, &op->ora_e->e_nname, a->a_vals);
		return;
	}
	if (lk_backend_is_replicated(op) && SLAP_MULTIPROVIDER(instance->be))
		lk_mend_later(instance, &op->o_req_ndn);
	for (Modifications *mod = op->orm_modlist; mod; mod = mod->sml_next) {
		if (mod->sml_desc == lk_schema.message && mod->sml_values && mod->sml_op != LDAP_MOD_DELETE &&
			mod->sml_op != SLAP_MOD_SOFTDEL)
			lk_waiting_note_written(op, instance, &op->o_req_ndn, mod->sml_values);
	}
}

static int consequence_response(Operation *op, SlapReply *rs)
{
	struct consequence *consequence = op->o_callback->sc_private;

	if (rs->sr_err != LDAP_SUCCESS)
		return SLAP_CB_CONTINUE;
	if (consequence->messages && !lk_backend_is_internal(op))
		lk_kill_point("modify", "after-commit");
	if (LK_GUARD("policies-read-anew", consequence->policies))
		lk_snapshot_invalidate();
	if (LK_GUARD("groups-read-anew", consequence->groups))
		lk_groups_invalidate();
	if (consequence->messages)
		note_messages(op, consequence->instance);
	if (op->o_tag == LDAP_REQ_MODRDN)
		lk_waiting_rescan(consequence->instance, &op->o_req_ndn);
	if (LK_GUARD("codes-go-with-user", !BER_BVISNULL(&consequence->gone))) {
		ldap_pvt_thread_mutex_lock(&consequence->instance->due_mutex);
		ber_bvarray_add(&consequence->instance->gone, &consequence->gone);
		ldap_pvt_thread_mutex_unlock(&consequence->instance->due_mutex);
		BER_BVZERO(&consequence->gone);
	}
	return SLAP_CB_CONTINUE;
}

static int consequence_cleanup(Operation *op, SlapReply *rs)
{
	slap_callback *sc = op->o_callback;
	struct consequence *consequence = sc->sc_private;

	(void)rs;
	op->o_callback = sc->sc_next;
	if (consequence->policies)
		lk_snapshot_changes(false);
	if (consequence->groups)
		lk_groups_change(false);
	ch_free(consequence->gone.bv_val);
	ch_free(sc);
	return SLAP_CB_CONTINUE;
}

static bool touches_policies(const struct berval *ndn)
{
	for (struct lk_instance *instance = lk_instances; instance; instance = instance->next) {
		if (BER_BVISNULL(&instance->policy_nbase))
			continue;
		if (lk_dn_is_within(ndn, &instance->policy_nbase) || lk_dn_is_within(&instance->policy_nbase, ndn))
			return true;
	}
	return false;
}

/* A rename may bring policies to where it ends. */
static bool may_touch_policies(Operation *op)
{
	struct berval above = BER_BVNULL;

	if (op->o_tag != LDAP_REQ_MODRDN || touches_policies(&op->o_req_ndn))
		return touches_policies(&op->o_req_ndn);
	if (op->orr_nnewSup)
		above = *op->orr_nnewSup;
	else
		dnParent(&op->o_req_ndn, &above);
	return touches_policies(&above);
}

static struct consequence *follow(Operation *op, struct lk_instance *instance, bool groups, bool messages)
{
	bool policies = may_touch_policies(op);
	struct consequence *consequence;

	messages = messages && !lk_transaction_has(op);
	if (!policies && !groups && !messages)
		return NULL;
	consequence = ch_calloc(1, sizeof *consequence);
	consequence->callback.sc_response = consequence_response;
	consequence->callback.sc_cleanup = consequence_cleanup;
	consequence->callback.sc_private = consequence;
	consequence->instance = instance;
	consequence->policies = policies;
	consequence->groups = groups;
	consequence->messages = messages;
	consequence->callback.sc_next = op->o_callback;
	op->o_callback = &consequence->callback;
	if (policies)
		lk_snapshot_changes(true);
	if (groups)
		lk_groups_change(true);
	return consequence;
}

static bool is_group_attribute(const AttributeDescription *ad)
{
	return lk_groups_are_in(ad) || ad == slap_schema.si_ad_objectClass;
}

static bool is_password(const AttributeDescription *ad)
{
	return ad && ad->ad_type == slap_schema.si_ad_userPassword->ad_type;
}

/* --- the rule -------------------------------------------------------------------------------------------------- */

/* On a connection from before their own reset slapo-ppolicy would not stop an administrator. *ret_verdict: then. */
static bool may_use_roles(Operation *op, struct lk_verdict *ret_verdict)
{
	struct lk_authority authority = {0};
	SlapReply rs = {REP_RESULT};
	int rc = lk_authority_standing(op, &rs, &authority);

	if (rc != LDAP_SUCCESS)
		*ret_verdict = (struct lk_verdict){.result = rc, .rule = authority.rule, .text = rs.sr_text};
	lk_authority_release(&authority);
	return rc == LDAP_SUCCESS;
}

/* What Latchkey stores is nobody's to write, whatever the policies say. */
static int refuse_ours(Operation *op, SlapReply *rs, struct lk_instance *instance)
{
	static const struct lk_decision decision = {
		.verdict = {.result = LDAP_UNWILLING_TO_PERFORM, .rule = "latchkey-state", .text = ours_text},
		.changes = LK_CHANGES_STATE,
	};

	return lk_trail_refuse(op, rs, instance, &decision);
}

static void see_blocked(void *context, const Entry *stored)
{
	*(bool *)context = attr_find(stored->e_attrs, lk_schema.blocked) != NULL;
}

static bool is_blocked(Operation *op, struct lk_instance *instance)
{
	bool blocked = false;

	lk_backend_look(op, instance->be, &op->o_req_ndn, see_blocked, &blocked);
	return blocked;
}

/* A block holds where the policy only observes, too: it was asked for. */
static void judge(Operation *op, struct lk_instance *instance, const struct lk_question *question, bool by_code,
	struct lk_decision *decision)
{
	struct lk_verdict code_only = {false, LDAP_UNWILLING_TO_PERFORM, "reset-by-code", lk_reset_by_code_text};
	struct lk_verdict blocked = {false, LDAP_UNWILLING_TO_PERFORM, "blocked", lk_blocked_text};

	decision->verdict = lk_rules_decide(question);
	if (question->action != LK_ACTION_RESET || (!decision->verdict.allowed && !decision->observe))
		return;
	if (LK_GUARD("blocked-password-write", is_blocked(op, instance))) {
		decision->verdict = blocked;
		decision->observe = false;
	} else if (LK_GUARD("plain-reset-by-code", by_code && !question->self && decision->verdict.allowed)) {
		decision->verdict = code_only;
	} else if (LK_GUARD("standing-of-writer", !question->self && !decision->observe)) {
		may_use_roles(op, &decision->verdict);
	}
}

/* Asks the rules about the plain write of a password; LDAP_SUCCESS lets it pass to slapd's ACLs. */
static int decide(
	Operation *op, SlapReply *rs, struct lk_instance *instance, enum lk_action action, enum lk_changes changes)
{
	struct lk_question question = {.action = action};
	struct lk_decision decision = {.changes = changes};
	struct lk_snapshot *snapshot = lk_snapshot_get(op);
	struct berval actor = lk_actor(op);
	struct lk_governance governance;
	int rc = LDAP_SUCCESS;

	if (!snapshot)
		return lk_refuse(op, rs, LDAP_BUSY, lk_unread_text);
	governance = lk_snapshot_govern(snapshot, &op->o_req_ndn);
	if (!governance.policy) {
		lk_snapshot_put(snapshot);
		return LDAP_SUCCESS;
	}
	question.mode = governance.mode;
	question.self = dn_match(&actor, &op->o_req_ndn);
	question.actor_roles = lk_groups_roles(op, governance.policy, instance->be, &actor);
	question.target_roles = lk_groups_roles(op, governance.policy, instance->be, &op->o_req_ndn);
	decision.observe = governance.observe;
	judge(op, instance, &question, governance.policy->reset_by_code, &decision);
	decision.policy = governance.policy->dn;
	if (!decision.verdict.allowed && !decision.observe)
		rc = lk_trail_refuse(op, rs, instance, &decision);
	else if (!question.self || !decision.verdict.allowed)
		lk_trail_pass(op, instance, &decision);
	lk_snapshot_put(snapshot);
	return rc;
}

static bool is_ours(const Modifications *mods)
{
	for (; mods; mods = mods->sml_next) {
		if (mods->sml_desc && lk_schema_is_ours(mods->sml_desc))
			return true;
	}
	return false;
}

/* What a write takes from an account, and gives it: names and addresses. */
static int follow_names(Operation *op, SlapReply *rs, struct lk_instance *instance)
{
	if (lk_identity_check(op, rs, instance) != LDAP_SUCCESS ||
		lk_last_address_check(op, rs, instance) != LDAP_SUCCESS || lk_former_check(op, rs, instance) != LDAP_SUCCESS ||
		lk_address_note(op, rs, instance) != LDAP_SUCCESS)
		return rs->sr_err;
	return lk_former_remember(op, rs, instance);
}

/* Adds to the write what people are to be told of it. */
static bool tell(Operation *op, struct lk_instance *instance, Modifications **mods, bool password)
{
	bool told = lk_tell_of_write(op, instance, mods, password);

	if (told && op->o_txnSpec) {
		ldap_pvt_thread_mutex_lock(&instance->due_mutex);
		instance->uncommitted = true;
		ldap_pvt_thread_mutex_unlock(&instance->due_mutex);
	}
	return told;
}

/* --- the hooks ------------------------------------------------------------------------------------------------- */

static int modify(Operation *op, SlapReply *rs)
{
	struct lk_instance *instance = lk_instance_here(op);
	bool internal = lk_backend_is_internal(op), trusted = internal || lk_backend_is_replicated(op);
	bool password = false, groups = false, ours = is_ours(op->orm_modlist), told;
	enum lk_changes changes = LK_CHANGES_CREDENTIAL;
	int rc;

	if (op->o_noop && !lk_numbers_ensure(op, instance))
		return lk_refuse(op, rs, LDAP_OTHER, "what would be undone cannot be prepared");
	for (Modifications *mod = op->orm_modlist; mod; mod = mod->sml_next) {
		password = password || (!internal && lk_schema_is_credential(instance, mod->sml_desc));
		changes = is_password(mod->sml_desc) ? LK_CHANGES_PASSWORD : changes;
		groups = groups || is_group_attribute(mod->sml_desc);
	}
	if (!trusted &&
		(LK_GUARD("state-in-modify", ours) || LK_GUARD("hidden-from-modify", lk_is_hidden_write(op, instance))))
		return refuse_ours(op, rs, instance);
	if (LK_GUARD("password-in-modify", password && !trusted)) {
		rc = decide(op, rs, instance, LK_ACTION_RESET, changes);
		if (rc != LDAP_SUCCESS)
			return rc;
	}
	if (!trusted && LK_GUARD("rules-in-modify", lk_guard_undo(op, rs, instance) != LDAP_SUCCESS))
		return rs->sr_err;
	if (!trusted && follow_names(op, rs, instance) != LDAP_SUCCESS)
		return rs->sr_err;
	told = !trusted && tell(op, instance, &op->orm_modlist, password);
	if (password && !trusted)
		lk_listed_follow(op, instance);
	if (password)
		lk_kill_point("modify", "before-backend");
	follow(op, instance, groups, ours || (told && !op->o_txnSpec) || (password && lk_backend_is_replicated(op)));
	return SLAP_CB_CONTINUE;
}

int lk_guard_modify(Operation *op, SlapReply *rs)
{
	return lk_scratch_within(op, rs, modify);
}

static int add(Operation *op, SlapReply *rs)
{
	struct lk_instance *instance = lk_instance_here(op);
	bool trusted = lk_backend_is_replicated(op) || lk_backend_is_internal(op);
	bool password = false, groups = false, messages = false;
	int rc;

	if (op->o_noop && !lk_numbers_ensure(op, instance))
		return lk_refuse(op, rs, LDAP_OTHER, "what would be undone cannot be prepared");
	if (!trusted && LK_GUARD("hidden-from-add", lk_is_hidden_write(op, instance)))
		return refuse_ours(op, rs, instance);
	for (Attribute *a = op->ora_e->e_attrs; a; a = a->a_next) {
		if (LK_GUARD("state-in-add", lk_schema_is_ours(a->a_desc) && !trusted))
			return refuse_ours(op, rs, instance);
		password = password || (!trusted && lk_schema_is_credential(instance, a->a_desc));
		messages = messages || a->a_desc == lk_schema.message;
		groups = groups || (is_group_attribute(a->a_desc) && a->a_desc != slap_schema.si_ad_objectClass);
	}
	if (LK_GUARD("password-in-add", password)) {
		rc = decide(op, rs, instance, LK_ACTION_ADD_WITH_PASSWORD, LK_CHANGES_PASSWORD);
		if (rc != LDAP_SUCCESS)
			return rc;
	}
	if (!trusted && LK_GUARD("rules-in-add", lk_guard_undo(op, rs, instance) != LDAP_SUCCESS))
		return rs->sr_err;
	if (!trusted && (follow_names(op, rs, instance) != LDAP_SUCCESS || lk_welcome(op, rs, instance) != LDAP_SUCCESS))
		return rs->sr_err;
	if (password && !trusted)
		lk_listed_follow_add(op->ora_e);
	messages = messages || (!trusted && attr_find(op->ora_e->e_attrs, lk_schema.message));
	follow(op, instance, groups, messages);
	return SLAP_CB_CONTINUE;
}

int lk_guard_add(Operation *op, SlapReply *rs)
{
	return lk_scratch_within(op, rs, add);
}

static bool has_messages(const Modifications *mods)
{
	while (mods && mods->sml_desc != lk_schema.message)
		mods = mods->sml_next;
	return mods != NULL;
}

/* A rename can carry values: those of the new RDN. */
static int modrdn(Operation *op, SlapReply *rs)
{
	struct lk_instance *instance = lk_instance_here(op);
	bool trusted = lk_backend_is_replicated(op) || lk_backend_is_internal(op);
	bool password = false;
	int rc;

	if (op->o_noop && !lk_numbers_ensure(op, instance))
		return lk_refuse(op, rs, LDAP_OTHER, "what would be undone cannot be prepared");
	if (!trusted && (LK_GUARD("state-in-modrdn", is_ours(op->orr_modlist)) ||
						LK_GUARD("hidden-from-modrdn", lk_is_hidden_write(op, instance))))
		return refuse_ours(op, rs, instance);
	for (Modifications *mod = trusted ? NULL : op->orr_modlist; mod; mod = mod->sml_next) {
		if (!LK_GUARD("password-in-modrdn", lk_schema_is_credential(instance, mod->sml_desc)))
			continue;
		password = true;
		rc = decide(op, rs, instance, LK_ACTION_RESET,
			is_password(mod->sml_desc) ? LK_CHANGES_PASSWORD : LK_CHANGES_CREDENTIAL);
		if (rc != LDAP_SUCCESS)
			return rc;
	}
	if (!trusted && LK_GUARD("rules-in-modrdn", lk_guard_undo(op, rs, instance) != LDAP_SUCCESS))
		return rs->sr_err;
	if (!trusted && follow_names(op, rs, instance) != LDAP_SUCCESS)
		return rs->sr_err;
	if (!trusted) {
		tell(op, instance, &op->orr_modlist, password);
		if (password)
			lk_listed_follow(op, instance);
	}
	follow(op, instance, true, has_messages(op->orr_modlist));
	return SLAP_CB_CONTINUE;
}

int lk_guard_modrdn(Operation *op, SlapReply *rs)
{
	return lk_scratch_within(op, rs, modrdn);
}

static void see_uuid(void *context, const Entry *stored)
{
	struct berval uuid = lk_entry_value(stored, slap_schema.si_ad_entryUUID);

	if (!BER_BVISEMPTY(&uuid))
		ber_dupbv(context, &uuid);
}

static int delete (Operation *op, SlapReply *rs)
{
	struct lk_instance *instance = lk_instance_here(op);
	bool trusted = lk_backend_is_replicated(op) || lk_backend_is_internal(op);
	struct consequence *consequence;

	if (!trusted && LK_GUARD("hidden-from-delete", lk_is_hidden_write(op, instance)))
		return refuse_ours(op, rs, instance);
	if (!trusted && LK_GUARD("rules-in-delete", lk_guard_undo(op, rs, instance) != LDAP_SUCCESS))
		return rs->sr_err;
	if (!trusted && follow_names(op, rs, instance) != LDAP_SUCCESS)
		return rs->sr_err;
	consequence = follow(op, instance, true, false);
	/* A shadow's provider removes what is left of whom. */
	if (consequence && !lk_backend_is_internal(op) && !SLAP_SINGLE_SHADOW(instance->be))
		lk_backend_look(op, instance->be, &op->o_req_ndn, see_uuid, &consequence->gone);
	return SLAP_CB_CONTINUE;
}

int lk_guard_delete(Operation *op, SlapReply *rs)
{
	return lk_scratch_within(op, rs, delete);
}
