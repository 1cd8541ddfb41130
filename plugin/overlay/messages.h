/* Messages on their way out: how they are stored, taken, settled, and whom they tell. */
#pragma once

#include "accounts.h"

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
/* Composes one for READER, as lk_outbox_compose() does; when it is due follows from what the entry has
 * (outbox-rules.h). */
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

/* tell-plain.c: what a plain write of a client's changes (PASSWORD: a credential is among it) is told of with it.
 * Appends to *MODS; returns whether it did. */
bool lk_tell_of_write(Operation *op, struct lk_instance *instance, Modifications **mods, bool password);

/* notification.c */
int lk_notification_take(Operation *op, SlapReply *rs);
int lk_notification_settle(Operation *op, SlapReply *rs);

/* notification-overview.c */
int lk_notification_overview(Operation *op, SlapReply *rs);
int lk_notification_bounce(Operation *op, SlapReply *rs); /* notification-bounce.c */
/* Whether OP comes from the mailer; of INSTANCE, or (LDAP_SUCCESS, or RS is filled) of any. */
/* The value of the message ID on ENTRY, parsed, or NULL. */
const struct berval *lk_notification_find(const Entry *entry, const char *id, struct lk_message *ret_message);
bool lk_notification_is_mailer(const struct lk_instance *instance, const Operation *op);
int lk_notification_check(Operation *op, SlapReply *rs);
/* Writes MESSAGE's new answer into it: as much as may be read with it. */
void lk_notification_set_answer(struct lk_message *message, const struct berval *answer);
/* Stores CHANGED in place of its value OLD on ENTRY, if that is as it was read (LDAP_BUSY, LDAP_ASSERTION_FAILED), and
 * logs EVENT. */
int lk_notification_write(Operation *op, struct lk_instance *instance, const Entry *entry, const struct berval *old,
	const struct lk_message *changed, const char *event);

/* waiting.c */
#define LK_WAITING_KNOWN 2048 /* messages that memory is spent on; others are looked for when these have been taken */
/* Notes the open messages among VALUES as due on the entry NDN; returns how many have never been tried. HEARD: when
 * they came from another provider; 0: they are our own. */
size_t lk_waiting_note(struct lk_instance *instance, const struct berval *ndn, BerVarray values, time_t heard);
/* The same for those that OP has written, which are counted. */
void lk_waiting_note_written(Operation *op, struct lk_instance *instance, const struct berval *ndn, BerVarray values);
/* Finds the open messages of the database where they are not known: those of an earlier run; called by the beat. */
void lk_waiting_scan(Operation *op, struct lk_instance *instance);
/* Has them looked for again: always, or with WITHIN where some are known on that entry or below it, which has another
 * name now. */
void lk_waiting_rescan(struct lk_instance *instance, const struct berval *within);
/* Looks for more where all that is known and due has been taken, or waits for who is looking; false where nothing was
 * found. */
bool lk_waiting_refill(Operation *op, struct lk_instance *instance);

/* notify-control.c */
int lk_notify_parse(Operation *op, SlapReply *rs, LDAPControl *control);
/* NULL where the request carries no Notify control; in op's memory. */
const struct lk_notify *lk_notify_of(Operation *op);
int lk_notify_answer(Operation *op, SlapReply *rs, const struct lk_notify_response *response);

/* contact.c: messages that have failed, for the contacts of policies. */
int lk_contact_setup(void);
void lk_contact_teardown(void);
/* MESSAGE, on ENTRY in the database of INSTANCE, has failed; that is written. */
void lk_contact_note(Operation *op, struct lk_instance *instance, const Entry *entry, const struct lk_message *message);
/* The beat: queues the mails that are due. */
void lk_contact_tell(Operation *op);
