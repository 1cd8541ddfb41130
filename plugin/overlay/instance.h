/* The instance: one configured overlay on one database; the schema, and what surrounds it. */
#pragma once

#include "slapd.h"
#include "tasks.h"

/* What is limited, each kind for itself. */
enum lk_limited { LK_LIMITED_REQUESTS, LK_LIMITED_PROOFS, LK_LIMITED_KINDS };

/* Whether the types of attributes that Latchkey writes have their numbers in a database; lk_numbers_ensure(). */
enum lk_numbers { LK_NUMBERS_UNKNOWN, LK_NUMBERS_STORED, LK_NUMBERS_LOST };

/* Since when a database takes nothing that Latchkey writes. */
struct lk_refusal {
	atomic_int result; /* of the one that was refused last; LDAP_SUCCESS: it takes them */
	bool is_taken_since; /* whether one has been taken since */
	time_t last; /* when one was refused */
	time_t said; /* when the log was told */
};

/* One configured overlay on one database. Instances are listed in lk_instances; the list and every olc… field change
 * only while cn=config has paused the thread pool, so operations read them without a lock. */
struct lk_instance {
	struct lk_instance *next;
	struct lk_instance *buried; /* the next one that has gone, after this one has */
	BackendDB *be; /* the database itself, not an operation's copy */
	BackendInfo *backend; /* below all overlays of the database */
	bool open; /* cleared under open_mutex */
	ldap_pvt_thread_mutex_t open_mutex; /* held by the beat for what must not be done once it is closed */

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

	struct berval suffix, nsuffix; /* what the database was opened with: cn=config may change it, and take it away */
	struct berval container, ncontainer; /* cn=latchkey,<suffix>: where recovery entries live */
	struct lk_task beat;
	struct lk_task watch; /* the one that looks for passwords which are about to expire */
	struct lk_expiry_watch *expiring; /* what it has found; touched by it alone */
	unsigned beats; /* how often it ran; touched by it alone */
	atomic_int numbers; /* an enum lk_numbers */
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
	struct lk_refusal refusal; /* changed under due_mutex too */

	struct lk_counters counters;
	bool monitored; /* whether cn=Monitor has an entry for it; changed under open_mutex, and while the pool is paused */
};

extern struct lk_instance *lk_instances;
extern int lk_notify_cid; /* the Notify control's index into o_ctrlflag and o_controls */

/* The attribute descriptions of the schema. */
struct lk_schema {
	AttributeDescription *message, *sealed, *due, *serial, *code, *recovery_of, *scope, *event, *blocked, *verdict;
	AttributeDescription *recovery_address, *pending_address, *totp, *totp_pending, *printed_codes, *printed_used,
		*method_state, *role, *address_since, *expiry_noted;
	AttributeDescription *temporary_until, *failed_message, *event_day;
	AttributeDescription *former_id, *former_name, *former_address, *former_until;
	/* of the standard schema and of slapo-ppolicy; NULL where it is not loaded. A module is loaded before the schema,
	 * so these are looked up when a database opens. */
	AttributeDescription *member, *unique_member;
	AttributeDescription *pwd_reset, *pwd_locked, *pwd_failure, *pwd_changed, *pwd_start, *pwd_end, *pwd_tmp_lockout;
	AttributeDescription *pwd_min_age, *pwd_safe_modify, *pwd_allow_user_change, *pwd_max_age, *pwd_policy_subentry,
		*pwd_history, *pwd_grace, *pwd_success, *pwd_must_change, *pwd_check_quality;
	ObjectClass *oc_container, *oc_recovery, *oc_user, *oc_former, *oc_monitor;
};
extern struct lk_schema lk_schema;

/* schema.c: registers the generated schema; 0 or -1. */
int lk_schema_register(void);
/* Looks up what other modules define; called whenever a database opens. */
void lk_schema_find_foreign(void);
/* Looks up the attributes that count as passwords in INSTANCE. */
void lk_schema_find_credentials(struct lk_instance *instance);
/* Whether NAME, whatever its options, is one of TYPE's, or its identifier. To look it up in slapd's schema, for each
 * attribute of each write, would cost more than all else that Latchkey does with a plain one. */
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
/* Whether its database holds still what it was opened for. */
bool lk_instance_has_suffix(const struct lk_instance *instance);
struct lk_instance *lk_instance_here(const Operation *op); /* whose hook slapd has called */
struct lk_instance *lk_instance_first_open(void);
/* The first of the overlays that the database of INSTANCE has now, or NULL. Only here are they to be had: one that goes is
 * freed while operations go on that have found its instance before. */
slap_overinst *lk_instance_overlays(const struct lk_instance *instance);

/* Frees the instances that have gone; only while nobody can have found them: the pool is paused, or has ended. */
void lk_instances_free_gone(void);
/* Whether the database of INSTANCE holds entries of SUBTREE; *ret_base is then where they begin, and points into
 * either. */
bool lk_instance_part(const struct lk_instance *instance, const struct berval *subtree, struct berval *ret_base);

/* surroundings.c: closes the log of INSTANCE's writes to clients, and warns of syncrepl that loses changes; undoes
 * that. */
void lk_surroundings_check(struct lk_instance *instance);
void lk_surroundings_release(struct lk_instance *instance);
/* Whether what the database of INSTANCE has committed is on disk. */
bool lk_surroundings_are_durable(const struct lk_instance *instance);

/* mend.c: a write to NDN has come from another provider. And what the beat does about it. */
void lk_mend_later(struct lk_instance *instance, const struct berval *ndn);
void lk_mend(Operation *op, struct lk_instance *instance);
void lk_mend_forget(struct lk_instance *instance);

/* monitor.c: the counters of INSTANCE below cn=Monitor, where slapd has it. The first is for the beat, again and again;
 * the second for the end of the instance, with the pool paused. */
void lk_monitor_appear(struct lk_instance *instance);
void lk_monitor_disappear(struct lk_instance *instance);
/* When the module is loaded: 0, or -1. And at its end. */
int lk_monitor_setup(void);
void lk_monitor_teardown(void);

/* key-file.c: NULL, or what is wrong with the file. Free *ret_key with sodium_free(). */
const char *lk_key_file_load(const char *path, unsigned char **ret_key);

/* temporary-scheme.c */
int lk_temporary_scheme_register(void);

/* kill.c: where a test build dies, or waits; nothing in any other build. There the time above can be chosen too, and
 * LK_EXPIRY_INTERVAL. */
#ifdef LK_KILL_POINTS
void lk_kill_point(const char *operation, const char *point);
time_t lk_takeover_seconds(void);
time_t lk_expiry_interval(void);
#else
#define lk_kill_point(operation, point) ((void)0)
#define lk_takeover_seconds() LK_TAKEOVER_SECONDS
#define lk_expiry_interval() LK_EXPIRY_INTERVAL
#endif
