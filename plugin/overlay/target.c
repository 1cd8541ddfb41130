/* The person whom a request is about: found by DN or by what they sign in with, and what their entry says. */
#include "overlay.h"

#include "../protocol/address.h"

struct berval lk_entry_value(const Entry *entry, AttributeDescription *ad)
{
	struct berval none = BER_BVC("");
	Attribute *a = ad ? attr_find(entry->e_attrs, ad) : NULL;

	return a && a->a_numvals ? a->a_vals[0] : none;
}

AttributeDescription *lk_attribute_named(const struct berval *name)
{
	AttributeDescription *ad = NULL;
	const char *text;

	return slap_bv2ad((struct berval *)name, &ad, &text) == LDAP_SUCCESS ? ad : NULL;
}

/* The search for people by what they sign in with: those found, two at most, since two of one name are nobody. */
struct hits {
	const struct lk_snapshot *snapshot;
	const struct lk_policy *policy;
	Entry *first; /* a copy */
	size_t count;
};

/* An lk_backend_found. Somebody whom a nearer policy governs is not this policy's. */
static int found_person(void *context, Operation *op, Entry *entry)
{
	struct hits *hits = context;

	(void)op;
	if (LK_GUARD("name-of-another-policy", lk_snapshot_govern(hits->snapshot, &entry->e_nname).policy != hits->policy))
		return 0;
	if (hits->first && dn_match(&hits->first->e_nname, &entry->e_nname))
		return 0;
	if (!hits->count++)
		hits->first = entry_dup(entry);
	return hits->count == 2;
}

/* One equality filter a login attribute, as a structure: nothing in a name can be taken for syntax. NULL where no
 * attribute can hold the name at all. */
static Filter *login_filter(Operation *op, const struct lk_policy *policy, const struct berval *name)
{
	Filter *any = NULL;

	for (size_t i = 0; policy->login_attributes && policy->login_attributes[i].bv_val; i++) {
		AttributeDescription *ad = lk_attribute_named(&policy->login_attributes[i]);
		struct berval value;
		const char *text;
		Filter *filter;

		if (!ad || !ad->ad_type->sat_equality)
			continue;
		if (asserted_value_validate_normalize(ad, ad->ad_type->sat_equality,
				SLAP_MR_EQUALITY | SLAP_MR_VALUE_OF_ASSERTION_SYNTAX, (struct berval *)name, &value, &text,
				op->o_tmpmemctx))
			continue;
		filter = lk_filter_equals(op, ad, &value);
		filter->f_next = any;
		any = filter;
	}
	return any;
}

/* A scope can go on in databases below the one where it begins. */
static void search_scope(Operation *op, struct hits *hits, const struct berval *scope, Filter *filter)
{
	for (struct lk_instance *in = lk_instances; in && hits->count < 2; in = in->next) {
		struct berval base;

		if (in->open && lk_instance_part(in, scope, &base))
			lk_backend_search(op, in->be, &base, LDAP_SCOPE_SUBTREE, filter, 0, found_person, hits);
	}
}

static void search_policy(Operation *op, struct hits *hits, const struct berval *name)
{
	Filter either = {.f_choice = LDAP_FILTER_OR};

	either.f_or = login_filter(op, hits->policy, name);
	for (size_t i = 0; either.f_or && hits->policy->scopes && hits->policy->scopes[i].bv_val && hits->count < 2; i++)
		search_scope(op, hits, &hits->policy->scopes[i], &either);
}

/* A copy of the entry of the one person of that name, or NULL. */
static Entry *find_by_name(Operation *op, const struct lk_snapshot *snapshot, const struct berval *name)
{
	struct hits hits = {.snapshot = snapshot};

	for (size_t i = 0; i < snapshot->count && hits.count < 2; i++) {
		hits.policy = snapshot->policies[i];
		search_policy(op, &hits, name);
	}
	if (!LK_GUARD("one-of-a-name", hits.count > 1))
		return hits.first;
	entry_free(hits.first);
	return NULL;
}

/* slapd's parser wants a terminated string. */
bool lk_target_names_dn(Operation *op, const struct berval *user, struct berval *ret_ndn)
{
	struct berval copy;
	bool is_dn;

	ber_dupbv_x(&copy, (struct berval *)user, op->o_tmpmemctx);
	is_dn = memchr(copy.bv_val, '=', copy.bv_len) &&
			dnNormalize(0, NULL, NULL, &copy, ret_ndn, op->o_tmpmemctx) == LDAP_SUCCESS;
	op->o_tmpfree(copy.bv_val, op->o_tmpmemctx);
	return is_dn && !BER_BVISEMPTY(ret_ndn);
}

