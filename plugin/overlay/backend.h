/* Internal operations on the database, and the modifications that they are made of. */
#pragma once

#include "instance.h"

struct lk_target;
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
/* Adds ENTRY (freed here) or deletes what has its name, on the backend itself: no overlay and no other provider hears of
 * it. */
int lk_backend_write_below(Operation *op, BackendDB *be, ber_tag_t tag, Entry *entry);

/* What hangs on OP under KEY, an address that is the caller's own; or NULL. */
OpExtra *lk_backend_extra(const Operation *op, const void *key);
/* Whether OP is one of ours, performed by backend.c. */
bool lk_backend_is_internal(Operation *op);
/* False only where OP is none of ours, and cheaper to ask: all of ours say so, and few others do. */
static inline bool lk_backend_may_be_internal(const Operation *op)
{
	return op->o_do_not_cache;
}
/* Whether OP reads the tree as it is after CHANGED. A search goes on to read it as it was when the search began (mdb
 * keeps one view for each operation), so what it finds is no news for others. */
bool lk_backend_reads_since(const Operation *op, time_t changed);
/* The time, for CHANGED, by the clock from which slapd has o_time: that of slap_get_time() is behind it by some milliseconds,
 * and so by one second at the beginning of each. */
time_t lk_backend_now(void);
/* Whether OP came in by syncrepl. What only claims so does not count. */
bool lk_backend_is_replicated(const Operation *op);

/* (ad=value) as a structure in op's memory; VALUE is normalized and must outlive it. */
Filter *lk_filter_equals(Operation *op, AttributeDescription *ad, const struct berval *value);

/* Appends a modification to *TAIL (SLAP_MOD_INTERNAL: no ACL is asked), copying VALUES; returns the new tail. No
 * values: all of the attribute (delete). */
Modifications **lk_mod_append(
	Modifications **tail, AttributeDescription *ad, int op, const struct berval *values, size_t count);
/* Raises TARGET's serial number, unless another write has done so since it was read. */
struct lk_target;
Modifications **lk_mod_append_serial(Modifications **tail, const struct lk_target *target);
/* Holds in a write's own transaction if ENTRY is as it was read; NULL where the database keeps no entryCSN. */
Filter *lk_entry_unchanged(Operation *op, const Entry *entry);
Modifications **lk_mod_append_time(Modifications **tail, AttributeDescription *ad, int op, time_t when);

/* transaction.c: what is written with OP between these two is stored together, or not at all; in the thread that has
 * begun it. */
struct lk_transaction {
	OpExtra extra;
	OpExtra *backends; /* the database's own */
};
/* False where that is not possible, or not safe: then nothing has begun. Within none. */
bool lk_transaction_begin(Operation *op, struct lk_instance *instance, struct lk_transaction *ret_transaction);
/* For what is written on the backend itself, so that no overlay hears of it. False where there are no transactions, or
 * OP has one of the backend's open already. */
bool lk_transaction_begin_below(Operation *op, struct lk_instance *instance, struct lk_transaction *ret_transaction);
/* False where nothing was stored. */
bool lk_transaction_end(
	Operation *op, const struct lk_instance *instance, struct lk_transaction *transaction, bool commit);
/* Whether OP is part of one, so that what it writes is not to be had yet. */
bool lk_transaction_has(const Operation *op);

/* numbers.c: sees to it that each type of attribute that Latchkey writes has its number in the database of INSTANCE. Our
 * own writes call it; so does whoever adds to a client's write that may be undone, before it, and within no transaction:
 * back-mdb (2.5.13) does not take back the number of a type that came first in a write that failed, in a transaction
 * that was aborted or with the no-op control, and stores entries then that nobody can read again. False where it
 * failed; then slapd has to be started again. */
bool lk_numbers_ensure(Operation *op, struct lk_instance *instance);
/* What is known of BE, whatever instances it has had. */
enum lk_numbers lk_numbers_of(const BackendDB *be);
void lk_numbers_teardown(void);

/* writable.c: LDAP_SUCCESS where BE takes writes, or why it does not. */
int lk_writable_check(Operation *op, BackendDB *be, const char **ret_text);
/* Has the log say what has become of a write of ours to BE, where that is news. */
void lk_writable_note(const Operation *op, const BackendDB *be, const SlapReply *rs);
/* The same of one that was not even tried. */
void lk_writable_refused(struct lk_instance *instance, int result, const char *why);
/* For the beat: says that it is over. */
void lk_writable_settle(struct lk_instance *instance);

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
