/* The task that looks, a few times a day, for passwords which are about to expire by slapo-ppolicy's pwdMaxAge: by the
 * index of pwdChangedTime, so that it costs little. What it has found is told, some at a time, by expiry-notice.c. */
#include "overlay.h"

#define FOUND_MOST 4096 /* of one search: the rest is looked for when these have been told */
#define TOLD_AT_ONCE 64 /* between two moments in which others can go on */

/* What one look has found and not told yet. */
struct lk_expiry_watch {
	time_t look; /* the number of the last; 0: none yet */
	BerVarray found; /* normalized DNs */
	size_t next;
	size_t told; /* of these */
	bool is_full; /* there are more */
};

/* A password policy under which passwords expire. */
struct aging {
	struct berval ndn; /* BER_BVNULL: of those who name none */
	long max_age;
};

struct search {
	struct lk_instance *instance;
	struct lk_snapshot *snapshot;
	struct lk_expiry_watch *watch;
	bool (*may_go_on)(void);
	struct aging *agings; /* owned, with their names */
	size_t agings_count;
	const struct aging *aging; /* whose users are being looked for */
	size_t found_count;
};

/* --- the search --------------------------------------------------------------------------------------------------- */

static void add_aging(struct search *search, const struct berval *ndn, long max_age)
{
	struct aging *last;

	if (max_age <= 0)
		return;
	search->agings = ch_realloc(search->agings, (search->agings_count + 1) * sizeof *search->agings);
	last = &search->agings[search->agings_count++];
	last->max_age = max_age;
	ber_dupbv(&last->ndn, (struct berval *)ndn);
}

static long max_age_of(const Entry *entry)
{
	struct berval age = lk_entry_value(entry, lk_schema.pwd_max_age);

	return BER_BVISEMPTY(&age) ? 0 : strtol(age.bv_val, NULL, 10);
}

/* An lk_backend_found. */
static int found_aging(void *context, Operation *op, Entry *entry)
{
	(void)op;
	add_aging(context, &entry->e_nname, max_age_of(entry));
	return slapd_shutdown;
}

static void see_default(void *context, const Entry *stored)
{
	static const struct berval nobody = BER_BVNULL;

	add_aging(context, &nobody, max_age_of(stored));
}

static const char *type_of(const BackendDB *be)
{
	const slap_overinfo *info = be->bd_info->bi_private;

	return overlay_is_over((BackendDB *)be) ? info->oi_orig->bi_type : be->bd_info->bi_type;
}

/* Wherever they stand on this server; a database of another kind may be another server, and is not asked. */
static void find_agings(Operation *op, struct search *search)
{
	AttributeAssertion ava = {.aa_desc = slap_schema.si_ad_objectClass, .aa_value = BER_BVC("pwdPolicy")};
	Filter policies = {.f_choice = LDAP_FILTER_EQUALITY, .f_ava = &ava};
	struct berval by_default = lk_password_default_policy(search->instance);
	BackendDB *be = BER_BVISEMPTY(&by_default) ? NULL : select_backend(&by_default, 0);

	if (be)
		lk_backend_look(op, be, &by_default, see_default, search);
	ch_free(by_default.bv_val);
	LDAP_STAILQ_FOREACH(be, &backendDB, be_next)
	{
		if (be->be_nsuffix && !strcmp(type_of(be), search->instance->backend->bi_type))
			lk_backend_search(op, be, &be->be_nsuffix[0], LDAP_SCOPE_SUBTREE, &policies, 0, found_aging, search);
	}
}

static bool is_of_aging(const struct search *search, const Entry *entry)
{
	Attribute *a = attr_find(entry->e_attrs, lk_schema.pwd_policy_subentry);

	if (!a || BER_BVISNULL(&search->aging->ndn))
		return !a && BER_BVISNULL(&search->aging->ndn);
	return dn_match(&a->a_nvals[0], &search->aging->ndn);
}

/* An lk_backend_found. */
static int found_password(void *context, Operation *op, Entry *entry)
{
	struct search *search = context;
	struct lk_target target = {
		.snapshot = search->snapshot, .instance = search->instance, .entry = entry, .now = op->o_time};
	struct berval changed = lk_entry_value(entry, lk_schema.pwd_changed), ndn;
	time_t when;

	if (!search->may_go_on()) {
		search->watch->is_full = true;
		return 1;
	}
	if (!is_of_aging(search, entry) || lk_time_parse(&changed, &when) != LK_OK)
		return 0;
	target.governance = lk_snapshot_govern(search->snapshot, &entry->e_nname);
	if (!lk_expiry_days_for(&target, when + search->aging->max_age, search->aging->max_age))
		return 0;
	ber_dupbv(&ndn, &entry->e_nname);
	ber_bvarray_add(&search->watch->found, &ndn);
	search->watch->is_full = ++search->found_count == FOUND_MOST;
	return search->watch->is_full;
}