/* Whoever is no user of any policy is nobody, in the log too. TARGET may have the entry of NDN already. */
static int fetch(Operation *op, struct berval *ndn, struct lk_target *target)
{
	BackendDB *be = select_backend(ndn, 0);

	target->governance = lk_snapshot_govern(target->snapshot, ndn);
	target->instance = be ? lk_instance_of(be) : NULL;
	if (!target->governance.policy || !target->instance ||
		LK_GUARD("recovery-entry-is-nobody", lk_dn_is_within(ndn, &target->instance->ncontainer))) {
		if (target->entry)
			entry_free(target->entry);
		target->entry = NULL;
		return LDAP_NO_SUCH_OBJECT;
	}
	return target->entry ? LDAP_SUCCESS : lk_backend_fetch(op, be, ndn, &target->entry);
}

int lk_target_find(Operation *op, const struct berval *user, struct lk_target *ret_target)
{
	struct berval ndn;
	int rc;

	memset(ret_target, 0, sizeof *ret_target);
	ret_target->now = op->o_time;
	ret_target->snapshot = lk_snapshot_get(op);
	if (!ret_target->snapshot)
		return LDAP_BUSY;
	if (!lk_target_names_dn(op, user, &ndn)) {
		ret_target->entry = find_by_name(op, ret_target->snapshot, user);
		return ret_target->entry ? fetch(op, &ret_target->entry->e_nname, ret_target) : LDAP_NO_SUCH_OBJECT;
	}
	rc = fetch(op, &ndn, ret_target);
	op->o_tmpfree(ndn.bv_val, op->o_tmpmemctx);
	return rc;
}

void lk_target_release(struct lk_target *target)
{
	if (target->entry)
		entry_free(target->entry);
	lk_snapshot_put(target->snapshot);
	memset(target, 0, sizeof *target);
}

bool lk_target_is_inside(const struct lk_target *target, const struct berval *address)
{
	const struct lk_policy *policy = target->governance.policy;

	for (size_t i = 0; policy->inside_domains && policy->inside_domains[i].bv_val; i++) {
		if (LK_GUARD("inside-domain", lk_address_in_domain(address, &policy->inside_domains[i])))
			return true;
	}
	return false;
}

static bool each_address(const struct lk_target *target, bool on_record,
	bool (*visit)(const struct berval *address, void *context), void *context)
{
	const struct lk_policy *policy = target->governance.policy;

	for (size_t i = 0; policy->address_attributes && policy->address_attributes[i].bv_val; i++) {
		AttributeDescription *ad = lk_attribute_named(&policy->address_attributes[i]);
		Attribute *a = ad ? attr_find(target->entry->e_attrs, ad) : NULL;

		for (size_t v = 0; a && v < a->a_numvals; v++) {
			if (LK_GUARD("address-form", lk_address_check_reachable(&a->a_vals[v]) != LK_OK))
				continue;
			if (!on_record && LK_GUARD("address-inside", lk_target_is_inside(target, &a->a_vals[v])))
				continue;
			if (!on_record && LK_GUARD("address-cooldown", lk_address_is_cooling(target, &a->a_vals[v])))
				continue;
			if (visit(&a->a_vals[v], context))
				return true;
		}
	}
	return false;
}

bool lk_target_each_address(
	const struct lk_target *target, bool (*visit)(const struct berval *address, void *context), void *context)
{
	return each_address(target, false, visit, context);
}

bool lk_target_each_on_record(
	const struct lk_target *target, bool (*visit)(const struct berval *address, void *context), void *context)
{
	return each_address(target, true, visit, context);
}

bool lk_target_keeps_addresses_in(const struct lk_policy *policy, const AttributeDescription *ad)
{
	for (size_t i = 0; policy->address_attributes && policy->address_attributes[i].bv_val; i++) {
		const struct berval *name = &policy->address_attributes[i];

		if (lk_schema_is_called(ad->ad_type, name) && lk_attribute_named(name) == ad)
			return true;
	}
	return false;
}

bool lk_target_addresses_may_be_in(const struct lk_snapshot *snapshot, const AttributeDescription *ad)
{
	for (size_t i = 0; i < snapshot->count; i++) {
		if (lk_target_keeps_addresses_in(snapshot->policies[i], ad))
			return true;
	}
	return false;
}

static bool take_first(const struct berval *address, void *context)
{
	*(struct berval *)context = *address;
	return true;
}

bool lk_target_address(const struct lk_target *target, struct berval *ret_address)
{
	return lk_target_each_address(target, take_first, ret_address);
}

static struct berval value_named(const struct lk_target *target, const char *name)
{
	struct berval type;

	ber_str2bv(name, 0, 0, &type);
	return lk_entry_value(target->entry, lk_attribute_named(&type));
}

