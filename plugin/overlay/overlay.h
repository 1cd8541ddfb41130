/* What the files of the overlay share. slap.h is included here and nowhere else.
 *
 * Order of the overlay's life: module.c registers; config.c fills an instance for each database; instance.c opens and
 * closes it; snapshot.c keeps the policies of all instances in memory. A request comes in by guard-write.c (Add, Modify,
 * ModRDN, Delete), by guard-read.c (each access check on our attributes), or by an extended operation: password-modify.c,
 * recovery-queue.c, recovery-complete.c, notification.c. backend.c alone performs internal operations. */
#pragma once

#include "portable.h"

#include <ac/ctype.h>
#include <ac/string.h>
#include <ac/time.h>
#include <lber_pvt.h>
#include <lutil.h>

#include "slap.h"
#include "slap-config.h"
#include "ldap_rq.h"

#include <stdatomic.h>
#include <stdbool.h>

#include "../protocol/code.h"
#include "../protocol/envelope.h"
#include "../protocol/error.h"
#include "../protocol/event.h"
#include "../protocol/password.h"
#include "../protocol/printed-code.h"
#include "../protocol/text.h"
#include "../protocol/wire.h"
#include "bounce-rules.h"
#include "counters.h"
#include "due.h"
#include "expiry-rules.h"
#include "guard.h"
#include "policy.h"
#include "rules.h"
#include "seal-keys.h"
#include "throttle.h"
#include "wishes.h"

/* What is limited, each kind for itself. */
enum lk_limited { LK_LIMITED_REQUESTS, LK_LIMITED_PROOFS, LK_LIMITED_KINDS };

/* One configured overlay on one database. Instances are listed in lk_instances; the list and every olc… field change
 * only while cn=config has paused the thread pool, so operations read them without a lock. */
struct lk_instance {
	struct lk_instance *next;
	struct lk_instance *buried; /* the next one that has gone, after this one has */
	BackendDB *be; /* the database itself, not an operation's copy */
	slap_overinst *on;
	bool open;

	struct berval policy_base, policy_nbase;
	BerVarray mailer_keys; /* base64; messages are sealed to the first */
	BerVarray mailers, nmailers;
	BerVarray readers, nreaders;
	BerVarray portals, nportals;
	BerVarray self_service_only, nself_service_only;
	BerVarray password_attributes; /* as configured; NULL: the default list */
	AttributeType **credentials; /* the types of that list, ended by NULL */
	char *key_file;
	unsigned char *key; /* what is in it, from sodium_malloc(); NULL without a file */
	unsigned min_ssf;
	struct lk_throttle_limits limits[LK_LIMITED_KINDS];

	struct berval container, ncontainer; /* cn=latchkey,<suffix>: where recovery entries live */
	struct re_s *beat; /* the runqueue task */
	struct re_s *watch; /* the one that looks for passwords which are about to expire */
	struct lk_expiry_watch *expiring; /* what it has found; touched by it alone */
	unsigned beats; /* how often it ran; touched by it alone */
	atomic_bool numbered; /* whether lk_backend_number() has been called for it */
	struct lk_seal_keys *seal_keys; /* while it is open */

	struct berval closed_log; /* the normalized suffix of a log that surroundings.c has closed to clients; owned */
	const char *fault; /* what surroundings.c has warned of last; static */
	bool forgetful; /* it has warned that the database does not wait for the disk */

	ldap_pvt_thread_mutex_t scan_mutex; /* held by whoever looks for what is due; before due_mutex */
	ldap_pvt_thread_mutex_t due_mutex; /* guards what follows, to gone */
	bool uncommitted; /* whether a transaction has stored messages since one was committed */
	bool scanned; /* whether what is due has been looked for since something last made it unknown */
	struct lk_due *due;
	time_t opened; /* when it was */
	BerVarray gone; /* entryUUIDs of entries that were deleted */
	struct lk_doubt *doubts; /* entries that mend.c is to look at; guarded by due_mutex too */

	struct lk_counters counters;
	bool monitored; /* whether cn=Monitor has an entry for it; changed by the beat, and while the pool is paused */
};

extern struct lk_instance *lk_instances;
extern int lk_notify_cid; /* the Notify control's index into o_ctrlflag and o_controls */

/* The attribute descriptions of the schema. */
struct lk_schema {
	AttributeDescription *message, *sealed, *due, *serial, *code, *recovery_of, *scope, *event, *blocked,
		*verdict;
	AttributeDescription *recovery_address, *pending_address, *totp, *totp_pending, *printed_codes, *printed_used,
		*method_state, *address_since, *expiry_noted;
	AttributeDescription *temporary_until, *failed_message;
	AttributeDescription *former_id, *former_name, *former_address, *former_until;
	/* of the standard schema and of slapo-ppolicy; NULL where it is not loaded. A module is loaded before the schema, so
	 * these are looked up when a database opens. */
	AttributeDescription *member, *unique_member;
	AttributeDescription *pwd_reset, *pwd_locked, *pwd_failure, *pwd_changed, *pwd_start, *pwd_end, *pwd_tmp_lockout;
	AttributeDescription *pwd_min_age, *pwd_safe_modify, *pwd_allow_user_change, *pwd_max_age, *pwd_policy_subentry,
		*pwd_history, *pwd_grace, *pwd_success, *pwd_must_change,
		*pwd_check_quality;
	ObjectClass *oc_container, *oc_recovery, *oc_user, *oc_former, *oc_monitor;
};
extern struct lk_schema lk_schema;

/* schema.c: registers the generated schema; 0 or -1. */
int lk_schema_register(void);
/* Looks up what other modules define; called whenever a database opens. */
void lk_schema_find_foreign(void);
/* Looks up the attributes that count as passwords in INSTANCE. */
void lk_schema_find_credentials(struct lk_instance *instance);
/* Whether NAME, whatever its options, is one of TYPE's, or its identifier. To look it up in slapd's schema, for each attribute
 * of each write, would cost more than all else that Latchkey does with a plain one. */