/* Those of one policy whose password was changed so long ago that DAYS at most are left. That it has expired since only
 * the entry can say: a second bound would cost the index more than it saves. */
static void search_aging(Operation *op, struct search *search, unsigned days)
{
	AttributeAssertion ava = {.aa_desc = lk_schema.pwd_changed};
	Filter old = {.f_choice = LDAP_FILTER_LE, .f_ava = &ava};
	char text[LK_TIME_TEXT + 1];

	lk_time_format(op->o_time - search->aging->max_age + (time_t)days * 86400, text);
	ber_str2bv(text, 0, 0, &ava.aa_value);
	lk_backend_search(
		op, search->instance->be, &search->instance->nsuffix, LDAP_SCOPE_SUBTREE, &old, 0, found_password, search);
}

/* The most days that any policy lists; 0: nobody is to be told. */
static unsigned most_days(const struct lk_snapshot *snapshot)
{
	unsigned most = 0;

	for (size_t i = 0; i < snapshot->count; i++) {
		const struct lk_expiry_days *days = &snapshot->policies[i]->expiry_days;

		if (days->count && days->days[days->count - 1] > most)
			most = days->days[days->count - 1];
	}
	return most;
}

static void look(Operation *op, struct lk_instance *instance, bool (*may_go_on)(void))
{
	struct search search = {.instance = instance, .watch = instance->expiring, .may_go_on = may_go_on};
	unsigned days;

	instance->expiring->is_full = false;
	search.snapshot = lk_snapshot_get(op);
	days = search.snapshot ? most_days(search.snapshot) : 0;
	if (days && lk_schema.pwd_max_age && lk_schema.pwd_changed && lk_schema.pwd_policy_subentry &&
		instance->mailer_keys)
		find_agings(op, &search);
	for (size_t i = 0; i < search.agings_count && !search.watch->is_full; i++) {
		search.aging = &search.agings[i];
		search_aging(op, &search, days);
	}
	for (size_t i = 0; i < search.agings_count; i++)
		ch_free(search.agings[i].ndn.bv_val);
	ch_free(search.agings);
	lk_snapshot_put(search.snapshot);
}

/* --- the task ----------------------------------------------------------------------------------------------------- */

static void drop_found(struct lk_expiry_watch *watch)
{
	ber_bvarray_free(watch->found);
	watch->found = NULL;
	watch->next = watch->told = 0;
}

static bool has_found(const struct lk_expiry_watch *watch)
{
	return watch->found && !BER_BVISNULL(&watch->found[watch->next]);
}

/* Where another provider is at the same work, it is left to that one. Where nobody could be told, all the rest waits
 * for the next look. */
static void tell_found(Operation *op, struct lk_instance *instance, bool (*may_go_on)(void))
{
	struct lk_expiry_watch *watch = instance->expiring;
	enum lk_told told = LK_TOLD;

	for (int i = 0; i < TOLD_AT_ONCE && told != LK_TOLD_BY_ANOTHER && has_found(watch) && may_go_on(); i++) {
		told = lk_expiry_tell(op, instance, &watch->found[watch->next++]);
		watch->told += told == LK_TOLD;
	}
	if (told != LK_TOLD_BY_ANOTHER && has_found(watch))
		return;
	watch->is_full = watch->is_full && watch->told && told != LK_TOLD_BY_ANOTHER;
	drop_found(watch);
}

/* Alone, a server looks as soon as it has started. Where there are other providers, each keeps to its moments. */
static bool is_time(struct lk_instance *instance, time_t now)
{
	struct lk_expiry_watch *watch = instance->expiring;
	time_t last = watch->look;

	watch->look = lk_expiry_look(now, (unsigned)slap_serverID, lk_expiry_interval());
	return last ? watch->look != last : !SLAP_MULTIPROVIDER(instance->be);
}

/* What comes as seldom goes with it. */
static void begin(Operation *op, struct lk_instance *instance, bool (*may_go_on)(void))
{
	lk_outbox_sweep(op, instance);
	look(op, instance, may_go_on);
}

void lk_expiry_watch(Operation *op, struct lk_instance *instance, bool (*may_go_on)(void))
{
	if (!instance->expiring)
		instance->expiring = ch_calloc(1, sizeof *instance->expiring);
	if (has_found(instance->expiring))
		tell_found(op, instance, may_go_on);
	else if (instance->expiring->is_full)
		look(op, instance, may_go_on);
	else if (is_time(instance, op->o_time))
		begin(op, instance, may_go_on);
}

void lk_expiry_forget(struct lk_instance *instance)
{
	if (!instance->expiring)
		return;
	drop_found(instance->expiring);
	ch_free(instance->expiring);
	instance->expiring = NULL;
}
