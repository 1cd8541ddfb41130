/* That there is a recovery entry tells that somebody has asked for a code, and for whom. So the container of these
 * entries and all that is below it is not there for anybody but replication and slapd itself: an operation that names a
 * DN there is answered before the database is asked, and a search that passes by does not count them. For the same
 * reason a stranger does not hear by which number replication counts writes. */
#include "overlay.h"

bool lk_is_reader(const Operation *op, const struct lk_instance *instance)
{
	return lk_dn_is_among(instance->nreaders, &op->o_ndn);
}

bool lk_is_slapds_own(const Operation *op)
{
	return op->o_conn && op->o_conn->c_conn_idx < 0;
}

static bool may_see(Operation *op, const struct lk_instance *instance)
{
	return lk_is_slapds_own(op) || lk_backend_is_internal(op) || lk_is_reader(op, instance);
}

/* --- filters ------------------------------------------------------------------------------------------------------ */

/* What FILTER is of an entry of which nothing may be read: LDAP_COMPARE_TRUE, LDAP_COMPARE_FALSE, or undefined (RFC
 * 4511 section 4.5.1.7). slapd asks for access attribute by attribute, so what names no attribute is decided
 * without. */
static int value_unseen(const Filter *filter)
{
	int result, decisive;

	switch (filter->f_choice) {
	case SLAPD_FILTER_COMPUTED:
		return filter->f_result;
	case LDAP_FILTER_EXT:
		return filter->f_mr_desc ? SLAPD_COMPARE_UNDEFINED : LDAP_COMPARE_FALSE;
	case LDAP_FILTER_NOT:
		result = value_unseen(filter->f_not);
		if (result == LDAP_COMPARE_TRUE)
			return LDAP_COMPARE_FALSE;
		return result == LDAP_COMPARE_FALSE ? LDAP_COMPARE_TRUE : result;
	case LDAP_FILTER_AND:
	case LDAP_FILTER_OR:
		decisive = filter->f_choice == LDAP_FILTER_AND ? LDAP_COMPARE_FALSE : LDAP_COMPARE_TRUE;
		result = filter->f_choice == LDAP_FILTER_AND ? LDAP_COMPARE_TRUE : LDAP_COMPARE_FALSE;
		for (const Filter *part = filter->f_list; part; part = part->f_next) {
			int value = value_unseen(part);

			if (value == decisive)
				return decisive;
			if (value == SLAPD_COMPARE_UNDEFINED)
				result = value;
		}
		return result;
	default:
		return SLAPD_COMPARE_UNDEFINED;
	}
}

/* The attribute that FILTER, which is none of others, asks for; NULL where it names none. */
static const AttributeDescription *asked_for(const Filter *filter)
{
	switch (filter->f_choice) {
	case LDAP_FILTER_PRESENT:
		return filter->f_desc;
	case LDAP_FILTER_EQUALITY:
	case LDAP_FILTER_GE:
	case LDAP_FILTER_LE:
	case LDAP_FILTER_APPROX:
		return filter->f_av_desc;
	case LDAP_FILTER_SUBSTRINGS:
		return filter->f_sub_desc;
	case LDAP_FILTER_EXT:
		return filter->f_mr_desc;
	default:
		return NULL;
	}
}

static bool is_of_filters(const Filter *filter)
{
	return filter->f_choice == LDAP_FILTER_AND || filter->f_choice == LDAP_FILTER_OR ||
		   filter->f_choice == LDAP_FILTER_NOT;
}

/* Whether a part of FILTER asks for what Latchkey stores; of nearly all filters none does. */
static bool asks_for_ours(const Filter *filter)
{
	const AttributeDescription *ad;

	if (!is_of_filters(filter)) {
		ad = asked_for(filter);
		return ad && lk_schema_is_ours(ad);
	}
	for (const Filter *part = filter->f_list; part; part = part->f_next) {
		if (asks_for_ours(part))
			return true;
	}
	return false;
}

/* Whether the search is of the actor's own entry, and of nothing else. */
static bool is_of_oneself(const Operation *op)
{
	return op->ors_scope == LDAP_SCOPE_BASE && dn_match(&op->o_req_ndn, &op->o_ndn);
}

/* Who has no role reads none of what Latchkey stores with others, so such a part of a filter is undefined whatever an
 * entry has. Asked once of a search, however many parts its filter has. */
static bool asks_in_vain(Operation *op, const struct lk_instance *instance)
{
	return asks_for_ours(op->ors_filter) && !may_see(op, instance) && !is_of_oneself(op) &&
		   !lk_may_read_of_others(op, instance);
}

/* Decides such parts of FILTER here: an index would be asked otherwise, and how long slapd takes then would tell for
 * how many entries it is stored, or whether for one. */
static void blind(Operation *op, Filter *filter)
{
	if (is_of_filters(filter)) {
		for (Filter *part = filter->f_list; part; part = part->f_next)
			blind(op, part);
		return;
	}
	if (!asks_for_ours(filter))
		return;
	filter_free_x(op, filter, 0);
	filter->f_choice = SLAPD_FILTER_COMPUTED;
	filter->f_result = SLAPD_COMPARE_UNDEFINED;
}