bool lk_schema_is_called(const AttributeType *type, const struct berval *name);
/* Whether AD is userPassword or one of those, whatever its options. */
bool lk_schema_is_credential(const struct lk_instance *instance, const AttributeDescription *ad);
/* In sat_flags, where slapd has no such bits: the types that only Latchkey writes, and that by which replication counts
 * writes. */
#define LK_AT_OURS 0x40000000U
#define LK_AT_COUNT 0x20000000U
/* Whether only Latchkey writes this attribute. Asked for each attribute that slapd shows, matches or compares. */
static inline bool lk_schema_is_ours(const AttributeDescription *ad)
{
	return ad->ad_type->sat_flags & LK_AT_OURS;
}

/* config.c */
extern ConfigOCs lk_config_classes[];
void lk_config_defaults(struct lk_instance *instance); /* for a new one */

/* instance.c: the database hooks, and the instance of a database (NULL where it has none). */
int lk_db_init(BackendDB *be, ConfigReply *cr);
int lk_db_open(BackendDB *be, ConfigReply *cr);
int lk_db_close(BackendDB *be, ConfigReply *cr);
int lk_db_destroy(BackendDB *be, ConfigReply *cr);
struct lk_instance *lk_instance_of(const BackendDB *be);
struct lk_instance *lk_instance_first_open(void);

/* Frees the instances that have gone; only while nobody can have found them: the pool is paused, or has ended. */
void lk_instances_free_gone(void);
/* Whether the database of INSTANCE holds entries of SUBTREE; *ret_base is then where they begin, and points into either. */
bool lk_instance_part(const struct lk_instance *instance, const struct berval *subtree, struct berval *ret_base);

/* surroundings.c: closes the log of INSTANCE's writes to clients, and warns of syncrepl that loses changes; undoes that. */
void lk_surroundings_check(struct lk_instance *instance);
void lk_surroundings_release(struct lk_instance *instance);
/* Whether what the database of INSTANCE has committed is on disk. */
bool lk_surroundings_are_durable(const struct lk_instance *instance);

/* mend.c: a write to NDN has come from another provider. And what the beat does about it. */
void lk_mend_later(struct lk_instance *instance, const struct berval *ndn);
void lk_mend(Operation *op, struct lk_instance *instance);
void lk_mend_forget(struct lk_instance *instance);

/* snapshot.c: the policies, read from the tree when first needed after a change. A snapshot is immutable; take a
 * reference, give it back. */
struct lk_snapshot {
	int references; /* guarded by a lock of snapshot.c */
	size_t count;
	struct lk_policy **policies;
	Filter **excluded; /* of each policy; NULL where it excludes nobody */
	bool opening; /* the policies will be read again: nothing is logged of them */
};

/* What governs one entry. */
struct lk_governance {
	const struct lk_policy *policy; /* NULL: no policy; slapd behaves as without Latchkey */
	enum lk_mode mode;
	bool observe;
	time_t cooldown; /* seconds that an address counts for nothing which somebody else gave */
};

/* The snapshot as it is in memory, without reading anything: NULL where it is not fresh. */
struct lk_snapshot *lk_snapshot_glance(void);
int lk_snapshot_setup(void);
void lk_snapshot_teardown(void);
/* NULL when the policies cannot be read now; the caller refuses. */
struct lk_snapshot *lk_snapshot_get(Operation *op);
/* The policies that stand in the database of INSTANCE, which is just opening, and those of its configuration. NULL where they
 * cannot be read. */
struct lk_snapshot *lk_snapshot_of(Operation *op, const struct lk_instance *instance);
void lk_snapshot_put(struct lk_snapshot *snapshot); /* takes NULL */
void lk_snapshot_invalidate(void);
/* A write that may change a policy begins, or is over. In between its outcome is in the tree at some moment that nobody sees
 * (slapo-accesslog, for one, takes its time after it), so each who asks reads the tree. */
void lk_snapshot_changes(bool begins);
/* Whether POLICY of SNAPSHOT excludes ENTRY from resets and recoveries. */
bool lk_snapshot_excludes(const struct lk_snapshot *snapshot, const struct lk_policy *policy, Entry *entry);
struct lk_governance lk_snapshot_govern(const struct lk_snapshot *snapshot, const struct berval *ndn);
/* The longest cool-down of any policy: what was written down for one is of no use after it. */
time_t lk_snapshot_longest_cooldown(const struct lk_snapshot *snapshot);

/* coverage.c: the suffix of a database that has users of SCOPE and no instance, or NULL. */
const char *lk_coverage_gap(const struct berval *scope);
/* Whether there is none for any policy of SNAPSHOT; each is logged. */
bool lk_coverage_check(const struct lk_snapshot *snapshot);
/* The same for the policies that the database of INSTANCE holds. */
bool lk_coverage_opens(const struct lk_instance *instance);

/* groups.c */
int lk_groups_setup(void);
void lk_groups_teardown(void);
void lk_groups_invalidate(void);
/* As lk_snapshot_changes(), for groups. */
void lk_groups_change(bool begins);
/* The roles that MEMBER has under POLICY, nested groups included; the rootdn of BE is LK_ROLE_ROOT. */
/* How an entry may concern the role groups of a policy and the groups found in them. */
enum lk_concern {
	LK_CONCERN_GROUP, /* it is one of them */
	LK_CONCERN_GROUP_BELOW, /* it or an entry below it is one of them */
	LK_CONCERN_GROUP_OR_MEMBER, /* it is one of them, or listed in one, whether it exists or not */
};
bool lk_groups_concern(
	Operation *op, const struct lk_policy *policy, const struct berval *ndn, enum lk_concern concern);
/* Whether the attribute lists members. */
bool lk_groups_are_in(const AttributeDescription *ad);
unsigned lk_groups_roles(Operation *op, const struct lk_policy *policy, BackendDB *be, const struct berval *member);
/* Calls VISIT with each member (normalized) of GROUPS, nested groups included, until it returns true. Who is a member in two
 * ways comes twice. */
void lk_groups_each_member(Operation *op, lk_strings groups,
	bool (*visit)(Operation *op, const struct berval *member, void *context), void *context);

/* backend.c: internal operations. Reads see the stored entry, past every overlay and every ACL; writes go through the
 * whole stack, so that accesslog and syncprov see them. */

