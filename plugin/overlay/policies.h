/* What governs an entry: the policies in memory, and the roles of people. */
#pragma once

#include "instance.h"

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
/* The policies that stand in the database of INSTANCE, which is just opening, and those of its configuration. NULL
 * where they cannot be read. */
struct lk_snapshot *lk_snapshot_of(Operation *op, const struct lk_instance *instance);
void lk_snapshot_put(struct lk_snapshot *snapshot); /* takes NULL */
void lk_snapshot_invalidate(void);
/* A write that may change a policy begins, or is over. In between its outcome is in the tree at some moment that nobody
 * sees (slapo-accesslog, for one, takes its time after it), so each who asks reads the tree. */
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

/* group-closure.c: the groups that each role group contains, kept until any group is written. */
int lk_groups_setup(void);
void lk_groups_teardown(void);
void lk_groups_invalidate(void);
/* As lk_snapshot_changes(), for groups. */
void lk_groups_change(bool begins);

/* groups.c: the roles that MEMBER has under POLICY, nested groups included; the rootdn of BE is LK_ROLE_ROOT. */
unsigned lk_groups_roles(Operation *op, const struct lk_policy *policy, BackendDB *be, const struct berval *member);
/* Under all policies together; none where they cannot be read. */
unsigned lk_groups_roles_anywhere(Operation *op, BackendDB *be, const struct berval *member);
/* Whether the attribute lists members. */
bool lk_groups_are_in(const AttributeDescription *ad);
/* Calls VISIT with each member (normalized) of GROUPS, nested groups included, until it returns true. Who is a member
 * in two ways comes twice. */
void lk_groups_each_member(Operation *op, lk_strings groups,
	bool (*visit)(Operation *op, const struct berval *member, void *context), void *context);

/* group-concern.c: how an entry may concern the role groups of a policy and the groups found in them. The rootdn counts
 * as a member of each. */
enum lk_concern {
	LK_CONCERN_GROUP, /* it is one of them */
	LK_CONCERN_GROUP_BELOW, /* it or an entry below it is one of them */
	LK_CONCERN_GROUP_OR_MEMBER, /* it is one of them, or listed in one, whether it exists or not */
	LK_CONCERN_GROUP_OR_MEMBER_BELOW, /* it or an entry below it is, whether that exists or not */
};
bool lk_groups_concern(
	Operation *op, const struct lk_policy *policy, const struct berval *ndn, enum lk_concern concern);
/* Whether NDN is a name that the configuration trusts, or with BELOW an entry above one: the rootdn of a database, as
 * which slapd lets whoever has an entry of that name sign in where it knows no rootpw, and the overlay's readers,
 * mailers and portals. */
bool lk_groups_name_trusted(const struct berval *ndn, bool below);
