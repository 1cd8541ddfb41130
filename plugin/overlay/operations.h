/* The extended operations, and what they do. */
#pragma once

#include "messages.h"
#include "guards.h"

/* welcome.c: an Add with the Notify control. Puts into its entry what welcomes the new user. LDAP_SUCCESS, also where
 * there is no control, or OP has been answered. */
int lk_welcome(Operation *op, SlapReply *rs, struct lk_instance *instance);
/* Where OP is an Add with a password that Latchkey has drawn: the LK_MASKED_MAX entry copies that entry-mask.c has lent
 * it; else NULL. */
Entry **lk_welcome_lent(const Operation *op);

/* password-modify.c, reset.c, password-write.c */
int lk_password_modify(Operation *op, SlapReply *rs);

/* administration.c */
extern const char lk_blocked_text[];
/* Whether ENTRY is blocked, but not all of its passwords are behind the scheme; and what puts them there. In op's
 * memory. */
bool lk_block_is_open(const Entry *entry);
Modifications **lk_block_append(Operation *op, Modifications **tail, const Entry *entry);
int lk_notification_resend(Operation *op, SlapReply *rs);
int lk_account_unlock(Operation *op, SlapReply *rs);
int lk_account_block(Operation *op, SlapReply *rs);

/* Whether a reset failed with RC because another write came between the reading of the entry and its own: what it was
 * to add is there, or to delete is gone. */
bool lk_reset_lost_the_race(int rc);
/* An administrator's reset of TARGET; new_password empty: generated. Fills RS and returns its code. */
int lk_reset(Operation *op, SlapReply *rs, struct lk_target *target, const struct berval *new_password);

/* Why a policy that resets by code refuses a password. */
extern const char lk_reset_by_code_text[];
/* Where the message of a reset or a welcome goes: what the administrator typed, else what the policy finds in the
 * entry. LDAP_SUCCESS, or RS is filled. */
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
	const struct lk_own_code
		*code; /* what the message carries in place of the password, which nobody learns; or NULL */
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

/* enrol.c, enrol-address.c, enrol-codes.c, enrol-totp.c, misuse.c: what users do for themselves. */
int lk_address_add(Operation *op, SlapReply *rs);
int lk_address_prove(Operation *op, SlapReply *rs);
int lk_recovery_codes_new(Operation *op, SlapReply *rs);
int lk_totp_enrol(Operation *op, SlapReply *rs);
int lk_report_misuse(Operation *op, SlapReply *rs);
/* Finds who asks, and checks that they may: METHOD (of enum lk_policy_method, 0: any) is one of their policy's.
 * LDAP_SUCCESS, or RS is filled; the target is to be released in either case. */
int lk_enrol_begin(Operation *op, SlapReply *rs, unsigned method, struct lk_target *ret_target);
/* Performs and frees MODS on TARGET's entry, if it is as it was read. Logs under NAME, fills RS and returns its code.
 * With WHAT, the write is an event of the account's trail, under the same name; with LK_EVENT_COUNT it is none. */
int lk_enrol_write(Operation *op, SlapReply *rs, const struct lk_target *target, Modifications *mods, const char *name,
	enum lk_event_kind what);
/* Whether a proof of the user's that is RIGHT counts: not of one who has been wrong too often lately. */
bool lk_enrol_may_prove(Operation *op, bool right);

/* recovery-queue.c, recovery-beat.c, recovery-request.c, recovery-sweep.c, recovery-complete.c */
int lk_recovery_request(Operation *op, SlapReply *rs);
int lk_recovery_setup(void);
void lk_recovery_teardown(void);
#define LK_WISHES_MAX 8192
unsigned long lk_recovery_waiting(void); /* how many wait for the beat */
void lk_recovery_drain(void *ctx); /* the beat, in the pool thread of CTX: writes the wishes */
int lk_recovery_beat_setup(void);
void lk_recovery_beat_teardown(void);
/* A wish that waits, or NULL; and one that has to wait for the next beat. */
struct lk_wish *lk_recovery_take(void);
void lk_recovery_put_back(struct lk_wish *wish);
/* Logs what was dropped since the beat before. */
void lk_recovery_log_drops(Operation *op);

/* The code that a wish asks for, in the order in which it comes about. It takes WISH over. NULL: there is no such
 * person, which is logged. */
struct lk_issue;
struct lk_issue *lk_issue_new(Operation *op, struct lk_wish *wish);
const struct berval *lk_issue_person(const struct lk_issue *issue); /* the normalized DN; as long as ISSUE */
struct lk_instance *lk_issue_instance(const struct lk_issue *issue);
/* Makes the code, by what is stored now; while that is so, nobody else may write the person's codes. False where there
 * is none to be had. OP's memory must last until it is written. */
bool lk_issue_draft(Operation *op, struct lk_issue *issue);
bool lk_issue_write(Operation *op, struct lk_issue *issue);
/* Its mail is due. For one that was written in a transaction, after the commit. */
void lk_issue_note(Operation *op, const struct lk_issue *issue);
/* Logs what has become of it, and frees it. */
void lk_issue_end(Operation *op, struct lk_issue *issue);
/* Frees it, and gives the wish back. */
struct lk_wish *lk_issue_cancel(struct lk_issue *issue);
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