/* Shows the stored entry to SEEN, which must neither keep it nor write. LDAP_NO_SUCH_OBJECT. BE must hold it. */
typedef void lk_backend_seen(void *context, const Entry *stored);
int lk_backend_look(Operation *op, BackendDB *be, const struct berval *ndn, lk_backend_seen *seen, void *context);
/* A copy of the entry, freed with entry_free(); LDAP_NO_SUCH_OBJECT. BE is the database that must hold it. */
int lk_backend_fetch(Operation *op, BackendDB *be, const struct berval *ndn, Entry **ret_entry);

/* Called for each entry found; a return other than 0 ends the search. */
typedef int lk_backend_found(void *context, Operation *op, Entry *entry);
int lk_backend_search(Operation *op, BackendDB *be, struct berval *base, int scope, Filter *filter, int limit,
	lk_backend_found *found, void *context);

/* A modify of NDN as the identity AS, with MODS (freed here, whatever happens). */
struct lk_modify {
	BackendDB *be;
	struct berval dn, ndn;
	struct berval as_dn, as_ndn;
	Modifications *mods;
	Filter *assertion; /* must hold in the write's own transaction; or NULL */
	struct berval clear_password; /* for ppolicy's checks, with a password in MODS; or BER_BVNULL */
	const char *name; /* of the operation, for kill points */
};
/* A modify of ENTRY in the database of INSTANCE, as the database's own identity; without MODS yet. */
struct lk_modify lk_backend_modify_of(const struct lk_instance *instance, const Entry *entry, const char *name);
/* Returns the result code; *ret_text is a static text or one in op's memory, or NULL. */
int lk_backend_modify(Operation *op, struct lk_modify *modify, const char **ret_text);
int lk_backend_add(Operation *op, BackendDB *be, Entry *entry, const char **ret_text); /* frees ENTRY */
int lk_backend_delete(Operation *op, BackendDB *be, const struct berval *dn, const struct berval *ndn);
/* Sees to it that each type of attribute that hooks add to a client's write has its number in the database of INSTANCE. To be called
 * before a write that may be undone, and within none: back-mdb (2.5.13) does not take back the number of a type that came first in
 * a transaction that was aborted, or in a write with the no-op control, and stores entries then that nobody can read again. False
 * where it failed. */
bool lk_backend_number(Operation *op, struct lk_instance *instance);

/* Whether OP is one of ours, performed by backend.c. */
bool lk_backend_is_internal(Operation *op);
/* False only where OP is none of ours, and cheaper to ask: all of ours say so, and few others do. */
static inline bool lk_backend_may_be_internal(const Operation *op)
{
	return op->o_do_not_cache;
}
/* Whether OP reads the tree as it is after CHANGED. A search goes on to read it as it was when the search began (mdb keeps one
 * view for each operation), so what it finds is no news for others. */
bool lk_backend_reads_since(const Operation *op, time_t changed);
/* Whether OP came in by syncrepl. What only claims so does not count. */
bool lk_backend_is_replicated(const Operation *op);

/* (ad=value) as a structure in op's memory; VALUE is normalized and must outlive it. */
Filter *lk_filter_equals(Operation *op, AttributeDescription *ad, const struct berval *value);

/* Appends a modification to *TAIL (SLAP_MOD_INTERNAL: no ACL is asked), copying VALUES; returns the new tail. No values:
 * all of the attribute (delete). */
Modifications **lk_mod_append(
	Modifications **tail, AttributeDescription *ad, int op, const struct berval *values, size_t count);
/* Raises TARGET's serial number, unless another write has done so since it was read. */
struct lk_target;
Modifications **lk_mod_append_serial(Modifications **tail, const struct lk_target *target);
/* Holds in a write's own transaction if ENTRY is as it was read; NULL where the database keeps no entryCSN. */
Filter *lk_entry_unchanged(Operation *op, const Entry *entry);
Modifications **lk_mod_append_time(Modifications **tail, AttributeDescription *ad, int op, time_t when);

/* entry-mask.c: what slapo-ppolicy sees of an entry while an administrator or a recovery writes a password. */
int lk_entry_get(
	Operation *op, struct berval *ndn, ObjectClass *oc, AttributeDescription *ad, int rw, Entry **ret_entry);
int lk_entry_release(Operation *op, Entry *entry, int rw);
/* The same for databases of that type that have no instance. */
void lk_mask_install(BackendInfo *backend);
void lk_mask_remove(BackendInfo *backend);

/* The mark that backend.c puts on its operations (OpExtra), and the entry copies that it has lent. */
#define LK_MASKED_MAX 8
struct lk_mark {
	OpExtra extra;
	bool mask; /* whether entries are to be shown without what must not stop the write */
	struct berval target;
	Entry *masked[LK_MASKED_MAX];
};
struct lk_mark *lk_mark_of(Operation *op);

/* guard-hidden.c: recovery entries are not there but for replication. */
int lk_guard_search(Operation *op, SlapReply *rs);
int lk_guard_compare(Operation *op, SlapReply *rs);
int lk_guard_bind(Operation *op, SlapReply *rs);
/* Whether a plain write touches what is hidden. */
bool lk_is_hidden_write(const Operation *op, const struct lk_instance *instance);
/* Whether OP comes from one of olcLatchkeyReader. */
bool lk_is_reader(const Operation *op, const struct lk_instance *instance);
/* Whether no client has sent OP: slapo-syncprov looks for the newest write, a task of slapd's runs. */
bool lk_is_slapds_own(const Operation *op);

/* scratch.c: between these two "op's memory" is there for the taking also where OP is part of a transaction, and ends with the
 * second. A hook on a write, or on its answer, that takes any has both around it, and what it leaves behind is on the heap. */
struct lk_scratch {
	void *memory, *mark;
};
struct lk_scratch lk_scratch_begin(Operation *op);
void lk_scratch_end(Operation *op, const struct lk_scratch *scratch);
/* Calls HOOK between the two, and returns what it does. */
int lk_scratch_within(Operation *op, SlapReply *rs, BI_op_func *hook);
/* For one operation that does the same for many: what was taken from op's memory since the mark is given back, since what no longer
 * fits into it is taken from the heap and left there. */
