/* What a wrong one-time password costs: a try of the code that came with it. Tries are counted in memory, so that a
 * wrong answer writes nothing and takes no longer than any other; when the last one is gone this server refuses the
 * code at once, and the beat takes it out of the directory, which all servers then see. */
#include "overlay.h"

#include "misses.h"

#include "../protocol/code.h"

#define CODES_REMEMBERED 1024
#define OVER_MAX 64 /* codes that wait for the beat; those beyond are refused by this server alone */

struct over {
	struct over *next;
	AttributeDescription *ad; /* latchkeyCode or latchkeyPrintedCodes */
	unsigned char hash[LK_HASH_BYTES];
	struct berval holder; /* normalized DN, in this allocation */
	char text[];
};

static ldap_pvt_thread_mutex_t mutex; /* guards all below */
static struct lk_misses *misses;
static struct over *overs;
static size_t overs_count;

int lk_spending_setup(void)
{
	misses = lk_misses_new(CODES_REMEMBERED);
	return !misses || ldap_pvt_thread_mutex_init(&mutex) ? -1 : 0;
}

static struct over *take_over(void)
{
	struct over *over = overs;

	if (over) {
		overs = over->next;
		overs_count--;
	}
	return over;
}

void lk_spending_teardown(void)
{
	struct over *over;

	while ((over = take_over()))
		ch_free(over);
	lk_misses_free(misses);
	misses = NULL;
	ldap_pvt_thread_mutex_destroy(&mutex);
}

bool lk_spending_is_over(const unsigned char hash[LK_HASH_BYTES])
{
	bool over;

	ldap_pvt_thread_mutex_lock(&mutex);
	over = lk_misses_are_spent(misses, hash);
	ldap_pvt_thread_mutex_unlock(&mutex);
	return over;
}

static void remember(const struct berval *holder, AttributeDescription *ad, const unsigned char hash[LK_HASH_BYTES])
{
	struct over *over;

	if (overs_count >= OVER_MAX)
		return;
	over = ch_calloc(1, sizeof *over + holder->bv_len + 1);
	over->ad = ad;
	memcpy(over->hash, hash, sizeof over->hash);
	memcpy(over->text, holder->bv_val, holder->bv_len);
	over->holder.bv_val = over->text;
	over->holder.bv_len = holder->bv_len;
	over->next = overs;
	overs = over;
	overs_count++;
}

bool lk_spending_try(
	const struct berval *holder, AttributeDescription *ad, const unsigned char hash[LK_HASH_BYTES], bool fits)
{
	bool left;

	ldap_pvt_thread_mutex_lock(&mutex);
	left = lk_misses_take(misses, hash);
	if (left && fits)
		lk_misses_forgive(misses, hash);
	else if (left && lk_misses_are_spent(misses, hash))
		remember(holder, ad, hash);
	ldap_pvt_thread_mutex_unlock(&mutex);
	return left;
}

/* --- the beat ----------------------------------------------------------------------------------------------------- */

static Modifications *without_mailed(const struct over *over, const Entry *entry)
{
	Attribute *a = attr_find(entry->e_attrs, lk_schema.code);
	struct lk_stored_code code;
	Modifications *mods = NULL;

	for (unsigned i = 0; a && i < a->a_numvals && !mods; i++) {
		if (lk_stored_code_parse(&a->a_vals[i], &code) == LK_OK && lk_code_matches(&code, over->hash))
			lk_mod_append(&mods, lk_schema.code, LDAP_MOD_DELETE, &a->a_vals[i], 1);
	}
	return mods;
}

static Modifications *without_printed(const struct over *over, const Entry *entry)
{
	Modifications *mods = NULL;
	struct lk_printed printed;
	size_t code;

	lk_printed_load(entry, &printed);
	code = printed.value ? lk_printed_find(&printed.set, over->hash) : LK_PRINTED_CODES;
	if (code < LK_PRINTED_CODES)
		lk_printed_append_use(&mods, &printed, code);
	return mods;
}

static void remove_code(Operation *op, const struct over *over)
{
	BackendDB *be = select_backend((struct berval *)&over->holder, 0);
	struct lk_modify modify = {.be = be, .ndn = over->holder, .name = "spend"};
	Entry *entry = NULL;
	const char *text;
	int rc = LDAP_NO_SUCH_ATTRIBUTE;

	if (!be || lk_backend_fetch(op, be, &over->holder, &entry) != LDAP_SUCCESS)
		return;
	modify.dn = entry->e_name;
	modify.as_dn = be->be_rootdn;
	modify.as_ndn = be->be_rootndn;
	modify.mods = over->ad == lk_schema.code ? without_mailed(over, entry) : without_printed(over, entry);
	if (modify.mods)
		rc = lk_backend_modify(op, &modify, &text);
	lk_log_event(op, "spend", "verdict=%s result=%d target=%s", rc == LDAP_SUCCESS ? "done" : "failed", rc,
		lk_log_value(op, &over->holder));
	entry_free(entry);
}

void lk_spending_settle(Operation *op)
{
	struct over *over;

	do {
		ldap_pvt_thread_mutex_lock(&mutex);
		over = take_over();
		ldap_pvt_thread_mutex_unlock(&mutex);
		if (over)
			remove_code(op, over);
		ch_free(over);
	} while (over);
}
