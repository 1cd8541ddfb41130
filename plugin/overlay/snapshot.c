/* The policies of all instances in memory. They are read when first needed after any write below a policy base, so a
 * change counts for the first request that comes after it was answered, replicated or not. */
#include "overlay.h"

static ldap_pvt_thread_mutex_t state_mutex; /* guards what follows and every lk_snapshot.references */
static struct lk_snapshot *current;
static unsigned long generation = 1; /* raised by each change */
static time_t changed; /* when that was */
static unsigned long loaded; /* the generation that current shows; 0: none */
static unsigned changing; /* writes under way that may change a policy: until they are over, nothing is fresh */
static ldap_pvt_thread_mutex_t load_mutex; /* held while the tree is read, by one thread */

int lk_snapshot_setup(void)
{
	return ldap_pvt_thread_mutex_init(&state_mutex) || ldap_pvt_thread_mutex_init(&load_mutex) ? -1 : 0;
}

void lk_snapshot_invalidate(void)
{
	ldap_pvt_thread_mutex_lock(&state_mutex);
	generation++;
	changed = lk_backend_now();
	ldap_pvt_thread_mutex_unlock(&state_mutex);
}

void lk_snapshot_changes(bool begins)
{
	ldap_pvt_thread_mutex_lock(&state_mutex);
	if (begins)
		changing++;
	else
		changing--;
	ldap_pvt_thread_mutex_unlock(&state_mutex);
}

static void snapshot_free(struct lk_snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->count; i++) {
		lk_policy_free(snapshot->policies[i]);
		filter_free(snapshot->excluded[i]);
	}
	ch_free(snapshot->policies);
	ch_free(snapshot->excluded);
	ch_free(snapshot);
}

void lk_snapshot_put(struct lk_snapshot *snapshot)
{
	bool last;

	if (!snapshot)
		return;
	ldap_pvt_thread_mutex_lock(&state_mutex);
	last = --snapshot->references == 0;
	ldap_pvt_thread_mutex_unlock(&state_mutex);
	if (last)
		snapshot_free(snapshot);
}

/* A filter that cannot be understood excludes everybody: that is the strictest. */
static Filter *parse_exclude(const struct lk_policy *policy, bool quiet)
{
	Filter *filter = BER_BVISEMPTY(&policy->exclude) ? NULL : str2filter(policy->exclude.bv_val);

	if (filter || !LK_GUARD("exclude-is-no-filter", !BER_BVISEMPTY(&policy->exclude)))
		return filter;
	if (!quiet)
		lk_warn("policy \"%s\": latchkeyExclude is no filter: all its users are excluded", policy->dn.bv_val);
	return str2filter("(objectClass=*)");
}

static void snapshot_add(struct lk_snapshot *snapshot, struct lk_policy *policy)
{
	if (!policy)
		return;
	snapshot->excluded = ch_realloc(snapshot->excluded, (snapshot->count + 1) * sizeof *snapshot->excluded);
	snapshot->excluded[snapshot->count] = parse_exclude(policy, snapshot->opening);
	snapshot->policies = ch_realloc(snapshot->policies, (snapshot->count + 1) * sizeof *snapshot->policies);
	snapshot->policies[snapshot->count++] = policy;
}

static void warn_of_policy(void *context, const char *attribute, const char *text)
{
	const Entry *entry = context;

	lk_warn("policy \"%s\": %s: %s", entry->e_name.bv_val, attribute, text);
}

static void say_nothing(void *context, const char *attribute, const char *text)
{
	(void)context;
	(void)attribute;
	(void)text;
}

/* An lk_backend_found. */
static int found_policy(void *context, Operation *op, Entry *entry)
{
	struct lk_snapshot *snapshot = context;
	struct lk_policy_attribute *attributes;
	size_t count = 0;

	for (Attribute *a = entry->e_attrs; a; a = a->a_next)
		count++;
	attributes = op->o_tmpcalloc(count, sizeof *attributes, op->o_tmpmemctx);
	count = 0;
	for (Attribute *a = entry->e_attrs; a; a = a->a_next) {
		bool is_dn = a->a_desc->ad_type->sat_syntax == slap_schema.si_syn_distinguishedName;

		attributes[count].name = a->a_desc->ad_cname.bv_val;
		attributes[count++].values = is_dn ? a->a_nvals : a->a_vals;
	}
	snapshot_add(snapshot,
		lk_policy_parse(&entry->e_nname, attributes, count, snapshot->opening ? say_nothing : warn_of_policy, entry));
	op->o_tmpfree(attributes, op->o_tmpmemctx);
	return 0;
}