void *lk_scratch_mark(const Operation *op);
void lk_scratch_release(const Operation *op, void *mark);

/* guard-write.c, guard-read.c */
int lk_guard_add(Operation *op, SlapReply *rs);
int lk_guard_modify(Operation *op, SlapReply *rs);
int lk_guard_modrdn(Operation *op, SlapReply *rs);
int lk_guard_delete(Operation *op, SlapReply *rs);
/* guard-undo.c: LDAP_SUCCESS, or the operation has been answered. */
int lk_guard_undo(Operation *op, SlapReply *rs, struct lk_instance *instance);
void lk_guard_read_install(struct lk_instance *instance);
void lk_guard_read_remove(struct lk_instance *instance);

#define LK_PERMANENT_LOCK "000001010000Z" /* pwdAccountLockedTime, draft-behera-ldap-password-policy section 5.3.3 */

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
/* Whether USER is a DN; *ret_ndn is then its normalized form. Free it with op->o_tmpfree(): a stranger chooses how long it is, and
 * what does not fit into op's memory is taken from the heap. */
bool lk_target_names_dn(Operation *op, const struct berval *user, struct berval *ret_ndn);
/* What an account is, that no role gets past: excluded by its policy, with its password kept elsewhere ({SASL}), or blocked.
 * allowed where it is none of these. */
struct lk_verdict lk_target_standing(const struct lk_target *target);
/* The address to write to: the first usable one that counts by the policy's order; false where there is none. Points into ENTRY. */
bool lk_target_address(const struct lk_target *target, struct berval *ret_address);
/* Whether ADDRESS is a mailbox that the lost password itself opens. */
bool lk_target_is_inside(const struct lk_target *target, const struct berval *address);
/* Calls VISIT with each usable address, in the policy's order, until it returns true; returns whether it did. */
bool lk_target_each_address(
	const struct lk_target *target, bool (*visit)(const struct berval *address, void *context), void *context);
/* The same with the mailboxes that the password itself opens, and with addresses that have yet to count: for what is no secret. */
bool lk_target_each_on_record(
	const struct lk_target *target, bool (*visit)(const struct berval *address, void *context), void *context);
/* Whether POLICY looks for recovery addresses in AD. */
bool lk_target_keeps_addresses_in(const struct lk_policy *policy, const AttributeDescription *ad);
/* What to call them in a mail, the name they sign in with, and their language: their own preferredLanguage, else OTHERWISE
 * (may be empty), else the policy's. Point into the target; never NULL. */
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

/* address-cooldown.c: an address that somebody else gave an account counts for recovery only after a while. */
/* Whether ADDRESS has yet to count for TARGET. */
bool lk_address_is_cooling(const struct lk_target *target, const struct berval *address);
/* Adds to what OP, a plain Add, Modify or ModRDN, writes: since when the addresses in it are there. LDAP_SUCCESS, or OP has been
 * answered. */
int lk_address_note(Operation *op, SlapReply *rs, struct lk_instance *instance);
/* Appends what lets ADDRESS count at once on ENTRY as it is. */
Modifications **lk_address_forgive(Modifications **tail, const Entry *entry, const struct berval *address);

/* own-code.c: a code in the user's own entry, which an administrator has caused. */
struct lk_own_code {
	char text[LK_CODE_TEXT + 1]; /* the caller erases it */
};
struct lk_outgoing;
void lk_own_code_draw(struct lk_own_code *code);
/* The value to store with the message OUTGOING, when PASSWORD (NULL: none) is all that will be stored of one. Freed with
 * ber_memfree(). An LDAP result code. */
int lk_own_code_store(const struct lk_own_code *code, const struct lk_target *target, const struct berval *password,
	const struct lk_outgoing *outgoing, struct berval *ret_value);
/* Whether what CODE, a value of TARGET's own entry, was made for is as it was. */
struct lk_stored_code;
bool lk_own_code_is_bound(const struct lk_target *target, const struct lk_stored_code *code);
/* Whether the code that the message ID carries can still be used. */
bool lk_own_code_is_alive(const struct lk_target *target, const char *id);
/* Whether TARGET's password is one that nobody knows, until such a code is used. */
bool lk_own_code_is_awaited(const struct lk_target *target);

/* welcome.c: an Add with the Notify control. Puts into its entry what welcomes the new user. LDAP_SUCCESS, also where there is no
 * control, or OP has been answered. */
int lk_welcome(Operation *op, SlapReply *rs, struct lk_instance *instance);
/* Where OP is an Add with a password that Latchkey has drawn: the LK_MASKED_MAX entry copies that entry-mask.c has lent it; else
 * NULL. */
Entry **lk_welcome_lent(const Operation *op);

/* former-check.c, former-remember.c: names of accounts that were deleted or renamed, remembered for the cool-down. */
struct lk_former {
	bool is_former; /* another account had a name that is to be taken */
	BerVarray addresses; /* that counted for it, in op's memory; or NULL */
};
/* Remembers the names that OP, a plain Delete, ModRDN or Modify, takes from an account. LDAP_SUCCESS, or OP has been answered. */
int lk_former_remember(Operation *op, SlapReply *rs, struct lk_instance *instance);
/* Refuses an OP, a plain Add, ModRDN or Modify, that takes such a name for an account with credentials of its own. LDAP_SUCCESS, or
 * OP has been answered. */
int lk_former_check(Operation *op, SlapReply *rs, struct lk_instance *instance);
/* Whose names the new entry of OP, an Add under GOVERNANCE, has. */
void lk_former_find(Operation *op, const struct lk_governance *governance, struct lk_former *ret_former);

/* outbox.c: a message and its sealed text as modifications or attributes of an entry. */
struct lk_outgoing {
	enum lk_kind kind;
	time_t expires;
	bool must_change;
	struct berval to, language, secret, actor_name, actor_dn;
	struct berval login; /* that the mail names; empty: its reader's */
	struct berval about; /* see envelope.h; or empty */
	struct berval addressee; /* what the entry shows in place of the address; or empty */
	char id[LK_ID_TEXT + 1]; /* filled in */
};
/* The two stored values, freed with ber_memfree(). An LDAP result code. */
int lk_outbox_compose(const struct lk_target *target, struct lk_outgoing *outgoing, time_t now,
	struct berval *ret_message, struct berval *ret_sealed);
