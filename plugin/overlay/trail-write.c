/* The trail of plain writes. The event goes with the write itself, so that there is none without the other; the log
 * line waits for slapd's answer, so that it says whether slapd's own rules let the write pass. */
#include "overlay.h"

#include <stdarg.h>
#include <stdio.h>

static const char *event_name(const Operation *op)
{
	switch (op->o_tag) {
	case LDAP_REQ_ADD:
		return "add";
	case LDAP_REQ_MODRDN:
		return "rename";
	case LDAP_REQ_DELETE:
		return "delete";
	default:
		return "modify";
	}
}

static const struct {
	const char *name;
	enum lk_event_kind what;
} kinds[] = {
	[LK_CHANGES_PASSWORD] = {"password", LK_EVENT_RESET},
	[LK_CHANGES_CREDENTIAL] = {"credential", LK_EVENT_CREDENTIAL},
	[LK_CHANGES_POLICY] = {"policy", LK_EVENT_POLICY},
	[LK_CHANGES_GROUP] = {"group", LK_EVENT_GROUP},
	[LK_CHANGES_PLACE] = {"place", LK_EVENT_MOVE},
	[LK_CHANGES_STATE] = {"state", LK_EVENT_COUNT},
	[LK_CHANGES_NAME] = {"name", LK_EVENT_COUNT},
	[LK_CHANGES_ADDRESS] = {"address", LK_EVENT_COUNT},
};

/* --- what is written ---------------------------------------------------------------------------------------------- */

/* Mods of the client's; what others add on the way is none of its doing. */
static const Modifications *mods_of(const Operation *op)
{
	return op->o_tag == LDAP_REQ_MODIFY ? op->orm_modlist : NULL;
}

static bool was_named_before(const Modifications *first, const Modifications *mod)
{
	while (first != mod && first->sml_desc != mod->sml_desc)
		first = first->sml_next;
	return first != mod;
}

/* "latchkeyResetMode,latchkeyScope", in op's memory; names beyond LK_EVENT_CHANGED_MAX are left out. */
static struct berval changed_attributes(Operation *op)
{
	struct berval names = {0, op->o_tmpalloc(LK_EVENT_CHANGED_MAX + 1, op->o_tmpmemctx)};
	const Modifications *first = mods_of(op);

	for (const Modifications *mod = first; mod; mod = mod->sml_next) {
		const struct berval *name = &mod->sml_desc->ad_cname;

		if ((mod->sml_flags & SLAP_MOD_INTERNAL) || was_named_before(first, mod) ||
			names.bv_len + name->bv_len + 1 > LK_EVENT_CHANGED_MAX)
			continue;
		if (names.bv_len)
			names.bv_val[names.bv_len++] = ',';
		memcpy(names.bv_val + names.bv_len, name->bv_val, name->bv_len);
		names.bv_len += name->bv_len;
	}
	names.bv_val[names.bv_len] = '\0';
	return names;
}

/* --- the event ---------------------------------------------------------------------------------------------------- */

static Modifications **tail_of(Modifications **mods)
{
	while (*mods)
		mods = &(*mods)->sml_next;
	return mods;
}

/* Another write at the same time may have made the same room, or be the same event: neither may fail this one. */
static void soften(Modifications *mods)
{
	for (; mods; mods = mods->sml_next) {
		if (mods->sml_op != LDAP_MOD_REPLACE)
			mods->sml_op = mods->sml_op == LDAP_MOD_DELETE ? SLAP_MOD_SOFTDEL : SLAP_MOD_SOFTADD;
	}
}

static bool has_equal(const Modifications *mods, const Modifications *mod)
{
	for (; mods != mod; mods = mods->sml_next) {
		if (mods->sml_desc == mod->sml_desc && mods->sml_op == mod->sml_op && mods->sml_values &&
			bvmatch(&mods->sml_values[0], &mod->sml_values[0]))
			return true;
	}
	return false;
}

/* slapo-accesslog takes soft additions of a rename, and hard deletions, for the RDN's, and tells no consumer of them.
 * So those of FIRST from NEXT on are of the other kinds, and none comes twice. */
