/* The proofs of a recovery against what is stored: mailed codes, printed codes, one-time passwords. Whoever the user is
 * said to be and whatever was sent, the same number of hashes is computed, and nothing is written here. */
#include "overlay.h"

#include <sodium.h>

#include "proof-rules.h"

#include "../protocol/code.h"
#include "../protocol/totp.h"

/* Every code is compared, whatever the first ones were. */
#define MAILED_COMPARED 16

/* What was sent, as far as it can be read, and what it is compared with. */
struct trial {
	const struct lk_target *target; /* NULL: nobody */
	struct berval uuid;
	time_t now;
	char mailed_symbols[LK_CODE_SYMBOLS + 1], printed_symbols[LK_PRINTED_SYMBOLS + 1];
	bool mailed_readable, printed_readable;
	struct berval value; /* a one-time password */
	struct lk_stored_code mailed[MAILED_COMPARED];
	size_t mailed_count;
	size_t own_count; /* the first of them, which stand in the user's own entry */
	struct lk_printed printed;
};

static void read_proofs(struct trial *trial, const struct lk_recovery_complete *request)
{
	memset(trial->mailed_symbols, '0', LK_CODE_SYMBOLS);
	memset(trial->printed_symbols, '0', LK_PRINTED_SYMBOLS);
	for (size_t i = 0; i < request->proofs_count; i++) {
		const struct berval *typed = &request->proofs[i].proof;

		switch (request->proofs[i].method) {
		case LK_METHOD_MAIL:
			trial->mailed_readable = lk_code_canonical(typed, trial->mailed_symbols) == LK_OK;
			break;
		case LK_METHOD_RECOVERY_CODE:
			trial->printed_readable = lk_printed_canonical(typed, trial->printed_symbols) == LK_OK;
			break;
		case LK_METHOD_TOTP:
			trial->value = *typed;
			break;
		}
	}
}

static void pass_over(const char *attribute, const Entry *entry)
{
	lk_warn("a damaged value of %s on \"%s\" is passed over", attribute, entry->e_name.bv_val);
}

static void load_codes(struct trial *trial, const Entry *holder)
{
	Attribute *a = attr_find(holder->e_attrs, lk_schema.code);

	for (unsigned i = 0; a && i < a->a_numvals && trial->mailed_count < MAILED_COMPARED; i++) {
		if (lk_stored_code_parse(&a->a_vals[i], &trial->mailed[trial->mailed_count]) == LK_OK)
			trial->mailed_count++;
		else
			pass_over("latchkeyCode", holder);
	}
}

static void load_mailed(Operation *op, struct trial *trial)
{
	struct berval dn, ndn;
	Entry *recovery = NULL;

	load_codes(trial, trial->target->entry);
	trial->own_count = trial->mailed_count;
	lk_recovery_dn(op, trial->target->instance, &trial->uuid, &dn, &ndn);
	if (lk_backend_fetch(op, trial->target->instance->be, &ndn, &recovery) != LDAP_SUCCESS)
		return;
	load_codes(trial, recovery);
	entry_free(recovery);
}

static void load_printed(struct trial *trial)
{
	size_t damaged = lk_printed_load(trial->target->entry, &trial->printed);

	while (damaged-- > 0)
		pass_over(trial->printed.value ? "latchkeyPrintedUsed" : "latchkeyPrintedCodes", trial->target->entry);
}

/* --- mailed codes ------------------------------------------------------------------------------------------------- */

/* A code is good while its password and the address it went to are what they were. */
static bool is_still_bound(
	const struct lk_target *target, const struct lk_stored_code *code, const struct berval *address)
{
	Attribute *a = attr_find(target->entry->e_attrs, slap_schema.si_ad_userPassword);
	unsigned char bind[LK_HASH_BYTES];

	lk_code_bind(code->salt, a ? a->a_vals : NULL, a ? a->a_numvals : 0, address, bind);
	return !LK_GUARD("code-of-an-earlier-password", sodium_memcmp(bind, code->bind, sizeof bind));
}

struct bound {
	const struct lk_target *target;
	const struct lk_stored_code *code;
};

static bool visit_address(const struct berval *address, void *context)
{
	const struct bound *bound = context;

	return is_still_bound(bound->target, bound->code, address);
}

bool lk_recovery_code_is_bound(const struct lk_target *target, const struct lk_stored_code *code)
{
	struct bound bound = {target, code};

	return !LK_GUARD("code-of-an-earlier-serial", code->serial != lk_target_serial(target)) &&
		   lk_target_each_address(target, visit_address, &bound);
}