/* Appends what stores them, due at NOW, on an entry that is ENTRY now: the oldest settled messages make room. */
Modifications **lk_outbox_append(
	Modifications **tail, const Entry *entry, const struct berval *message, const struct berval *sealed, time_t now);

/* The messages that one write stores on ENTRY, which must outlive it: LK_OUTBOX_MAX at most. */
#define LK_OUTBOX_MAX 40
struct lk_outbox;
struct lk_outbox *lk_outbox_new(const Entry *entry);
void lk_outbox_free(struct lk_outbox *outbox);
bool lk_outbox_is_empty(const struct lk_outbox *outbox);
/* Composes one for READER, as lk_outbox_compose() does; when it is due follows from what the entry has (outbox-rules.h). */
int lk_outbox_post(struct lk_outbox *outbox, const struct lk_target *reader, struct lk_outgoing *outgoing, time_t now);
/* Appends what stores them, and what makes room for all of them together. */
Modifications **lk_outbox_store(Modifications **tail, struct lk_outbox *outbox, time_t now);

/* tell.c: who is told of what was done, in the write that does it. */
struct lk_news {
	enum lk_kind kind;
	struct berval actor; /* normalized DN of who did it; empty: the user */
	struct berval except; /* an address that is written to anyway; or empty */
	struct berval about; /* see envelope.h; or empty */
	bool is_reset; /* the account opens with something new: of an administrator's, the other ones are told */
};
/* Posts what TARGET's policy wants told of NEWS. That somebody cannot be told is logged, and no reason not to do it. */
void lk_tell(Operation *op, const struct lk_target *target, const struct lk_news *news, struct lk_outbox *outbox);
/* The same for one piece of news, appended to a modlist of TARGET's entry. */
Modifications **lk_tell_append(
	Operation *op, Modifications **tail, const struct lk_target *target, const struct lk_news *news);

/* tell-plain.c: what a plain write of a client's changes (PASSWORD: a credential is among it) is told of with it. Appends to
 * *MODS; returns whether it did. */
bool lk_tell_of_write(Operation *op, struct lk_instance *instance, Modifications **mods, bool password);

/* listed.c: what lists are filtered by, as part of the write that changes it. */
/* ENTRY gets a password that is temporary with UNTIL, or waits for a code until then; 0: neither. */
Modifications **lk_listed_password(Modifications **tail, const Entry *entry, time_t until);
/* CHANGED is to stand for the message of ENTRY that has its id; in a write that asserts lk_entry_unchanged(). */
Modifications **lk_listed_message(Modifications **tail, const Entry *entry, const struct lk_message *changed);
/* The message ID is to be removed from ENTRY. */
Modifications **lk_listed_removal(Modifications **tail, const Entry *entry, const char *id);
/* Adds it to OP, a plain Modify. */
void lk_listed_follow(Operation *op, struct lk_instance *instance);
/* The same for an entry that is to be added: where it brings a temporary password along, and where one is made for it. */
void lk_listed_follow_add(Entry *entry);
void lk_listed_put(Entry *entry, time_t until);
/* What is wrong on ENTRY after writes at two providers, in a write that asserts lk_entry_unchanged(); nothing where it is right. */
Modifications **lk_listed_mend(Modifications **tail, const Entry *entry);

/* Makes ahead what the next messages are sealed with, as long as MAY_GO_ON() says so; called by the beat. */
void lk_outbox_prepare(struct lk_instance *instance, bool (*may_go_on)(void));

/* Whether nobody needs the sealed text of MESSAGE, which stands or is to stand on ENTRY: it has been settled, and cannot be sent
 * again, or what it carries opens nothing any more. */
bool lk_outbox_is_done_with(const Entry *entry, const struct lk_message *message, time_t now);
/* Takes sealed texts that nobody needs any more from entries whose temporary password has lapsed. */
void lk_outbox_sweep(Operation *op, struct lk_instance *instance);
/* The sealed text of the message ID on ENTRY, or NULL. */
const struct berval *lk_outbox_sealed_of(const Entry *entry, const char *id);

/* notification.c */
int lk_notification_take(Operation *op, SlapReply *rs);
int lk_notification_settle(Operation *op, SlapReply *rs);
/* notification-overview.c */
int lk_notification_overview(Operation *op, SlapReply *rs);
int lk_notification_bounce(Operation *op, SlapReply *rs); /* notification-bounce.c */
/* Whether OP comes from the mailer; of INSTANCE, or (LDAP_SUCCESS, or RS is filled) of any. */
bool lk_notification_is_mailer(const struct lk_instance *instance, const Operation *op);
int lk_notification_check(Operation *op, SlapReply *rs);
/* Writes MESSAGE's new answer into it: as much as may be read with it. */
void lk_notification_set_answer(struct lk_message *message, const struct berval *answer);
/* Stores CHANGED in place of its value OLD on ENTRY, if that is as it was read (LDAP_BUSY, LDAP_ASSERTION_FAILED), and logs EVENT. */
int lk_notification_write(Operation *op, struct lk_instance *instance, const Entry *entry, const struct berval *old,
	const struct lk_message *changed, const char *event);
/* When the next open message of ENTRY is due, CHANGED (or NULL) standing for its old value; 0: never. */
time_t lk_notification_next_due(const Entry *entry, const struct lk_message *changed);

/* waiting.c */
#define LK_WAITING_KNOWN 2048 /* messages that memory is spent on; others are looked for when these have been taken */
/* Notes the open messages among VALUES as due on the entry NDN; returns how many have never been tried. HEARD: when they came
 * from another provider; 0: they are our own. */
size_t lk_waiting_note(struct lk_instance *instance, const struct berval *ndn, BerVarray values, time_t heard);
/* Finds the open messages of the database where they are not known: those of an earlier run; called by the beat. */
void lk_waiting_scan(Operation *op, struct lk_instance *instance);
/* Has them looked for again: always, or with WITHIN where some are known on that entry or below it, which has another name now. */
void lk_waiting_rescan(struct lk_instance *instance, const struct berval *within);
/* Looks for more where all that is known and due has been taken; false where nothing was found. */
bool lk_waiting_refill(Operation *op, struct lk_instance *instance);

