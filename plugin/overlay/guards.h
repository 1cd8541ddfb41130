/* What stands between a client and the directory: the hooks on plain operations, who may, and the trail. */
#pragma once

#include "accounts.h"

/* guard-hidden.c: recovery entries are not there but for replication. */
int lk_guard_search(Operation *op, SlapReply *rs);
int lk_guard_compare(Operation *op, SlapReply *rs);
int lk_guard_bind(Operation *op, SlapReply *rs);
/* Whether a plain write touches what is hidden. */
bool lk_is_hidden_write(const Operation *op, const struct lk_instance *instance);
/* Whether OP comes from one of olcLatchkeyReader. */
bool lk_is_reader(const Operation *op, const struct lk_instance *instance);
/* guard-read.c: whether the actor reads anything that is stored with others: as a mailer, or by a role under some
 * policy. */
bool lk_may_read_of_others(Operation *op, const struct lk_instance *instance);
/* Whether no client has sent OP: slapo-syncprov looks for the newest write, a task of slapd's runs. */
bool lk_is_slapds_own(const Operation *op);

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

/* address-cooldown.c: an address that somebody else gave an account counts for recovery only after a while. */
/* Whether ADDRESS has yet to count for TARGET. */
bool lk_address_is_cooling(const struct lk_target *target, const struct berval *address);
/* Adds to what OP, a plain Add, Modify or ModRDN, writes: since when the addresses in it are there. LDAP_SUCCESS, or OP
 * has been answered. */
int lk_address_note(Operation *op, SlapReply *rs, struct lk_instance *instance);
/* Appends what lets ADDRESS count at once on ENTRY as it is. */
Modifications **lk_address_forgive(Modifications **tail, const Entry *entry, const struct berval *address);

/* last-address.c: refuses an OP, a plain Modify or ModRDN, by which users take away the last address at which they can
 * recover. One that leaves an address raises the serial number too, and is answered with LDAP_BUSY where another write
 * has done so meanwhile. LDAP_SUCCESS, or OP has been answered. */
int lk_last_address_check(Operation *op, SlapReply *rs, struct lk_instance *instance);

/* identity.c: refuses an OP, a plain Add, Modify or ModRDN, that gives an entry the entryUUID of another account.
 * LDAP_SUCCESS, or OP has been answered. */
int lk_identity_check(Operation *op, SlapReply *rs, struct lk_instance *instance);

/* former-check.c, former-remember.c: names of accounts that were deleted or renamed, remembered for the cool-down. */
struct lk_former {
	bool is_former; /* another account had a name that is to be taken */
	BerVarray addresses; /* that counted for it, in op's memory; or NULL */
};
/* Remembers the names that OP, a plain Delete, ModRDN or Modify, takes from an account. LDAP_SUCCESS, or OP has been
 * answered. */
int lk_former_remember(Operation *op, SlapReply *rs, struct lk_instance *instance);
/* Refuses an OP, a plain Add, ModRDN or Modify, that takes such a name for an account with credentials of its own.
 * LDAP_SUCCESS, or OP has been answered. */
int lk_former_check(Operation *op, SlapReply *rs, struct lk_instance *instance);
/* Whose names the new entry of OP, an Add under GOVERNANCE, has. */
void lk_former_find(Operation *op, const struct lk_governance *governance, struct lk_former *ret_former);

/* authority.c. Who acts: one who borrows another's name, by proxied authorization or by a SASL authorization identity,
 * acts as themself, since a right to speak for a user is no right to choose their password. Normalized. */
struct berval lk_actor(const Operation *op);
/* "actor=…" for the log. Who has signed out while OP goes on is nobody's name any more, where it might have been a
 * borrowed one; then with " for=…", the name that OP was begun in. */
const char *lk_actor_log(const Operation *op);

/* authority.c: what the one who asks is seen to be. */
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
/* Asks the rules whether the actor may do ACTION to TARGET. LDAP_SUCCESS, or it has been refused as above; the
 * authority is to be released in either case. */
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
	bool is_mailed; /* a message that the same write queues tells of it */
};
/* Appends what stores the event on ENTRY; older ones make room. */
Modifications **lk_events_append(
	Operation *op, Modifications **tail, const Entry *entry, const struct lk_happening *happening);
/* Appends the day of ENTRY's newest event where it has none yet: a message that told of its first one is settled. */
Modifications **lk_events_append_day(Modifications **tail, const Entry *entry);
/* Whether the user has reported misuse within LK_MISUSE_PAUSE seconds; a clock that was set back hides no report. */
#define LK_MISUSE_PAUSE 86400
bool lk_events_reported_lately(const Entry *entry, time_t now);
/* Records on ENTRY, in a write of its own, that the actor was refused; the same actor's next refusals by the same rule
 * within some minutes are not written. */
void lk_events_refused(Operation *op, struct lk_instance *instance, const Entry *entry, const char *rule);
/* The log line of what was done with TARGET, or failed with RESULT. MORE are further fields, or NULL. */
void lk_events_log(Operation *op, const char *event, const struct lk_target *target,
	const struct lk_happening *happening, int result, const char *more);

/* members.c: what the Modify OP does to the members of its group; the DNs are normalized. Free it with
 * lk_members_free(). */
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
	LK_CHANGES_ADDRESS, /* where somebody can recover */
};
/* What the rules say of a plain write. */
struct lk_decision {
	struct lk_verdict verdict;
	bool observe;
	enum lk_changes changes;
	struct berval policy; /* the normalized DN of the policy that decided; or empty */
};
/* For a write that goes on to slapd: its event becomes a part of it, and its log line is written when slapd has
 * answered. */
void lk_trail_pass(Operation *op, struct lk_instance *instance, const struct lk_decision *decision);
/* For one that goes no further: its log line, its event, its answer; returns the result code. */
int lk_trail_refuse(Operation *op, SlapReply *rs, struct lk_instance *instance, const struct lk_decision *decision);

/* verdict.c: latchkeyResetVerdict of ENTRY for the one who asks; NULL where there is none. */
Attribute *lk_verdict_attribute(Operation *op, const Entry *entry);

/* operational.c: attributes that are computed when they are asked for. */
int lk_operational(Operation *op, SlapReply *rs);

/* Seconds after its end that an unused code lengthens the life of the next. */
#define LK_UNUSED_REMEMBERED 86400