static bool is_own(const struct trial *trial, const struct lk_stored_code *code)
{
	return code < trial->mailed + trial->own_count;
}

static bool is_alive(const struct trial *trial, const struct lk_stored_code *code)
{
	bool bound = is_own(trial, code) ? lk_own_code_is_bound(trial->target, code)
									 : lk_recovery_code_is_bound(trial->target, code);

	return !LK_GUARD("code-expired", code->expires <= trial->now) && !LK_GUARD("code-unbound", !bound) &&
		   !LK_GUARD("code-spent", lk_spending_is_over(code->hash));
}

/* What a user lacks in codes is made up with decoys. */
static const struct lk_stored_code *find_mailed(const struct trial *trial)
{
	static const struct lk_stored_code decoy;
	const struct lk_stored_code *found = NULL;

	for (size_t i = 0; i < MAILED_COMPARED; i++) {
		const struct lk_stored_code *code = i < trial->mailed_count ? &trial->mailed[i] : &decoy;
		unsigned char hash[LK_HASH_BYTES];

		lk_code_hash(code->salt, trial->mailed_symbols, &trial->uuid, hash);
		if (lk_code_matches(code, hash) && i < trial->mailed_count && is_alive(trial, code))
			found = code;
	}
	return trial->mailed_readable ? found : NULL;
}

/* --- printed codes ------------------------------------------------------------------------------------------------ */

/* Which code it is, or LK_PRINTED_CODES. Who has none has a set of zeros. */
static size_t find_printed(const struct trial *trial)
{
	const struct lk_printed *printed = &trial->printed;
	unsigned char hash[LK_HASH_BYTES];
	size_t found;

	lk_printed_hash(printed->set.salt, trial->printed_symbols, &trial->uuid, hash);
	found = lk_printed_find(&printed->set, hash);
	if (found == LK_PRINTED_CODES || !trial->printed_readable || !printed->value ||
		LK_GUARD("printed-code-used", printed->used[found]) ||
		LK_GUARD("printed-code-spent", lk_spending_is_over(printed->set.hashes[found])))
		return LK_PRINTED_CODES;
	return found;
}

/* --- one-time passwords ------------------------------------------------------------------------------------------- */

/* The user's secret, or one that nobody has. *ret_totp is what is stored of it. False where there is none to open. */
static bool open_totp(
	const struct trial *trial, struct lk_stored_totp *ret_totp, unsigned char ret_secret[LK_TOTP_SECRET_BYTES])
{
	static const unsigned char no_key[LK_KEY_BYTES];
	const unsigned char *key = trial->target ? trial->target->instance->key : NULL;
	struct berval stored =
		trial->target ? lk_entry_value(trial->target->entry, lk_schema.totp) : (struct berval)BER_BVC("");
	bool is_there = !BER_BVISEMPTY(&stored), is_whole = is_there && lk_stored_totp_parse(&stored, ret_totp) == LK_OK;

	if (is_there && !is_whole)
		pass_over("latchkeyTotp", trial->target->entry);
	return lk_totp_open(ret_totp, key ? key : no_key, &trial->uuid, ret_secret) == LK_OK && is_whole && key;
}

/* Whether the value is the user's; then *ret_proven has what is stored afterwards. */
static bool totp_fits(const struct trial *trial, struct lk_proven *ret_proven)
{
	struct lk_stored_totp totp = {.created = 0};
	unsigned char secret[LK_TOTP_SECRET_BYTES] = {0};
	bool open = open_totp(trial, &totp, secret);
	bool fits = lk_totp_accepts(secret, &trial->value, trial->now, totp.step, &totp.step);

	sodium_memzero(secret, sizeof secret);
	if (!open || !fits || lk_stored_totp_format(&totp, &ret_proven->totp_new) != LK_OK)
		return false;
	ret_proven->totp_old = lk_entry_value(trial->target->entry, lk_schema.totp);
	return true;
}

/* --- the verdict -------------------------------------------------------------------------------------------------- */

/* The codes that were right, each of which pays for a wrong one-time password. */
struct right_codes {
	const struct lk_stored_code *mailed;
	const unsigned char *printed; /* its hash */
};

/* Takes a try of each code for a value that is right or not; the last wrong one spends the code. */
static bool try_totp(Operation *op, const struct trial *trial, const struct right_codes *codes, bool fits)
{
	struct berval dn, ndn;
	bool left = true;

	lk_recovery_dn(op, trial->target->instance, &trial->uuid, &dn, &ndn);
	if (codes->mailed && is_own(trial, codes->mailed))
		ndn = trial->target->entry->e_nname;
	if (codes->mailed)
		left = lk_spending_try(&ndn, lk_schema.code, codes->mailed->hash, fits);
	if (codes->printed)
		left = lk_spending_try(&trial->target->entry->e_nname, lk_schema.printed_codes, codes->printed, fits) && left;
	return left && fits;
}