/* notify-control.c */
int lk_notify_parse(Operation *op, SlapReply *rs, LDAPControl *control);
/* NULL where the request carries no Notify control; in op's memory. */
const struct lk_notify *lk_notify_of(Operation *op);
int lk_notify_answer(Operation *op, SlapReply *rs, const struct lk_notify_response *response);

/* password-modify.c, reset.c, password-write.c */
int lk_password_modify(Operation *op, SlapReply *rs);
/* authority.c. Who acts: one who borrows another's name, by proxied authorization or by a SASL authorization identity, acts as themself,
 * since a right to speak for a user is no right to choose their password. Normalized. */
struct berval lk_actor(const Operation *op);

/* client.c: on whose behalf a request comes. */
struct lk_client {
	struct lk_origin origin;
	struct berval name; /* "IP=192.0.2.7", "PATH=/run/slapd/ldapi"; in the connection, or in op's memory */
	struct berval via; /* the same of the front end that speaks for it; empty without one */
};
struct lk_client lk_client_see(const Operation *op);
struct berval lk_client_of(const Operation *op); /* its name */
/* Whether one of olcLatchkeyPortalDN has sent OP. */
bool lk_client_is_portal(const Operation *op);

/* contact.c: messages that have failed, for the contacts of policies. */
int lk_contact_setup(void);
void lk_contact_teardown(void);
/* MESSAGE, on ENTRY in the database of INSTANCE, has failed; that is written. */
void lk_contact_note(
	Operation *op, struct lk_instance *instance, const Entry *entry, const struct lk_message *message);
/* The beat: queues the mails that are due. */
void lk_contact_tell(Operation *op);

/* monitor.c: the counters of INSTANCE below cn=Monitor, where slapd has it. The first is for the beat, again and again; the
 * second for the end of the instance, with the pool paused. */
void lk_monitor_appear(struct lk_instance *instance);
void lk_monitor_disappear(struct lk_instance *instance);

/* limits.c: what is limited by client and in all. */
int lk_limits_setup(void);
void lk_limits_teardown(void);
extern const char *const lk_limits_defaults[LK_LIMITED_KINDS][2]; /* as in the configuration: of a client, in all */
/* Takes one of what ORIGIN may do of the kind WHAT, if it passes. */
enum lk_throttle_verdict lk_limits_take(enum lk_limited what, const struct lk_origin *origin);
/* Gives it back, where it was no guess. */
void lk_limits_return(enum lk_limited what, const struct lk_origin *origin);

/* What the one who asks is seen to be. */
struct lk_authority {
	const char *rule; /* that decided, or refuses; static */
	struct berval name; /* of the actor, owned */
	bool must_change; /* their own password was set by somebody else and has not been changed since */
	bool blocked;
};
/* Finds whom an administrator means. LDAP_SUCCESS, or RS is filled; the target is to be released in either case. */
int lk_authority_find(Operation *op, SlapReply *rs, const struct berval *user, struct lk_target *ret_target);
/* What the rules say of the actor's doing ACTION to TARGET. */
struct lk_verdict lk_authority_verdict(Operation *op, const struct lk_target *target, enum lk_action action);
/* Logs a refusal under the event WHAT, records it on the target's entry, and fills RS; returns the result code. */
int lk_authority_refuse(
	Operation *op, SlapReply *rs, const struct lk_target *target, const char *what, const struct lk_verdict *verdict);
/* Asks the rules whether the actor may do ACTION to TARGET. LDAP_SUCCESS, or it has been refused as above; the authority is to
 * be released in either case. */
int lk_authority_ask(Operation *op, SlapReply *rs, const struct lk_target *target, enum lk_action action,
	const char *what, struct lk_authority *ret_authority);
/* Whether the actor may use a role at all: not before changing a password that another set, nor while blocked. */
int lk_authority_standing(Operation *op, SlapReply *rs, struct lk_authority *authority);
void lk_authority_release(struct lk_authority *authority);

/* events.c: the trail. */
struct lk_happening {
	enum lk_event_kind what;
	const char *rule; /* static, or NULL */
	struct berval changed; /* names of attributes, separated by commas; or empty */
	struct berval actor; /* empty: the user themself */
	struct berval reason, ticket;
};
/* Appends what stores the event on ENTRY; older ones make room. */
Modifications **lk_events_append(
	Operation *op, Modifications **tail, const Entry *entry, const struct lk_happening *happening);
/* Records on ENTRY, in a write of its own, that the actor was refused; the same actor's next refusals by the same rule within
 * some minutes are not written. */
void lk_events_refused(Operation *op, struct lk_instance *instance, const Entry *entry, const char *rule);
/* The log line of what was done with TARGET, or failed with RESULT. MORE are further fields, or NULL. */
void lk_events_log(Operation *op, const char *event, const struct lk_target *target, const struct lk_happening *happening,
	int result, const char *more);

/* members.c: what the Modify OP does to the members of its group; the DNs are normalized. Free it with lk_members_free(). */
#define LK_MEMBERS_NAMED 64
struct lk_member_list {
	size_t count;
	struct berval named[LK_MEMBERS_NAMED]; /* the first of them */
};
struct lk_members {
	struct lk_member_list added, removed;
};
struct lk_members *lk_members_differ(Operation *op, struct lk_instance *instance);
void lk_members_free(struct lk_members *members); /* NULL: nothing */

/* trail-write.c: the trail of plain writes. */
enum lk_changes {
	LK_CHANGES_PASSWORD,
	LK_CHANGES_CREDENTIAL, /* what counts as a password */
	LK_CHANGES_POLICY,
	LK_CHANGES_GROUP,
	LK_CHANGES_PLACE, /* which policy governs an entry */
	LK_CHANGES_STATE, /* what Latchkey stores */
	LK_CHANGES_NAME, /* who bears a name */
};
/* What the rules say of a plain write. */
struct lk_decision {
	struct lk_verdict verdict;
	bool observe;
	enum lk_changes changes;
	struct berval policy; /* the normalized DN of the policy that decided; or empty */
};
/* For a write that goes on to slapd: its event becomes a part of it, and its log line is written when slapd has answered. */
void lk_trail_pass(Operation *op, struct lk_instance *instance, const struct lk_decision *decision);
/* For one that goes no further: its log line, its event, its answer; returns the result code. */
int lk_trail_refuse(
	Operation *op, SlapReply *rs, struct lk_instance *instance, const struct lk_decision *decision);

