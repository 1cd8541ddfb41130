/* For the files of guard-undo.c: a plain write that may undo a rule, and what the rules have said of it so far. What
 * returns an int has asked the rules: LDAP_SUCCESS, or the result code with which OP is to be refused. */
#pragma once

#include "overlay.h"

struct lk_undo {
	Operation *op;
	SlapReply *rs;
	struct lk_instance *instance;
	struct lk_snapshot *snapshot;
	bool decided;
	struct lk_decision decision; /* the first that refuses, or would if its policy did not observe; else the first */
};

/* guard-undo.c: takes DECISION into account. */
int lk_undo_note(struct lk_undo *undo, const struct lk_decision *decision);
/* Whether the actor may do ACTION, which changes CHANGES; UNDER, which has a policy, governs now what would change. */
int lk_undo_ask(
	struct lk_undo *undo, const struct lk_governance *under, enum lk_action action, enum lk_changes changes);
/* Whether the actor may change the rules of POLICY, or of each policy. */
int lk_undo_ask_policy(struct lk_undo *undo, const struct lk_policy *policy, enum lk_changes changes);
int lk_undo_ask_each_policy(struct lk_undo *undo, enum lk_changes changes);
/* Asks each policy with whose role groups NDN is concerned, as CONCERN has it. */
int lk_undo_check_groups(struct lk_undo *undo, const struct berval *ndn, enum lk_concern concern);

/* guard-undo-policies.c: whether NDN is a place for policies. */
bool lk_undo_is_below_a_base(const struct berval *ndn);
/* Asks the policies at NDN, and with BELOW those under it. */
int lk_undo_check_policies(struct lk_undo *undo, const struct berval *ndn, bool below);
/* The scopes of the entry that OP, an Add, adds. */
int lk_undo_check_added(struct lk_undo *undo);
/* The scopes that MODS give OP's entry: those of a Modify, or those that come with a new name. */
int lk_undo_check_given(struct lk_undo *undo, const Modifications *mods);

/* guard-undo-moves.c: all that OP, a ModRDN, moves and names. */
int lk_undo_check_move(struct lk_undo *undo);