/* Whether policies may be where they are not to be had, since cn=config has given the database another suffix. */
static bool is_out_of_reach(const struct lk_instance *instance, const struct berval *base)
{
	return instance->open && !lk_instance_has_suffix(instance) &&
		   (lk_dn_is_within(base, &instance->nsuffix) || lk_dn_is_within(&instance->nsuffix, base));
}

/* In its own database, and in those that lie below it. */
static int search_policies(
	Operation *op, const struct lk_instance *instance, Filter *filter, struct lk_snapshot *snapshot)
{
	int rc = LDAP_SUCCESS;

	for (struct lk_instance *in = lk_instances; in && rc == LDAP_SUCCESS; in = in->next) {
		struct berval base;

		if (is_out_of_reach(in, &instance->policy_nbase))
			return LDAP_UNAVAILABLE;
		if ((!in->open && in->be != op->o_bd->bd_self) || !lk_instance_part(in, &instance->policy_nbase, &base))
			continue;
		rc = lk_backend_search(op, in->be, &base, LDAP_SCOPE_SUBTREE, filter, 0, found_policy, snapshot);
		if (rc == LDAP_NO_SUCH_OBJECT || rc == LDAP_REFERRAL)
			rc = LDAP_SUCCESS;
	}
	return rc;
}

static bool load_base(Operation *op, const struct lk_instance *instance, struct lk_snapshot *snapshot)
{
	static const char name[] = "latchkeyPolicy";
	AttributeAssertion ava = {.aa_desc = slap_schema.si_ad_objectClass};
	Filter filter = {.f_choice = LDAP_FILTER_EQUALITY, .f_ava = &ava};
	size_t before = snapshot->count;
	BackendDB *be;
	int rc;

	if (BER_BVISNULL(&instance->policy_nbase))
		return true;
	be = select_backend((struct berval *)&instance->policy_nbase, 0);
	if (!be || !lk_instance_of(be)) {
		lk_warn("the policy base \"%s\" is in no database of Latchkey, so changes there could not be followed: nothing "
				"is read from it and every reset is refused",
			instance->policy_base.bv_val);
		return false;
	}
	ber_str2bv(name, sizeof name - 1, 0, &ava.aa_value);
	rc = search_policies(op, instance, &filter, snapshot);
	if (rc == LDAP_SUCCESS) {
		if (snapshot->count == before && !snapshot->opening)
			lk_warn("no policy is found at or below the policy base \"%s\": users under no other are left to slapd's "
					"access controls",
				instance->policy_base.bv_val);
		return true;
	}
	lk_warn("the policies below \"%s\" cannot be read: %s", instance->policy_base.bv_val, ldap_err2string(rc));
	return false;
}

/* A subtree that cn=config names needs a policy even where the tree has none. */
static void add_configured(const struct lk_instance *instance, struct lk_snapshot *snapshot)
{
	for (size_t i = 0; instance->nself_service_only && !BER_BVISNULL(&instance->nself_service_only[i]); i++) {
		struct berval scope[2] = {instance->nself_service_only[i], BER_BVNULL};
		struct berval mode[2] = {BER_BVC("selfServiceOnly"), BER_BVNULL};
		struct lk_policy_attribute attributes[] = {{"latchkeyScope", scope}, {"latchkeyResetMode", mode}};
		Entry named = {.e_name = scope[0]};

		if (!lk_policy_for(snapshot->policies, snapshot->count, &scope[0]))
			snapshot_add(snapshot, lk_policy_parse(&scope[0], attributes, 2, warn_of_policy, &named));
	}
}

static struct lk_snapshot *load(Operation *op)
{
	struct lk_snapshot *snapshot = ch_calloc(1, sizeof *snapshot);
	bool whole = true;

	for (struct lk_instance *instance = lk_instances; instance && whole; instance = instance->next)
		whole = load_base(op, instance, snapshot);
	if (!whole) {
		snapshot_free(snapshot);
		return NULL;
	}
	for (struct lk_instance *instance = lk_instances; instance; instance = instance->next)
		add_configured(instance, snapshot);
	lk_coverage_check(snapshot);
	return snapshot;
}

/* For one opening database: nobody but the caller sees it. */
struct lk_snapshot *lk_snapshot_of(Operation *op, const struct lk_instance *opening)
{
	struct lk_snapshot *snapshot = ch_calloc(1, sizeof *snapshot);
	bool whole = true;

	snapshot->opening = true;
	for (struct lk_instance *instance = lk_instances; instance && whole; instance = instance->next) {
		BackendDB *be = BER_BVISNULL(&instance->policy_nbase) ? NULL : select_backend(&instance->policy_nbase, 0);

		if (be && be->bd_self == opening->be)
			whole = load_base(op, instance, snapshot);
	}
	add_configured(opening, snapshot);
	snapshot->references = 1;
	if (whole)
		return snapshot;
	lk_snapshot_put(snapshot);
	return NULL;
}

