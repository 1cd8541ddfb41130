/* The person whom a request is about: what is known, proven and said of an account. */
#pragma once

#include "backend.h"
#include "policies.h"
#include "requests.h"

/* target.c: the person whom a request is about. */
struct lk_target {
	struct lk_snapshot *snapshot; /* holds the policy */
	struct lk_governance governance;
	struct lk_instance *instance;
	Entry *entry; /* a copy, with all operational attributes */
	time_t now; /* of the request */
};
/* USER is a DN or what people sign in with. LDAP_SUCCESS, LDAP_NO_SUCH_OBJECT (also for two of one name, and for no
 * policy), LDAP_BUSY (the policies cannot be read). Release in either case. */
int lk_target_find(Operation *op, const struct berval *user, struct lk_target *ret_target);
void lk_target_release(struct lk_target *target);
/* Whether USER is a DN; *ret_ndn is then its normalized form. Free it with op->o_tmpfree(): a stranger chooses how long
 * it is, and what does not fit into op's memory is taken from the heap. */
bool lk_target_names_dn(Operation *op, const struct berval *user, struct berval *ret_ndn);
/* What an account is, that no role gets past: excluded by its policy, with its password kept elsewhere ({SASL}), or
 * blocked. allowed where it is none of these. */
struct lk_verdict lk_target_standing(const struct lk_target *target);
/* The address to write to: the first usable one that counts by the policy's order; false where there is none. Points
 * into ENTRY. */
bool lk_target_address(const struct lk_target *target, struct berval *ret_address);
/* Whether ADDRESS is a mailbox that the lost password itself opens. */
bool lk_target_is_inside(const struct lk_target *target, const struct berval *address);
/* Calls VISIT with each usable address, in the policy's order, until it returns true; returns whether it did. */
bool lk_target_each_address(
	const struct lk_target *target, bool (*visit)(const struct berval *address, void *context), void *context);
/* The same with the mailboxes that the password itself opens, and with addresses that have yet to count: for what is no
 * secret. */
bool lk_target_each_on_record(
	const struct lk_target *target, bool (*visit)(const struct berval *address, void *context), void *context);
/* Whether POLICY looks for recovery addresses in AD. */
bool lk_target_keeps_addresses_in(const struct lk_policy *policy, const AttributeDescription *ad);
/* The same for any policy. */
bool lk_target_addresses_may_be_in(const struct lk_snapshot *snapshot, const AttributeDescription *ad);
/* What to call them in a mail, the name they sign in with, and their language: their own preferredLanguage, else
 * OTHERWISE (may be empty), else the policy's. Point into the target; never NULL. */
struct berval lk_target_name(const struct lk_target *target);
struct berval lk_target_login(const struct lk_target *target);
struct berval lk_target_language(const struct lk_target *target, const struct berval *otherwise);
/* Whom a log line is about: the DN, or "unknown" where nobody was found, since people type passwords for names. */
const char *lk_target_log_name(Operation *op, const struct lk_target *target);
unsigned long lk_target_serial(const struct lk_target *target);
/* Whether an administrator has closed the account: a permanent lock, or outside pwdStartTime and pwdEndTime. */
bool lk_target_is_closed(const struct lk_target *target, time_t now);
/* One value of an attribute, or an empty string. */
struct berval lk_entry_value(const Entry *entry, AttributeDescription *ad);
/* NULL where slapd knows none of this name. */
AttributeDescription *lk_attribute_named(const struct berval *name);

/* own-code.c: a code in the user's own entry, which an administrator has caused. */
struct lk_own_code {
	char text[LK_CODE_TEXT + 1]; /* the caller erases it */
};
struct lk_outgoing;
void lk_own_code_draw(struct lk_own_code *code);
/* The value to store with the message OUTGOING, when PASSWORD (NULL: none) is all that will be stored of one. Freed
 * with ber_memfree(). An LDAP result code. */
int lk_own_code_store(const struct lk_own_code *code, const struct lk_target *target, const struct berval *password,
	const struct lk_outgoing *outgoing, struct berval *ret_value);
/* Whether what CODE, a value of TARGET's own entry, was made for is as it was. */
struct lk_stored_code;
bool lk_own_code_is_bound(const struct lk_target *target, const struct lk_stored_code *code);
/* Whether the code that the message ID carries can still be used. */
bool lk_own_code_is_alive(const struct lk_target *target, const char *id);
/* Whether TARGET's password is one that nobody knows, until such a code is used. */
bool lk_own_code_is_awaited(const struct lk_target *target);

/* listed.c: what lists are filtered by, as part of the write that changes it. */
/* ENTRY gets a password that is temporary with UNTIL, or waits for a code until then; 0: neither. */
Modifications **lk_listed_password(Modifications **tail, const Entry *entry, time_t until);
/* CHANGED is to stand for the message of ENTRY that has its id; in a write that asserts lk_entry_unchanged(). */
Modifications **lk_listed_message(Modifications **tail, const Entry *entry, const struct lk_message *changed);
/* When somebody has to look at ENTRY next, CHANGED (or NULL) standing for the old value of its message: the mailer at
 * the first open one; where there is none, whoever follows up when the temporary password ends. In a write that asserts
 * lk_entry_unchanged(). */
Modifications **lk_listed_due(Modifications **tail, const Entry *entry, const struct lk_message *changed);
/* The message ID is to be removed from ENTRY. */
Modifications **lk_listed_removal(Modifications **tail, const Entry *entry, const char *id);
/* Adds it to OP, a plain Modify. */
void lk_listed_follow(Operation *op, struct lk_instance *instance);
/* The same for an entry that is to be added: where it brings a temporary password along, and where one is made for
 * it. */