static void fit_rename(Modifications *first, Modifications **next)
{
	while (*next) {
		Modifications *mod = *next;

		if (mod->sml_op == LDAP_MOD_DELETE)
			mod->sml_op = SLAP_MOD_SOFTDEL;
		if (!has_equal(first, mod)) {
			next = &mod->sml_next;
			continue;
		}
		*next = mod->sml_next;
		mod->sml_next = NULL;
		slap_mods_free(mod, 1);
	}
}

/* A rename's modlist stands where a modify's does. */
static void add_to_write(Operation *op, struct lk_instance *instance, const struct lk_happening *happening)
{
	Modifications **tail = tail_of(&op->orm_modlist);
	Entry *entry = NULL;

	if (lk_backend_fetch(op, instance->be, &op->o_req_ndn, &entry) != LDAP_SUCCESS)
		return;
	lk_events_append(op, tail, entry, happening);
	if (op->o_tag == LDAP_REQ_MODRDN)
		fit_rename(op->orm_modlist, tail);
	else
		soften(*tail);
	entry_free(entry);
}

static void add_to_entry(Operation *op, const struct lk_happening *happening)
{
	Entry none = {0};
	Modifications *mods = NULL;

	lk_events_append(op, &mods, &none, happening);
	for (const Modifications *mod = mods; mod; mod = mod->sml_next)
		attr_merge(op->ora_e, mod->sml_desc, mod->sml_values, mod->sml_nvalues);
	slap_mods_free(mods, 1);
}

static void add_event(Operation *op, struct lk_instance *instance, const struct lk_decision *decision)
{
	struct lk_happening happening = {
		.what = kinds[decision->changes].what,
		.rule = decision->verdict.rule,
		.changed = changed_attributes(op),
		.actor = lk_actor(op),
	};

	if (happening.what == LK_EVENT_COUNT || BER_BVISEMPTY(&happening.actor))
		return;
	/* An Add with a password resets nobody's. */
	if (op->o_tag == LDAP_REQ_ADD && decision->changes != LK_CHANGES_PASSWORD)
		add_to_entry(op, &happening);
	else if (op->o_tag == LDAP_REQ_MODIFY || op->o_tag == LDAP_REQ_MODRDN)
		add_to_write(op, instance, &happening);
}

/* --- the line ----------------------------------------------------------------------------------------------------- */

struct line {
	slap_callback callback; /* first: freed with it */
	char *fields; /* those before the result */
	char *members; /* those of each member's line */
	struct lk_members *difference; /* NULL where no role group is changed */
};

static const char *compose(Operation *op, const char *format, ...) __attribute__((format(printf, 2, 3)));
static const char *compose(Operation *op, const char *format, ...)
{
	va_list arguments, again;
	char *text;
	int length;

	va_start(arguments, format);
	va_copy(again, arguments);
	length = vsnprintf(NULL, 0, format, arguments);
	text = op->o_tmpalloc((size_t)length + 1, op->o_tmpmemctx);
	vsnprintf(text, (size_t)length + 1, format, again);
	va_end(again);
	va_end(arguments);
	return text;
}

static const char *decision_fields(Operation *op, const struct lk_decision *decision)
{
	return compose(op, "verdict=%s rule=%s %s target=%s", lk_verdict_name(&decision->verdict, decision->observe),
		decision->verdict.rule, lk_actor_log(op), lk_log_value(op, &op->o_req_ndn));
}

/* What is changed, under which policy, and where to. */
static const char *details(Operation *op, const struct lk_decision *decision)
{
	struct berval names = changed_attributes(op);
	bool has_policy = !BER_BVISEMPTY(&decision->policy);
	const char *text = compose(op, "changes=%s%s%s%s%s", kinds[decision->changes].name, has_policy ? " policy=" : "",
		has_policy ? lk_log_value(op, &decision->policy) : "", names.bv_len ? " attributes=" : "", names.bv_val);

	if (op->o_tag != LDAP_REQ_MODRDN)
		return text;
	return compose(op, "%s rdn=%s%s%s", text, lk_log_value(op, &op->orr_nnewrdn), op->orr_nnewSup ? " superior=" : "",
		op->orr_nnewSup ? lk_log_value(op, op->orr_nnewSup) : "");
}