/* verdict.c: latchkeyResetVerdict, a bi_operational hook. */
int lk_verdict_attribute(Operation *op, SlapReply *rs);

/* administration.c */
extern const char lk_blocked_text[];
/* Whether ENTRY is blocked, but not all of its passwords are behind the scheme; and what puts them there. In op's memory. */
bool lk_block_is_open(const Entry *entry);
Modifications **lk_block_append(Operation *op, Modifications **tail, const Entry *entry);
int lk_notification_resend(Operation *op, SlapReply *rs);
int lk_account_unlock(Operation *op, SlapReply *rs);
int lk_account_block(Operation *op, SlapReply *rs);

/* Whether a reset failed with RC because another write came between the reading of the entry and its own: what it was to add is
 * there, or to delete is gone. */
bool lk_reset_lost_the_race(int rc);
/* An administrator's reset of TARGET; new_password empty: generated. Fills RS and returns its code. */
int lk_reset(Operation *op, SlapReply *rs, struct lk_target *target, const struct berval *new_password);

/* Why a policy that resets by code refuses a password. */
extern const char lk_reset_by_code_text[];
/* Where the message of a reset or a welcome goes: what the administrator typed, else what the policy finds in the entry.
 * LDAP_SUCCESS, or RS is filled. */
struct lk_notify;
int lk_reset_address(
	SlapReply *rs, const struct lk_target *target, const struct lk_notify *notify, struct berval *ret_address);

/* What a password write stores and how. */
struct lk_password_write {
	const struct lk_target *target;
	struct berval password; /* in the clear; empty: draw one until the directory takes it */
	time_t temporary_until; /* 0: an ordinary password */
	bool must_change;
	struct lk_outgoing *outgoing; /* its secret is set to the password or CODE; NULL: no message */
	const struct lk_own_code *code; /* what the message carries in place of the password, which nobody learns; or NULL */
	Filter *assertion;
	bool raise_serial;
	const struct lk_proven *proven; /* what goes with it; or NULL */
	const struct lk_happening *happening; /* for the trail */
	struct lk_news *news; /* what is told of it; its exception is set to where the message goes */
	struct berval by_dn; /* who is recorded as the modifier; empty: the user themself */
	const char *name;
	char drawn[LK_PASSWORD_TEXT_MAX + 1]; /* the password that was drawn; the caller erases it */
};
int lk_password_write(Operation *op, struct lk_password_write *write, const char **ret_text);
/* The value to store of PASSWORD, temporary with UNTIL, freed with ber_memfree(). An LDAP result code. */
int lk_password_store(const struct berval *password, time_t until, struct berval *ret_value);

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
/* Whether the proofs of REQUEST let TARGET (NULL: nobody) back in; then *ret_proven is filled, for lk_proven_clear(). The
 * work is the same for every TARGET and every REQUEST. */
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
/* Takes a try of the code, which HOLDER (normalized) has as a value of AD; FITS: the one-time password is right, and what was
 * tried before is forgiven. False where no try was left: the value must not be looked at. */
bool lk_spending_try(
	const struct berval *holder, AttributeDescription *ad, const unsigned char hash[LK_HASH_BYTES], bool fits);
/* The beat: takes codes that are spent out of the directory. */
void lk_spending_settle(Operation *op);

/* enrol.c, enrol-address.c, enrol-codes.c, enrol-totp.c, misuse.c: what users do for themselves. */
int lk_address_add(Operation *op, SlapReply *rs);
int lk_address_prove(Operation *op, SlapReply *rs);
int lk_recovery_codes_new(Operation *op, SlapReply *rs);
int lk_totp_enrol(Operation *op, SlapReply *rs);
int lk_report_misuse(Operation *op, SlapReply *rs);
/* Finds who asks, and checks that they may: METHOD (of enum lk_policy_method, 0: any) is one of their policy's. LDAP_SUCCESS,
 * or RS is filled; the target is to be released in either case. */
int lk_enrol_begin(Operation *op, SlapReply *rs, unsigned method, struct lk_target *ret_target);
/* Performs and frees MODS on TARGET's entry, if it is as it was read. Logs under NAME, fills RS and returns its code. With WHAT,
 * the write is an event of the account's trail, under the same name; with LK_EVENT_COUNT it is none. */
int lk_enrol_write(Operation *op, SlapReply *rs, const struct lk_target *target, Modifications *mods, const char *name,
	enum lk_event_kind what);
/* Whether a proof of the user's that is RIGHT counts: not of one who has been wrong too often lately. */
bool lk_enrol_may_prove(Operation *op, bool right);

/* key-file.c: NULL, or what is wrong with the file. Free *ret_key with sodium_free(). */
const char *lk_key_file_load(const char *path, unsigned char **ret_key);

/* operational.c: attributes that are computed when they are asked for. */
int lk_operational(Operation *op, SlapReply *rs);

/* Seconds after its end that an unused code lengthens the life of the next. */
#define LK_UNUSED_REMEMBERED 86400

/* recovery-queue.c, recovery-request.c, recovery-sweep.c, recovery-complete.c */
int lk_recovery_request(Operation *op, SlapReply *rs);
int lk_recovery_setup(void);
void lk_recovery_teardown(void);
#define LK_WISHES_MAX 8192
unsigned long lk_recovery_waiting(void); /* how many wait for the beat */
void lk_recovery_drain(void *ctx); /* the beat, in the pool thread of CTX: writes the wishes */
/* Writes one, if there is such a person. False where that has to wait for the next beat. */
bool lk_recovery_serve(Operation *op, const struct lk_wish *wish);
/* Waits until no other thread of the beat works for the person NDN, which must last until it is given back. False where slapd
 * wants to go on without waiting. */