/* The current snapshot with one more reference if it is fresh. */
static struct lk_snapshot *fresh(unsigned long *ret_generation)
{
	struct lk_snapshot *snapshot = NULL;

	ldap_pvt_thread_mutex_lock(&state_mutex);
	*ret_generation = generation;
	if (loaded == generation && !changing) {
		snapshot = current;
		snapshot->references++;
	}
	ldap_pvt_thread_mutex_unlock(&state_mutex);
	return snapshot;
}

/* Makes SNAPSHOT the current one, as of the generation at which its reading began; but what OP may have read before
 * that is OP's alone. */
static void publish(Operation *op, struct lk_snapshot *snapshot, unsigned long as_of)
{
	struct lk_snapshot *old = NULL;

	snapshot->references = 1; /* the caller's */
	ldap_pvt_thread_mutex_lock(&state_mutex);
	if (LK_GUARD("policies-of-an-earlier-view", !lk_backend_reads_since(op, changed))) {
		ldap_pvt_thread_mutex_unlock(&state_mutex);
		return;
	}
	old = current;
	current = snapshot;
	loaded = as_of;
	snapshot->references++;
	ldap_pvt_thread_mutex_unlock(&state_mutex);
	lk_snapshot_put(old);
}

/* Within a transaction one sees what it has changed so far. That may never be, so it is nobody else's to see. */
static struct lk_snapshot *load_for_transaction(Operation *op)
{
	struct lk_snapshot *snapshot = load(op);

	if (snapshot)
		snapshot->references = 1;
	return snapshot;
}

struct lk_snapshot *lk_snapshot_glance(void)
{
	unsigned long as_of;

	return fresh(&as_of);
}

struct lk_snapshot *lk_snapshot_get(Operation *op)
{
	unsigned long as_of;
	struct lk_snapshot *snapshot;

	if (LK_GUARD("policies-of-a-transaction", op->o_txnSpec))
		return load_for_transaction(op);
	snapshot = fresh(&as_of);
	if (snapshot)
		return snapshot;
	ldap_pvt_thread_mutex_lock(&load_mutex);
	snapshot = fresh(&as_of);
	if (!snapshot) {
		snapshot = load(op);
		if (snapshot)
			publish(op, snapshot, as_of);
	}
	ldap_pvt_thread_mutex_unlock(&load_mutex);
	return snapshot;
}

void lk_snapshot_teardown(void)
{
	lk_snapshot_put(current);
	current = NULL;
	loaded = 0;
	ldap_pvt_thread_mutex_destroy(&state_mutex);
	ldap_pvt_thread_mutex_destroy(&load_mutex);
}

bool lk_snapshot_excludes(const struct lk_snapshot *snapshot, const struct lk_policy *policy, Entry *entry)
{
	for (size_t i = 0; i < snapshot->count; i++) {
		if (snapshot->policies[i] == policy)
			return snapshot->excluded[i] && test_filter(NULL, entry, snapshot->excluded[i]) == LDAP_COMPARE_TRUE;
	}
	return false;
}

struct lk_governance lk_snapshot_govern(const struct lk_snapshot *snapshot, const struct berval *ndn)
{
	struct lk_governance governance = {.policy = lk_policy_for(snapshot->policies, snapshot->count, ndn)};

	if (!governance.policy)
		return governance;
	governance.mode = governance.policy->mode;
	governance.observe = governance.policy->observe;
	governance.cooldown = governance.policy->address_cooldown;
	for (struct lk_instance *instance = lk_instances; instance; instance = instance->next) {
		for (size_t i = 0; instance->nself_service_only && !BER_BVISNULL(&instance->nself_service_only[i]); i++) {
			if (!LK_GUARD("configuration-goes-first", lk_dn_is_within(ndn, &instance->nself_service_only[i])))
				continue;
			governance.mode = LK_MODE_SELF_SERVICE_ONLY;
			governance.observe = false;
			if (governance.cooldown < LK_COOLDOWN)
				governance.cooldown = LK_COOLDOWN;
		}
	}
	return governance;
}

time_t lk_snapshot_longest_cooldown(const struct lk_snapshot *snapshot)
{
	time_t longest = 0;

	for (size_t i = 0; i < snapshot->count; i++) {
		if (snapshot->policies[i]->address_cooldown > longest)
			longest = snapshot->policies[i]->address_cooldown;
	}
	for (struct lk_instance *instance = lk_instances; instance; instance = instance->next) {
		if (instance->nself_service_only && longest < LK_COOLDOWN)
			longest = LK_COOLDOWN;
	}
	return longest;
}