static struct lk_proof_rules rules_of(Operation *op, const struct lk_target *target)
{
	unsigned administrators = LK_ROLE_ROOT | LK_ROLE_GLOBAL_ADMIN | LK_ROLE_PASSWORD_ADMIN;
	const struct lk_policy *policy = target->governance.policy;
	struct lk_proof_rules rules = {.allowed = policy->methods, .required = policy->methods_required};
	struct lk_printed printed;
	struct berval address;

	if (lk_target_address(target, &address))
		rules.has |= LK_POLICY_MAIL;
	if (attr_find(target->entry->e_attrs, lk_schema.totp))
		rules.has |= LK_POLICY_TOTP;
	lk_printed_load(target->entry, &printed);
	if (lk_printed_left(&printed))
		rules.has |= LK_POLICY_RECOVERY_CODE;
	rules.administrator = lk_groups_roles(op, policy, target->instance->be, &target->entry->e_nname) & administrators;
	rules.welcomed =
		!attr_find(target->entry->e_attrs, slap_schema.si_ad_userPassword) && lk_own_code_is_awaited(target);
	return rules;
}

bool lk_proofs_are_there(Operation *op, const struct lk_target *target)
{
	struct lk_proof_rules rules = rules_of(op, target);
	unsigned all = (rules.has | LK_POLICY_MAIL) & rules.allowed;

	return (all & LK_POLICY_MAIL) && lk_proof_rules_suffice(&rules, all, all);
}

static bool judge(Operation *op, struct trial *trial, unsigned offered, struct lk_proven *proven)
{
	const struct lk_stored_code *mailed = find_mailed(trial);
	size_t printed = find_printed(trial);
	struct right_codes codes = {mailed, printed < LK_PRINTED_CODES ? trial->printed.set.hashes[printed] : NULL};
	bool fits = totp_fits(trial, proven);
	unsigned right = (codes.mailed ? LK_POLICY_MAIL : 0u) | (codes.printed ? LK_POLICY_RECOVERY_CODE : 0u);
	struct lk_proof_rules rules;

	if (!right || LK_GUARD("closed-recovers-nothing", lk_target_is_closed(trial->target, trial->now)))
		return false;
	if (lk_proof_rules_may_try_totp(offered, right) && try_totp(op, trial, &codes, fits))
		right |= LK_POLICY_TOTP;
	proven->printed = trial->printed;
	proven->printed_code = printed;
	rules = rules_of(op, trial->target);
	return lk_proof_rules_suffice(&rules, offered, right);
}

bool lk_proofs_check(Operation *op, const struct lk_target *target, const struct lk_recovery_complete *request,
	struct lk_proven *ret_proven)
{
	struct berval nobody = BER_BVC("00000000-0000-0000-0000-000000000000");
	struct trial trial = {.target = target, .uuid = nobody, .now = op->o_time};
	struct lk_proven proven = {.printed_code = LK_PRINTED_CODES};
	bool suffice;

	if (target) {
		trial.uuid = lk_entry_value(target->entry, slap_schema.si_ad_entryUUID);
		load_mailed(op, &trial);
		load_printed(&trial);
	}
	read_proofs(&trial, request);
	suffice = judge(op, &trial, lk_proof_rules_offered(request->proofs, request->proofs_count), &proven);
	sodium_memzero(trial.mailed_symbols, sizeof trial.mailed_symbols);
	sodium_memzero(trial.printed_symbols, sizeof trial.printed_symbols);
	if (suffice)
		*ret_proven = proven;
	else
		lk_proven_clear(&proven);
	return suffice;
}

Modifications **lk_proven_append(Modifications **tail, const struct lk_proven *proven)
{
	if (LK_GUARD("printed-code-goes", proven->printed_code < LK_PRINTED_CODES))
		tail = lk_printed_append_use(tail, &proven->printed, proven->printed_code);
	if (BER_BVISNULL(&proven->totp_new))
		return tail;
	tail = lk_mod_append(tail, lk_schema.totp, LDAP_MOD_DELETE, &proven->totp_old, 1);
	return lk_mod_append(tail, lk_schema.totp, LDAP_MOD_ADD, &proven->totp_new, 1);
}

void lk_proven_clear(struct lk_proven *proven)
{
	ber_memfree(proven->totp_new.bv_val);
	*proven = (struct lk_proven){.printed_code = LK_PRINTED_CODES};
}