bool lk_recovery_claim(const struct berval *ndn);
void lk_recovery_unclaim(const struct berval *ndn);
int lk_recovery_complete(Operation *op, SlapReply *rs);
/* The anonymous Password Modify with a code as the old password. */
int lk_recovery_by_password_modify(Operation *op, SlapReply *rs, const struct berval *user, const struct berval *code,
	const struct berval *new_password);
/* Removes the recovery entry of a user, if there is one. */
void lk_recovery_remove(Operation *op, struct lk_instance *instance, const struct berval *uuid);
/* Whether the passwords, the address and the serial number that CODE was made for are still TARGET's. */
struct lk_stored_code;
bool lk_recovery_code_is_bound(const struct lk_target *target, const struct lk_stored_code *code);
/* Removes the recovery entries of people who have been deleted. */
void lk_recovery_remove_gone(Operation *op, struct lk_instance *instance);
/* Removes recovery entries that hold nothing alive. */
void lk_recovery_sweep(Operation *op, struct lk_instance *instance);
/* Makes the container of the recovery entries. LDAP_ALREADY_EXISTS. */
int lk_recovery_add_container(Operation *op, const struct lk_instance *instance);
/* The recovery entry of a user. Strings in op's memory. */
void lk_recovery_dn(Operation *op, const struct lk_instance *instance, const struct berval *uuid, struct berval *ret_dn,
	struct berval *ret_ndn);

/* pace.c: failed recoveries are answered at a fixed time after lk_pace_begin(). */
int lk_pace_setup(void);
void lk_pace_teardown(void);
struct timespec lk_pace_begin(void);
void lk_pace_wait(const struct timespec *began);
/* Whether there is a place for one of ORIGIN's, which is then to be given back. */
bool lk_pace_enter(const struct lk_origin *origin);
void lk_pace_leave(const struct lk_origin *origin);

/* answer.c */
extern const char lk_race_text[]; /* with LDAP_BUSY: nothing was done, and the same operation may be tried again */
extern const char lk_unread_text[]; /* with LDAP_BUSY: there is no snapshot of the policies */
/* How often it is tried: of each round of simultaneous writes one succeeds, and the mailer settles forty messages in a row. */
#define LK_RACE_TRIES 64
/* Fills RS in, and returns RESULT; for an extended operation's handler. TEXT is static, or in op's memory. */
int lk_fail(SlapReply *rs, int result, const char *text);
/* Answers OP, and returns RESULT; for a hook. */
int lk_refuse(Operation *op, SlapReply *rs, int result, const char *text);

/* check.c: the checks that every extended operation passes before anything is looked up. LDAP_SUCCESS, or RS is filled. */
bool lk_check_ssf(const Operation *op, SlapReply *rs);
int lk_check_request(Operation *op, SlapReply *rs, const struct lk_instance *instance, bool anonymous_may);

/* expiry.c: what time does to a password. When it stops working by its age, and at what age that is, in seconds. False: never. */
bool lk_password_expires(Operation *op, const struct lk_target *target, time_t *ret_when, long *ret_max_age);
/* The normalized DN of the password policy of those in INSTANCE's database who name none; freed with ch_free(). BER_BVNULL: there
 * is none, or no slapo-ppolicy. */
struct berval lk_password_default_policy(const struct lk_instance *instance);
/* Whether STORED, a value of userPassword, is a temporary one. */
bool lk_password_is_temporary(const struct berval *stored);
/* Whether it has stopped working by itself. */
bool lk_password_is_expired(Operation *op, const struct lk_target *target);
/* Whether slapo-ppolicy will make TARGET change a password that was reset. */
bool lk_password_change_is_demanded(Operation *op, const struct lk_target *target);

/* expiry-watch.c: who is to be told that the password is about to expire. What the task does once a second; MAY_GO_ON() says whether
 * nobody waits for its end. */
void lk_expiry_watch(Operation *op, struct lk_instance *instance, bool (*may_go_on)(void));
void lk_expiry_forget(struct lk_instance *instance);

/* expiry-notice.c: how they are told. For which of the days of their policy TARGET is to be told now that the password, which works
 * for MAX_AGE seconds, EXPIRES; 0: for none. */
unsigned lk_expiry_days_for(const struct lk_target *target, time_t expires, long max_age);
/* Tells the user NDN, whose entry is read anew; another provider may be at the same work. */
enum lk_told { LK_TOLD, LK_NOT_TOLD, LK_TOLD_BY_ANOTHER };
enum lk_told lk_expiry_tell(Operation *op, struct lk_instance *instance, const struct berval *ndn);
/* Whether MESSAGE on the entry NDN tells of a password that has been changed since, or that expires at another time now; it is
 * then taken from the entry. */
bool lk_expiry_withdraw(
	Operation *op, struct lk_instance *instance, const struct berval *ndn, const struct lk_message *message);

/* temporary-scheme.c */
int lk_temporary_scheme_register(void);

/* log.c: one line an event, in the form of log-line.h, never a secret. FORMAT gives the fields after event=, verdict= first;
 * client= is added where OP has one. Values that come from outside go through lk_log_value (quoted; in op's memory). */
void lk_log_event(const Operation *op, const char *event, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* "allowed", "observed" or "refused". */
const char *lk_verdict_name(const struct lk_verdict *verdict, bool observe);
const char *lk_log_value(const Operation *op, const struct berval *value);
/* " client=… via=…", for lines that an operation of the client's does not write itself: those have it by themselves. */
const char *lk_log_client(const Operation *op, const struct berval *client, const struct berval *via);
void lk_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

#define LK_TAKEOVER_SECONDS 180 /* after which a mailer takes another provider's message */

/* kill.c: where a test build dies; nothing in any other build. There the time above can be chosen too, and LK_EXPIRY_INTERVAL. */
#ifdef LK_KILL_POINTS
void lk_kill_point(const char *operation, const char *point);
time_t lk_takeover_seconds(void);
time_t lk_expiry_interval(void);
#else
#define lk_kill_point(operation, point) ((void)0)
#define lk_takeover_seconds() LK_TAKEOVER_SECONDS
#define lk_expiry_interval() LK_EXPIRY_INTERVAL
#endif