/* "And it has a class that one may see". slapd frees it with the rest of the filter. */
static void narrow(Operation *op)
{
	Filter *both = op->o_tmpcalloc(1, sizeof *both, op->o_tmpmemctx);
	Filter *present = op->o_tmpcalloc(1, sizeof *present, op->o_tmpmemctx);

	present->f_choice = LDAP_FILTER_PRESENT;
	present->f_desc = slap_schema.si_ad_objectClass;
	present->f_next = op->ors_filter;
	both->f_choice = LDAP_FILTER_AND;
	both->f_and = present;
	op->ors_filter = both;
}

/* --- the hooks ---------------------------------------------------------------------------------------------------- */

/* Whether the search is a client's way to follow every write (RFC 4533) before it has signed in. */
static bool listens_unsigned(const Operation *op)
{
	return BER_BVISEMPTY(&op->o_ndn) && slap_cids.sc_LDAPsync && op->o_sync > SLAP_CONTROL_IGNORED;
}

/* Whether the search comes by what is hidden, and its filter holds there although nothing can be read. */
static bool would_count(const Operation *op, const struct lk_instance *instance)
{
	return op->ors_scope != LDAP_SCOPE_BASE && value_unseen(op->ors_filter) == LDAP_COMPARE_TRUE &&
		   lk_dn_is_within(&instance->ncontainer, &op->o_req_ndn);
}

/* Of nearly all searches none of the three is true, so who asks is looked at last. */
int lk_guard_search(Operation *op, SlapReply *rs)
{
	const struct lk_instance *instance = lk_instance_here(op);
	bool within =
		op->o_req_ndn.bv_len >= instance->ncontainer.bv_len && lk_dn_is_within(&op->o_req_ndn, &instance->ncontainer);
	bool listens = listens_unsigned(op);

	if (LK_GUARD("strangers-ask-no-index", asks_in_vain(op, instance)))
		blind(op, op->ors_filter);
	if ((!within && !listens && !would_count(op, instance)) || may_see(op, instance))
		return SLAP_CB_CONTINUE;
	if (LK_GUARD("hidden-from-search", within))
		return lk_refuse(op, rs, LDAP_NO_SUCH_OBJECT, NULL);
	if (LK_GUARD("listener-signs-in", listens))
		return lk_refuse(op, rs, LDAP_STRONG_AUTH_REQUIRED, "synchronization tells of every write: sign in first");
	if (LK_GUARD("blind-searches", true))
		narrow(op);
	return SLAP_CB_CONTINUE;
}

int lk_guard_compare(Operation *op, SlapReply *rs)
{
	const struct lk_instance *instance = lk_instance_here(op);

	if (LK_GUARD(
			"hidden-from-compare", lk_dn_is_within(&op->o_req_ndn, &instance->ncontainer) && !may_see(op, instance)))
		return lk_refuse(op, rs, LDAP_NO_SUCH_OBJECT, NULL);
	return SLAP_CB_CONTINUE;
}

/* slapo-ppolicy would tell, and count the failure on the entry. */
int lk_guard_bind(Operation *op, SlapReply *rs)
{
	if (LK_GUARD("hidden-from-bind", lk_dn_is_within(&op->o_req_ndn, &lk_instance_here(op)->ncontainer)))
		return lk_refuse(op, rs, LDAP_INVALID_CREDENTIALS, NULL);
	return SLAP_CB_CONTINUE;
}

/* --- plain writes ------------------------------------------------------------------------------------------------- */

static bool names_hidden(const struct lk_instance *instance, BerVarray ndns)
{
	for (size_t i = 0; ndns && !BER_BVISNULL(&ndns[i]); i++) {
		if (LK_GUARD("alias-to-hidden", lk_dn_is_within(&ndns[i], &instance->ncontainer)))
			return true;
	}
	return false;
}

/* An alias would be a second name for what is hidden by its name. */
static bool makes_alias(const Operation *op, const struct lk_instance *instance)
{
	const AttributeDescription *alias = slap_schema.si_ad_aliasedObjectName;

	if (op->o_tag == LDAP_REQ_ADD) {
		const Attribute *a = attr_find(op->ora_e->e_attrs, (AttributeDescription *)alias);

		return a && names_hidden(instance, a->a_nvals);
	}
	/* Of a rename, too: the alias may be named by what it stands for. A rename's modlist stands where a modify's
	 * does. */
	for (const Modifications *mod = op->o_tag == LDAP_REQ_DELETE ? NULL : op->orm_modlist; mod; mod = mod->sml_next) {
		if (mod->sml_desc == alias && names_hidden(instance, mod->sml_nvalues))
			return true;
	}
	return false;
}

/* Whether a rename would end there. */
static bool moves_in(const Operation *op, const struct lk_instance *instance)
{
	struct berval above, ndn;
	bool within;

	if (op->orr_nnewSup)
		above = *op->orr_nnewSup;
	else
		dnParent((struct berval *)&op->o_req_ndn, &above);
	build_new_dn(&ndn, &above, (struct berval *)&op->orr_nnewrdn, op->o_tmpmemctx);
	within = lk_dn_is_within(&ndn, &instance->ncontainer);
	op->o_tmpfree(ndn.bv_val, op->o_tmpmemctx);
	return within;
}

bool lk_is_hidden_write(const Operation *op, const struct lk_instance *instance)
{
	if (lk_dn_is_within(&op->o_req_ndn, &instance->ncontainer))
		return true;
	if (op->o_tag == LDAP_REQ_MODRDN && LK_GUARD("renamed-to-hidden", moves_in(op, instance)))
		return true;
	return makes_alias(op, instance);
}