static void log_members(Operation *op, const struct line *line, const struct lk_member_list *list, const char *change)
{
	for (size_t i = 0; i < list->count && i < LK_MEMBERS_NAMED; i++)
		lk_log_event(op, "member", "%s change=%s member=%s", line->members, change, lk_log_value(op, &list->named[i]));
}

static int write_line(Operation *op, SlapReply *rs)
{
	const struct line *line = op->o_callback->sc_private;

	if (rs->sr_type != REP_RESULT)
		return SLAP_CB_CONTINUE;
	if (!line->difference) {
		lk_log_event(op, event_name(op), "%s result=%d", line->fields, rs->sr_err);
		return SLAP_CB_CONTINUE;
	}
	lk_log_event(op, event_name(op), "%s added=%zu removed=%zu result=%d", line->fields, line->difference->added.count,
		line->difference->removed.count, rs->sr_err);
	if (rs->sr_err == LDAP_SUCCESS) {
		log_members(op, line, &line->difference->added, "added");
		log_members(op, line, &line->difference->removed, "removed");
	}
	return SLAP_CB_CONTINUE;
}

static int line_response(Operation *op, SlapReply *rs)
{
	return lk_scratch_within(op, rs, write_line);
}

static int line_cleanup(Operation *op, SlapReply *rs)
{
	slap_callback *sc = op->o_callback;
	struct line *line = sc->sc_private;

	(void)rs;
	op->o_callback = sc->sc_next;
	ch_free(line->fields);
	ch_free(line->members);
	lk_members_free(line->difference);
	ch_free(line);
	return SLAP_CB_CONTINUE;
}

static void log_when_answered(Operation *op, struct lk_instance *instance, const struct lk_decision *decision)
{
	struct line *line = ch_calloc(1, sizeof *line);

	line->members = ch_strdup(decision_fields(op, decision));
	line->fields = ch_strdup(compose(op, "%s %s", line->members, details(op, decision)));
	if (decision->changes == LK_CHANGES_GROUP && op->o_tag == LDAP_REQ_MODIFY)
		line->difference = lk_members_differ(op, instance);
	line->callback.sc_response = line_response;
	line->callback.sc_cleanup = line_cleanup;
	line->callback.sc_private = line;
	line->callback.sc_next = op->o_callback;
	op->o_callback = &line->callback;
}

static void count(struct lk_instance *instance, const struct lk_decision *decision, enum lk_counter counter)
{
	if (!decision->verdict.allowed &&
		(decision->changes == LK_CHANGES_PASSWORD || decision->changes == LK_CHANGES_CREDENTIAL))
		lk_counters_add(&instance->counters, counter);
}

void lk_trail_pass(Operation *op, struct lk_instance *instance, const struct lk_decision *decision)
{
	add_event(op, instance, decision);
	log_when_answered(op, instance, decision);
	count(instance, decision, LK_COUNT_RESETS_OBSERVED);
}

int lk_trail_refuse(Operation *op, SlapReply *rs, struct lk_instance *instance, const struct lk_decision *decision)
{
	Entry *entry = NULL;

	count(instance, decision, LK_COUNT_RESETS_REFUSED);
	lk_log_event(op, event_name(op), "%s %s result=%d", decision_fields(op, decision), details(op, decision),
		decision->verdict.result);
	if (op->o_tag != LDAP_REQ_ADD && !lk_dn_is_within(&op->o_req_ndn, &instance->ncontainer) &&
		lk_backend_fetch(op, instance->be, &op->o_req_ndn, &entry) == LDAP_SUCCESS) {
		lk_events_refused(op, instance, entry, decision->verdict.rule);
		entry_free(entry);
	}
	return lk_refuse(op, rs, decision->verdict.result, decision->verdict.text);
}