struct berval lk_target_name(const struct lk_target *target)
{
	struct berval name = value_named(target, "displayName");

	return BER_BVISEMPTY(&name) ? value_named(target, "cn") : name;
}

struct berval lk_target_login(const struct lk_target *target)
{
	const struct lk_policy *policy = target->governance.policy;
	struct berval login = BER_BVC("");

	for (size_t i = 0; policy->login_attributes && policy->login_attributes[i].bv_val && BER_BVISEMPTY(&login); i++)
		login = lk_entry_value(target->entry, lk_attribute_named(&policy->login_attributes[i]));
	return login;
}

/* The first of preferredLanguage's tags ("ko-KR, en;q=0.8", RFC 2798), else the policy's language. */
struct berval lk_target_language(const struct lk_target *target, const struct berval *otherwise)
{
	struct berval language = value_named(target, "preferredLanguage");
	ber_len_t length = 0;

	while (
		length < language.bv_len && (isalnum((unsigned char)language.bv_val[length]) || language.bv_val[length] == '-'))
		length++;
	language.bv_len = length;
	if (length && length <= LK_LOCALE_TEXT)
		return language;
	return BER_BVISEMPTY(otherwise) ? target->governance.policy->language : *otherwise;
}

const char *lk_target_log_name(Operation *op, const struct lk_target *target)
{
	return target->entry ? lk_log_value(op, &target->entry->e_nname) : "unknown";
}

unsigned long lk_target_serial(const struct lk_target *target)
{
	struct berval serial = lk_entry_value(target->entry, lk_schema.serial);

	return BER_BVISEMPTY(&serial) ? 0 : strtoul(serial.bv_val, NULL, 10);
}

/* ppolicy writes these times by its own clock, but an administrator may have written them with fractions or an
 * offset. */
static bool parse_any_time(const struct berval *text, time_t *ret_when)
{
	struct lutil_tm tm;
	struct lutil_timet tt;

	if (BER_BVISEMPTY(text) || lutil_parsetime(text->bv_val, &tm) || lutil_tm2time(&tm, &tt))
		return false;
	*ret_when = (time_t)tt.tt_sec;
	return true;
}

static bool is_kept_elsewhere(const Entry *entry)
{
	static const char scheme[] = "{SASL}";
	Attribute *a = attr_find(entry->e_attrs, slap_schema.si_ad_userPassword);

	for (unsigned i = 0; a && i < a->a_numvals; i++) {
		if (a->a_vals[i].bv_len >= sizeof scheme - 1 && !strncasecmp(a->a_vals[i].bv_val, scheme, sizeof scheme - 1))
			return true;
	}
	return false;
}

struct lk_verdict lk_target_standing(const struct lk_target *target)
{
	static const struct lk_verdict fine = {true, LDAP_SUCCESS, "standing", NULL};
	static const struct lk_verdict excluded = {false, LDAP_UNWILLING_TO_PERFORM, "excluded",
		"this account is excluded from resets and recoveries by its policy"};
	static const struct lk_verdict elsewhere = {false, LDAP_UNWILLING_TO_PERFORM, "password-elsewhere",
		"the password of this account is kept in another system ({SASL}): change it there"};
	static const struct lk_verdict blocked = {
		false, LDAP_UNWILLING_TO_PERFORM, "blocked", "sign-in to this account is blocked: unlock it first"};

	if (LK_GUARD("excluded", lk_snapshot_excludes(target->snapshot, target->governance.policy, target->entry)))
		return excluded;
	if (LK_GUARD("password-elsewhere", is_kept_elsewhere(target->entry)))
		return elsewhere;
	if (LK_GUARD("blocked", attr_find(target->entry->e_attrs, lk_schema.blocked) != NULL))
		return blocked;
	return fine;
}

bool lk_target_is_closed(const struct lk_target *target, time_t now)
{
	struct berval locked = lk_entry_value(target->entry, lk_schema.pwd_locked);
	struct berval start = lk_entry_value(target->entry, lk_schema.pwd_start);
	struct berval end = lk_entry_value(target->entry, lk_schema.pwd_end);
	time_t when;

	if (LK_GUARD("closed-by-standing", !lk_target_standing(target).allowed))
		return true;
	if (LK_GUARD("locked-for-good", !strncmp(locked.bv_val, LK_PERMANENT_LOCK, sizeof LK_PERMANENT_LOCK - 2)))
		return true;
	if (LK_GUARD("before-start", !BER_BVISEMPTY(&start) && (!parse_any_time(&start, &when) || now < when)))
		return true;
	return LK_GUARD("after-end", !BER_BVISEMPTY(&end) && (!parse_any_time(&end, &when) || when <= now));
}