void lk_listed_follow_add(Entry *entry);
void lk_listed_put(Entry *entry, time_t until);
/* What is wrong on ENTRY after writes at two providers, in a write that asserts lk_entry_unchanged(); nothing where it
 * is right. */
Modifications **lk_listed_mend(Modifications **tail, const Entry *entry);

/* Makes ahead what the next messages are sealed with, as long as MAY_GO_ON() says so; called by the beat. */
void lk_outbox_prepare(struct lk_instance *instance, bool (*may_go_on)(void));

/* Whether nobody needs the sealed text of MESSAGE, which stands or is to stand on ENTRY: it has been settled, and
 * cannot be sent again, or what it carries opens nothing any more. */
bool lk_outbox_is_done_with(const Entry *entry, const struct lk_message *message, time_t now);
/* Takes sealed texts that nobody needs any more from entries whose temporary password has lapsed. */
void lk_outbox_sweep(Operation *op, struct lk_instance *instance);
/* The sealed text of the message ID on ENTRY, or NULL. */
const struct berval *lk_outbox_sealed_of(const Entry *entry, const char *id);

/* printed-state.c */
struct lk_printed {
	struct lk_printed_set set;
	const struct berval *value; /* where it is stored, in the entry; NULL: there is none, and the set is zeros */
	bool used[LK_PRINTED_CODES];
};
/* What ENTRY, which must outlive it, has of printed codes. Returns how many damaged values were passed over. */
size_t lk_printed_load(const Entry *entry, struct lk_printed *ret_printed);
/* How many of them can still be used. */
unsigned lk_printed_left(const struct lk_printed *printed);
/* Appends that CODE has been used. */
Modifications **lk_printed_append_use(Modifications **tail, const struct lk_printed *printed, size_t code);

/* proofs.c: what right proofs use up, in the write that they bring about. */
struct lk_proven {
	struct lk_printed printed; /* what the target's entry has of printed codes */
	size_t printed_code; /* which of them; LK_PRINTED_CODES: none */
	struct berval totp_old, totp_new; /* what is stored of the secret before, in the entry, and after, owned */
};
/* Whether the proofs of REQUEST let TARGET (NULL: nobody) back in; then *ret_proven is filled, for lk_proven_clear().
 * The work is the same for every TARGET and every REQUEST. */
bool lk_proofs_check(Operation *op, const struct lk_target *target, const struct lk_recovery_complete *request,
	struct lk_proven *ret_proven);
/* Whether a code that is mailed to TARGET can be enough, with what they have enrolled. */
bool lk_proofs_are_there(Operation *op, const struct lk_target *target);
/* What was used up goes: of two uses at once, one finds it gone. */
Modifications **lk_proven_append(Modifications **tail, const struct lk_proven *proven);
void lk_proven_clear(struct lk_proven *proven);

/* proof-spend.c */
int lk_spending_setup(void);
void lk_spending_teardown(void);
/* Whether the code of that stored HASH was spent by wrong one-time passwords. */
bool lk_spending_is_over(const unsigned char hash[LK_HASH_BYTES]);
/* Takes a try of the code, which HOLDER (normalized) has as a value of AD; FITS: the one-time password is right, and
 * what was tried before is forgiven. False where no try was left: the value must not be looked at. */
bool lk_spending_try(
	const struct berval *holder, AttributeDescription *ad, const unsigned char hash[LK_HASH_BYTES], bool fits);
/* The beat: takes codes that are spent out of the directory. */
void lk_spending_settle(Operation *op);

/* expiry.c: what time does to a password. When it stops working by its age, and at what age that is, in seconds. False:
 * never. */
bool lk_password_expires(Operation *op, const struct lk_target *target, time_t *ret_when, long *ret_max_age);
/* The normalized DN of the password policy of those in INSTANCE's database who name none; freed with ch_free().
 * BER_BVNULL: there is none, or no slapo-ppolicy. */
struct berval lk_password_default_policy(const struct lk_instance *instance);
/* Whether STORED, a value of userPassword, is a temporary one. */
bool lk_password_is_temporary(const struct berval *stored);
/* Whether it has stopped working by itself. */
bool lk_password_is_expired(Operation *op, const struct lk_target *target);
/* Whether slapo-ppolicy will make TARGET change a password that was reset. */
bool lk_password_change_is_demanded(Operation *op, const struct lk_target *target);

/* expiry-watch.c: who is to be told that the password is about to expire. What the task does once a second; MAY_GO_ON()
 * says whether nobody waits for its end. */
void lk_expiry_watch(Operation *op, struct lk_instance *instance, bool (*may_go_on)(void));
void lk_expiry_forget(struct lk_instance *instance);

/* expiry-notice.c: how they are told. For which of the days of their policy TARGET is to be told now that the password,
 * which works for MAX_AGE seconds, EXPIRES; 0: for none. */
unsigned lk_expiry_days_for(const struct lk_target *target, time_t expires, long max_age);
/* Tells the user NDN, whose entry is read anew; another provider may be at the same work. */
enum lk_told { LK_TOLD, LK_NOT_TOLD, LK_TOLD_BY_ANOTHER };
enum lk_told lk_expiry_tell(Operation *op, struct lk_instance *instance, const struct berval *ndn);
/* Whether MESSAGE on the entry NDN tells of a password that has been changed since, or that expires at another time
 * now; it is then taken from the entry. */
bool lk_expiry_withdraw(
	Operation *op, struct lk_instance *instance, const struct berval *ndn, const struct lk_message *message);
